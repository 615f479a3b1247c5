package org.charla.client.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.charla.protocol.RawEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptLineTest {

    private static final String LINE = "{\"channel\":\"ubuntu\",\"nick\":\"ada\","
            + "\"sentAt\":\"2007-09-14T12:24:21.5+02:00\",\"text\":\"hi\",\"x\":[{}]}";

    private final TranscriptLine.IdDigest digest = new TranscriptLine.IdDigest();

    @Test
    void readsALineAndIgnoresWhatItDoesNotKnow() throws Exception {
        assertThat(TranscriptLine.parse(3, LINE))
                .isEqualTo(new TranscriptLine(3, "ubuntu", "ada", 1189765461500L, "hi"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "nonsense|not a JSON object that names no member twice",
        "[1]|not a JSON object",
        "~~|not a JSON object",
        "{\"nick\":\"a\",\"nick\":\"b\"}|not a JSON object that names no member twice",
        "{\"channel\":\"c\"|not a JSON object that names no member twice",
        "{\"channel\":1}|channel is not a string",
        "{\"channel\":null}|channel is not a string",
        "{\"nick\":\"a\"}|channel is missing",
        "{\"channel\":\"c\",\"nick\":\"a\",\"sentAt\":\"2007-09-14T10:24:21Z\"}|text is missing",
        "{\"channel\":\"c\",\"nick\":\"a\",\"sentAt\":\"2007-09-14T10:24:21\",\"text\":\"x\"}"
            + "|sentAt is not an ISO 8601 time with an offset, like 2007-09-14T10:24:21Z",
        "{\"channel\":\"c\",\"nick\":\"a\",\"sentAt\":\"+999999999-01-01T00:00:00Z\",\"text\":\"x\"}"
            + "|sentAt is not an ISO 8601 time with an offset, like 2007-09-14T10:24:21Z",
        "{} {}|something follows the JSON object",
    })
    void saysWhyALineCannotBeSent(String line, String reason) {
        assertThatThrownBy(() -> TranscriptLine.parse(1, line))
                .isInstanceOf(TranscriptLine.UnfitException.class).hasMessage(reason);
    }

    @Test
    void derivesTheSameIdFromTheSameLineAndPlace() throws Exception {
        RawEvent.Message message = TranscriptLine.parse(3, LINE).toMessage(digest);

        assertThat(message).isEqualTo(TranscriptLine.parse(3, LINE).toMessage(new TranscriptLine.IdDigest()));
        assertThat(message.messageId()).matches("[A-Za-z0-9_-]{43}");
    }

    @Test
    void derivesAnotherIdWhenAnyPartDiffers() {
        assertThat(new TranscriptLine[] {
            new TranscriptLine(1, "ab", "c", 1, "d"), new TranscriptLine(1, "a", "bc", 1, "d"),
            new TranscriptLine(1, "ab", "c", 1, "e"), new TranscriptLine(1, "ab", "c", 2, "d"),
            new TranscriptLine(2, "ab", "c", 1, "d")})
                .extracting(line -> line.toMessage(digest).messageId()).doesNotHaveDuplicates();
    }

    @Test
    void namesAUserByItsNickWhateverTheLine() {
        RawEvent.Profile profile = new TranscriptLine(1, "c", "ada", 1, "x").toProfile(digest, 5);

        assertThat(profile.userId()).isEqualTo("ada");
        assertThat(profile.displayName()).isEqualTo("ada");
        assertThat(profile).isEqualTo(new TranscriptLine(9, "d", "ada", 7, "y").toProfile(digest, 5));
    }
}
