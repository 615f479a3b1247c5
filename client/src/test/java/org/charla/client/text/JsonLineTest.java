package org.charla.client.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowingConsumer;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.Wire;
import org.junit.jupiter.api.Test;

class JsonLineTest {

    @Test
    void givesBackAnyTextThatItWrote() {
        qt().forAll(AnyText.any()).checkAssert((ThrowingConsumer<String>) text -> {
            String json = JsonLine.of(fields -> fields.writeStringField("text", text));

            try (JsonParser parser = new JsonFactory().createParser(json)) {
                parser.nextToken();
                parser.nextToken();
                parser.nextToken();
                assertThat(parser.getText()).isEqualTo(text);
            }
        });
    }

    @Test
    void holdsNothingThatActsOnATerminal() {
        qt().forAll(AnyText.any()).checkAssert(text ->
                assertThat(JsonLine.of(fields -> fields.writeStringField("text", text)).codePoints())
                        .noneMatch(HarmlessText::isHarmful));
    }

    @Test
    void writesAMessageAsTheContractHasIt() {
        PlacedMessage placed = new PlacedMessage(7, new ChannelMessage("m1", "general",
                new Author("alice", "Alice"), "¡hola!\u202E\uDB40\uDC41",
                1763791200123L, 1763791200140L));

        assertThat(JsonLine.of(placed)).isEqualTo("{\"messageId\":\"m1\",\"channel\":\"general\","
                + "\"author\":{\"userId\":\"alice\",\"displayName\":\"Alice\"},"
                + "\"text\":\"¡hola!\\u202e\\udb40\\udc41\","
                + "\"sentAt\":1763791200123,\"acceptedAt\":1763791200140,\"position\":7}");
        assertThat(JsonLine.of(new PlacedMessage(7, new ChannelMessage("m1", "general",
                new Author("alice", "Alice", true), "hola", 1, 2))))
                .contains("\"author\":{\"userId\":\"alice\",\"displayName\":\"Alice\",\"verified\":true},");
    }

    @Test
    void writesAMessageAsItIsByNow() {
        ChannelMessage message = new ChannelMessage("m1", "general", new Author("alice", "Alice"), "hola",
                Optional.of("bob:m0"), 1, 2);
        PlacedMessage.Reacted reacted = new PlacedMessage.Reacted("bob", List.of("👍"), 9);

        assertThat(JsonLine.of(new PlacedMessage(7, message, Optional.of(new PlacedMessage.Edited(3, 8)), Optional.empty(),
                List.of(reacted)))).endsWith("\"text\":\"hola\",\"replyTo\":\"bob:m0\",\"sentAt\":1,\"acceptedAt\":2,"
                + "\"position\":7,\"edited\":{\"at\":3,\"position\":8},"
                + "\"reactions\":[{\"userId\":\"bob\",\"reactions\":[\"👍\"],\"position\":9}]}");
        assertThat(JsonLine.of(new PlacedMessage(7, message, Optional.empty(),
                Optional.of(new PlacedMessage.Deleted(3, "mod", 8)), List.of())))
                .endsWith("\"displayName\":\"Alice\"},\"replyTo\":\"bob:m0\",\"sentAt\":1,\"acceptedAt\":2,"
                        + "\"position\":7,\"deleted\":{\"at\":3,\"by\":\"mod\",\"position\":8}}");
    }

    @Test
    void writesEachRecordAsItStandsInItsTopicWithItsPosition() throws Exception {
        Author alice = new Author("alice", "Alice", true);
        for (ChannelRecord record : List.of(
                new ChannelMessage("m1", "general", alice, "hola", Optional.of("bob:m0"), 1, 2),
                new ChannelRecord.Edit("e1", "general", alice, "alice:m1", "adiós", 1, 2),
                new ChannelRecord.Deletion("d1", "general", alice, "bob:m0", 1, 2),
                new ChannelRecord.Reaction("r1", "general", alice, "bob:m0", List.of("👍"), 1, 2),
                new ChannelRecord.Rule("u1", "general", alice, ChannelRule.MUTE, "eve", OptionalLong.of(9), 1, 2))) {
            String json = JsonLine.of(new PlacedRecord(7, record));

            assertThat(Wire.readChannelRecord(json.getBytes(UTF_8))).contains(record);
            assertThat(json).endsWith(",\"position\":7}");
        }
    }

    @Test
    void writesWhatHoldsInAChannelAsItStandsInItsTopic() throws Exception {
        ChannelRules rules = new ChannelRules("general", "Al\u202El", Optional.of("ada"), List.of("bob"),
                ChannelRules.Posting.VERIFIED, 30, List.of(new ChannelRules.Mute("eve", OptionalLong.of(9)),
                        new ChannelRules.Mute("mal", OptionalLong.empty())), 5);

        assertThat(Wire.readChannelRules(JsonLine.of(rules).getBytes(UTF_8))).isEqualTo(rules);
    }
}
