package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import org.assertj.core.api.ThrowingConsumer;
import org.charla.access.PlacedMessage;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
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
}
