package org.charla.client.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quicktheories.core.Gen;

class LinesTest {

    @Test
    void splitsAsAnEditorDoesWhateverThePiecesItIsRead() {
        Gen<List<String>> lines = lists().of(AnyText.letters()).ofSizes(
                integers().between(0, 255).map((a, b) -> a * b / 255));

        qt().forAll(lines).checkAssert((ThrowingConsumer<List<String>>) LinesTest::assertSplit);
    }

    private static void assertSplit(List<String> lines) throws IOException {
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        InputStream inPieces = new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 7));
            }
        };

        assertThat(read(inPieces)).extracting(Lines.Line::text)
                .isEqualTo(lines.isEmpty() ? List.of("") : lines);
    }

    @Test
    void numbersLinesFrom1AndTakesALastOneWithoutItsEnd() throws IOException {
        assertThat(read("uno\r\n\ndos")).containsExactly(
                new Lines.Line(1, "uno", null), new Lines.Line(2, "", null), new Lines.Line(3, "dos", null));
    }

    @Test
    void findsNoLineInNothing() throws IOException {
        assertThat(read("")).isEmpty();
    }

    @Test
    void reportsALineThatIsNotUtf8AndGoesOn() throws IOException {
        assertThat(read(new ByteArrayInputStream(new byte[] {(byte) 0xFF, '\n', 'a'}))).containsExactly(
                new Lines.Line(1, null, "the line is not UTF-8"), new Lines.Line(2, "a", null));
    }

    @Test
    void leavesOutAByteOrderMarkAtTheBeginningAlone() throws IOException {
        assertThat(read("\uFEFFuno\n\uFEFFdos")).containsExactly(
                new Lines.Line(1, "uno", null), new Lines.Line(2, "\uFEFFdos", null));
        assertThat(read("\uFEFF")).containsExactly(new Lines.Line(1, "", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE"})
    void saysOfWhichEncodingATextIsThatItCannotRead(String encoding) {
        assertThatThrownBy(() -> read(new ByteArrayInputStream("\uFEFFuno\ndos".getBytes(encoding))))
                .isInstanceOf(CharConversionException.class).hasMessageContaining("UTF-16");
    }

    @Test
    void handsOutAShortFirstLineBeforeMoreCame() throws IOException {
        PipedOutputStream writer = new PipedOutputStream();
        Lines lines = new Lines(new PipedInputStream(writer));
        writer.write("a\n".getBytes(UTF_8));
        writer.flush();

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> assertThat(lines.next().text()).isEqualTo("a"));
    }

    @Test
    void takesTheLongestLineWithItsCarriageReturn() throws IOException {
        String longest = "x".repeat(Lines.MAX_BYTES);

        assertThat(read(longest + "\r\nnext")).extracting(Lines.Line::text).containsExactly(longest, "next");
    }

    @Test
    void reportsALineThatIsTooLongWithoutKeepingIt() throws IOException {
        assertThat(read("x".repeat(3 * Lines.MAX_BYTES) + "\nnext")).containsExactly(
                new Lines.Line(1, null, "the line has more than 1048576 bytes"), new Lines.Line(2, "next", null));
        assertThat(read("x".repeat(Lines.MAX_BYTES + 1))).extracting(Lines.Line::problem).doesNotContainNull();
    }

    private static List<Lines.Line> read(String text) throws IOException {
        return read(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    private static List<Lines.Line> read(InputStream in) throws IOException {
        Lines lines = new Lines(in);
        List<Lines.Line> read = new ArrayList<>();
        for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
            read.add(line);
        }
        return read;
    }
}
