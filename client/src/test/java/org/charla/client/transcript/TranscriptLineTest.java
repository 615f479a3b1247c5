package org.charla.client.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
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
        assertThat(TranscriptLine.parse(3, LINE)).contains(line(3, "ubuntu", "ada", 1189765461500L, "hi"));
    }

    @Test
    void readsWhatAnExportSaysOfAMessage() throws Exception {
        assertThat(TranscriptLine.parse(1, """
                {"channel":"c","nick":"ada","displayName":"Ada","sentAt":"2007-09-14T10:24:21Z","text":"x","messageId":"m1",\
                "replyTo":"bob:m0","editedAt":"2007-09-14T10:25:00Z","reactions":[{"nick":"bob","reactions":["👍","🎉"]},\
                {"nick":"eve","displayName":"Eve","reactions":["👍"],"since":1}]}"""))
                .contains(new TranscriptLine(1, "c", "ada", Optional.of("Ada"), 1189765461000L, Optional.of("x"),
                        Optional.of("m1"), Optional.of("bob:m0"), OptionalLong.of(1189765500000L), List.of(
                                new TranscriptLine.Reacted("bob", Optional.empty(), List.of("👍", "🎉")),
                                new TranscriptLine.Reacted("eve", Optional.of("Eve"), List.of("👍"))), Optional.empty()));
        assertThat(TranscriptLine.parse(1, """
                {"channel":"c","nick":"ada","sentAt":"2007-09-14T10:24:21Z","deletedBy":"mod",\
                "deletedAt":"2007-09-14T10:25:00Z"}""").orElseThrow().deleted())
                .contains(new TranscriptLine.Deleted("mod", 1189765500000L));
    }

    @Test
    void knowsWhereATranscriptOfItsVersionBegins() throws Exception {
        assertThat(TranscriptLine.parse(1, TranscriptLine.HEADER)).isEmpty();
        assertThat(TranscriptLine.parse(1, LINE.replace("\"x\"", "\"version\""))).isPresent();
        for (String other : List.of("{\"charla\":\"transcript\",\"version\":2}", "{\"charla\":\"transcript\"}",
                "{\"charla\":\"backup\",\"version\":1}", "{\"charla\":\"transcript\",\"version\":[1]}")) {
            assertThatThrownBy(() -> TranscriptLine.parse(1, other)).hasMessageStartingWith("a transcript of another version")
                    .isInstanceOfSatisfying(TranscriptLine.UnfitException.class, e -> assertThat(e.isAboutAll()).isTrue());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "\"messageId\":1|messageId is not a string",
        "\"replyTo\":null|replyTo is not a string",
        "\"displayName\":{}|displayName is not a string",
        "\"editedAt\":\"noon\"|editedAt is not an ISO 8601 time with an offset, like 2007-09-14T10:24:21Z",
        "\"reactions\":{}|reactions is not a list",
        "\"reactions\":[\"👍\"]|reactions[0] is not an object",
        "\"reactions\":[{\"nick\":\"bob\",\"reactions\":[]},{\"reactions\":[]}]|reactions[1].nick is missing",
        "\"reactions\":[{\"nick\":\"bob\"}]|reactions[0].reactions is missing",
        "\"reactions\":[{\"nick\":\"bob\",\"reactions\":[7]}]|reactions[0].reactions[0] is not a string",
        "\"deletedBy\":\"mod\"|deletedAt is missing",
        "\"deletedAt\":\"2007-09-14T10:25:00Z\"|deletedBy is missing beside deletedAt",
    })
    void saysWhichOptionalMemberIsWrong(String member, String reason) {
        assertThatThrownBy(() -> TranscriptLine.parse(1, LINE.replace("\"x\":[{}]", member)))
                .isInstanceOf(TranscriptLine.UnfitException.class).hasMessage(reason);
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
        RawEvent.Message message = TranscriptLine.parse(3, LINE).orElseThrow().toMessage(digest);

        assertThat(message)
                .isEqualTo(TranscriptLine.parse(3, LINE).orElseThrow().toMessage(new TranscriptLine.IdDigest()));
        assertThat(message.messageId()).matches("[A-Za-z0-9_-]{43}");
    }

    @Test
    void derivesAnotherIdWhenAnyPartDiffers() {
        assertThat(new TranscriptLine[] {line(1, "ab", "c", 1, "d"), line(1, "a", "bc", 1, "d"), line(1, "ab", "c", 1, "e"),
            line(1, "ab", "c", 2, "d"), line(2, "ab", "c", 1, "d")})
                .extracting(line -> line.toMessage(digest).messageId()).doesNotHaveDuplicates();
    }

    @Test
    void makesOfALineTheMessageAndWhatChangedIt() throws Exception {
        TranscriptLine line = TranscriptLine.parse(1, """
                {"channel":"c","nick":"ada","sentAt":"1970-01-01T00:00:01Z","text":"x","messageId":"m1","replyTo":"bob:m0",\
                "editedAt":"1970-01-01T00:00:02Z","reactions":[{"nick":"bob","reactions":["👍"]}]}""").orElseThrow();
        RawEvent.Message message = line.toMessage(digest);

        assertThat(message).isEqualTo(new RawEvent.Message("m1", "ada", "c", "x", Optional.of("bob:m0"), 1_000));
        List<RawEvent.InChannel> changes = line.toChanges(message, digest);
        assertThat(changes).isEqualTo(line.toChanges(message, new TranscriptLine.IdDigest()));
        assertThat(changes).containsExactly(
                new RawEvent.Edit(changes.get(0).messageId(), "ada", "c", "ada:m1", "x", 2_000),
                new RawEvent.Reaction(changes.get(1).messageId(), "bob", "c", "ada:m1", List.of("👍"), 1_000));
    }

    @Test
    void makesOfADeletedMessageOneThatIsThereUntilItIsDeleted() throws Exception {
        TranscriptLine line = TranscriptLine.parse(1, """
                {"channel":"c","nick":"ada","sentAt":"1970-01-01T00:00:01Z","messageId":"m1","deletedBy":"mod",\
                "deletedAt":"1970-01-01T00:00:02Z"}""").orElseThrow();
        RawEvent.Message message = line.toMessage(digest);

        assertThat(EventRules.judge(message, 1_000)).isInstanceOf(Judgement.Accepted.class);
        List<RawEvent.InChannel> changes = line.toChanges(message, digest);
        assertThat(changes).containsExactly(
                new RawEvent.Deletion(changes.get(0).messageId(), "mod", "c", "ada:m1", 2_000));
    }

    private static TranscriptLine line(long number, String channel, String nick, long sentAt, String text) {
        return new TranscriptLine(number, channel, nick, Optional.empty(), sentAt, Optional.of(text), Optional.empty(),
                Optional.empty(), OptionalLong.empty(), List.of(), Optional.empty());
    }
}
