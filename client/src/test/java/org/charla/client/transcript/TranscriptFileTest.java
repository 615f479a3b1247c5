package org.charla.client.transcript;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.charla.client.terminal.Console;
import org.charla.client.text.Lines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptFileTest {

    @TempDir
    private Path folder;

    @Test
    void leavesOutAByteOrderMarkPlainOrZipped() throws Exception {
        byte[] text = "\uFEFFone\ntwo \uFEFF".getBytes(UTF_8);

        assertThat(read(Files.write(folder.resolve("plain"), text))).containsExactly("one", "two \uFEFF");
        assertThat(read(Files.write(folder.resolve("zipped"), gzip(text)))).containsExactly("one", "two \uFEFF");
    }

    @Test
    void saysWhatToDoAboutAnotherEncoding() throws IOException {
        Path file = Files.write(folder.resolve("file"), "one\ntwo".getBytes(UTF_16));

        assertThatThrownBy(() -> read(file)).isInstanceOf(IOException.class).hasMessageContaining("iconv -f UTF-16");
    }

    @Test
    void readsFromAPipeWhateverItsNameSays() throws Exception {
        assertThat(readFromPipe("one\ntwo\n".getBytes(UTF_8))).containsExactly("one", "two");
        assertThat(readFromPipe(gzip("one\ntwo\n".getBytes(UTF_8)))).containsExactly("one", "two");
    }

    @Test
    void waitsForEachMemberOfAZippedFileThatComesThroughAPipe() throws Exception {
        InputStream slow = new SequenceInputStream(Collections.enumeration(List.of(
                new NotYet(gzip("one\n".getBytes(UTF_8))), new NotYet(gzip("two\n".getBytes(UTF_8))),
                new NotYet(gzip("three".getBytes(UTF_8))))));

        assertThat(read(TranscriptFile.open(TranscriptFile.STANDARD_INPUT, console(slow))))
                .containsExactly("one", "two", "three");
    }

    @Test
    void saysThatWhatFollowsAZippedFileIsNot() throws Exception {
        byte[] zipped = gzip("one\n".getBytes(UTF_8));
        for (String behind : List.of("x", "two\n", "two\n".repeat(50), "two\n".repeat(100_000))) {
            byte[] all = concat(zipped, behind.getBytes(UTF_8));
            for (int split : new int[] {zipped.length - 8, zipped.length - 3, zipped.length, zipped.length + 1}) {
                TranscriptFile file = TranscriptFile.open(TranscriptFile.STANDARD_INPUT, console(new SequenceInputStream(
                        new NotYet(Arrays.copyOf(all, split)),
                        new NotYet(Arrays.copyOfRange(all, split, all.length)))));

                assertThat(file.next().text()).isEqualTo("one");
                assertThatThrownBy(file::next).isInstanceOf(IOException.class)
                        .hasMessage("what follows is not gzip");
            }
        }
    }

    /** What comes when it is read, and not before. */
    private static final class NotYet extends ByteArrayInputStream {

        NotYet(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int available() {
            return 0;
        }
    }

    private List<String> readFromPipe(byte[] bytes) throws Exception {
        Path pipe = folder.resolve("pipe.txt");
        if (!Files.exists(pipe)) {
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        }
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                Files.write(pipe, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        List<String> lines = read(pipe);
        writer.join();
        return lines;
    }

    private static List<String> read(Path path) throws IOException {
        return read(TranscriptFile.open(path, console(InputStream.nullInputStream())));
    }

    private static List<String> read(TranscriptFile transcript) throws IOException {
        List<String> lines = new ArrayList<>();
        try (TranscriptFile file = transcript) {
            for (Lines.Line line = file.next(); line != null; line = file.next()) {
                lines.add(line.text());
            }
        }
        return lines;
    }

    @Test
    void saysOfWhatIsCutShortThatItIs() throws IOException {
        byte[] zipped = gzip("one\ntwo\n".getBytes(UTF_8));
        for (int length : new int[] {2, 9, 10, 12, zipped.length - 1}) {
            assertThatThrownBy(() -> {
                TranscriptFile file = TranscriptFile.open(TranscriptFile.STANDARD_INPUT,
                        console(new ByteArrayInputStream(Arrays.copyOf(zipped, length))));
                file.next();
                file.next();
                file.next();
            }).as("of %s bytes", length).hasMessage("it ends in the middle of what is compressed");
        }
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text);
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Console console(InputStream in) {
        return new Console(in, new ByteArrayOutputStream(),
                new ByteArrayOutputStream(), false, false, false);
    }
}
