package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import org.charla.access.PlacedMessage;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.junit.jupiter.api.Test;

class MessageTextTest {

    private final MessageText text = new MessageText(ZoneId.of("Europe/Madrid"));

    @Test
    void showsTheTimeInTheReadersZone() {
        assertThat(text.of(message("Alice", "hola", 1763791200123L))).isEqualTo("2025-11-22 07:00:00 <Alice> hola");
    }

    @Test
    void makesNamesAndTextsHarmless() {
        assertThat(text.of(message("Al\nice", "ho\033la", 0))).isEqualTo("1970-01-01 01:00:00 <Al␊ice> ho␛la");
    }

    @Test
    void showsATimeThatNoCalendarGoesBackTo() {
        assertThat(text.of(message("Alice", "hola", Long.MIN_VALUE))).isEqualTo("long ago <Alice> hola");
    }

    @Test
    void dropsTheFormattingOfIrcFromTextsAlone() {
        assertThat(text.of(message("A\u0002da", "\u0002bold\u000F \u000304,01red", 0)))
                .isEqualTo("1970-01-01 01:00:00 <A␂da> bold red");
    }

    @Test
    void showsWhatSomebodyDoes() {
        assertThat(text.of(message("Ada", "/me waves", 0))).isEqualTo("1970-01-01 01:00:00 * Ada waves");
        assertThat(text.of(message("Ada", "/menu", 0))).endsWith("<Ada> /menu");
    }

    @Test
    void marksWhoeverDidNotSignOutsideOfTheName() {
        Author anybody = new Author("alice", "Al<ice>");
        assertThat(text.of(new PlacedMessage(0, new ChannelMessage("m1", "general", anybody, "hi", 0, 0))))
                .isEqualTo("1970-01-01 01:00:00 ?<Al‹ice›> hi");
        assertThat(text.of(new PlacedMessage(0, new ChannelMessage("m1", "general", anybody, "/me waves", 0, 0))))
                .isEqualTo("1970-01-01 01:00:00 ?* Al‹ice› waves");
    }

    private static PlacedMessage message(String displayName, String text, long sentAt) {
        return new PlacedMessage(0, new ChannelMessage(
                "m1", "general", new Author("alice", displayName, true), text, sentAt, sentAt));
    }
}
