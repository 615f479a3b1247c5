package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
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

    @Test
    void saysOfAMessageThatItWasEditedOrDeletedWhereNoTextCanSayIt() {
        PlacedMessage sent = message("Al<ice>", "hola (edited)", 0);

        assertThat(text.of(sent.after(new PlacedRecord(1, edit("adiós")))))
                .isEqualTo("1970-01-01 01:00:00 (edited) <Al‹ice›> adiós");
        assertThat(text.of(sent.after(deletion(1, "alice")))).isEqualTo("1970-01-01 01:00:00 (deleted) <Al‹ice›>");
        assertThat(text.of(sent.after(deletion(1, "mo<d")))).isEqualTo("1970-01-01 01:00:00 (deleted by mo‹d) <Al‹ice›>");
    }

    @Test
    void quotesALittleOfWhatIsAnsweredAndCountsReactions() {
        PlacedMessage long1 = message("Ada", "one\ntwo " + "👍".repeat(50), 0);
        PlacedMessage answer = new PlacedMessage(5, new ChannelMessage("m2", "general", new Author("bob", "Bob", true), "sí",
                Optional.of("alice:m1"), 0, 0), Optional.empty(), Optional.empty(), List.of(
                new PlacedMessage.Reacted("eve", List.of("👍", "🎉"), 6), new PlacedMessage.Reacted("ada", List.of("🎉"), 7)));

        assertThat(text.lines(answer, id -> Optional.of(long1).filter(placed -> placed.message().id().equals(id))))
                .satisfiesExactly(
                        quote -> assertThat(quote).startsWith("                    > 1970-01-01 01:00:00 <Ada> one␊two 👍")
                                .endsWith("👍…").hasSizeLessThan(130),
                        line -> assertThat(line).isEqualTo("1970-01-01 01:00:00 <Bob> sí"),
                        reactions -> assertThat(reactions).isEqualTo("                    + 🎉 2  👍 1"));
        assertThat(text.lines(answer, id -> Optional.empty())).first().isEqualTo("                    > alice:m1");
    }

    @Test
    void showsWhatChangesAMessageBehindALittleOfIt() {
        Author bob = new Author("bob", "Bob", true);
        Function<String, Optional<PlacedMessage>> known = id -> Optional.of(message("Ada", "hola", 0));
        String quote = "                    > 1970-01-01 01:00:00 <Ada> hola";

        assertThat(text.lines(new PlacedRecord(1, edit("ho\033la")), known))
                .containsExactly(quote, "1970-01-01 01:00:00 (edit) ?<Alice> ho␛la");
        assertThat(text.lines(deletion(1, "mod"), known))
                .containsExactly("                    > 1970-01-01 01:00:00 (deleted by mod) <Ada>",
                        "1970-01-01 01:00:00 (deletion) ?<mod>");
        assertThat(text.lines(new PlacedRecord(1, new ChannelRecord.Reaction(
                "r", "general", bob, "alice:m1", List.of("👍", "🎉"), 0, 0)), known))
                .containsExactly(quote, "1970-01-01 01:00:00 (reaction) <Bob> 👍 🎉");
        assertThat(text.lines(new PlacedRecord(1, new ChannelRecord.Reaction(
                "r", "general", bob, "alice:m1", List.of(), 0, 0)), known))
                .containsExactly(quote, "1970-01-01 01:00:00 (reaction) <Bob> none any more");
        assertThat(text.lines(new PlacedRecord(1, new ChannelRecord.Rule("u", "general", bob, ChannelRule.MUTE, "e\nve",
                OptionalLong.of(60_000), 0, 0)), known))
                .containsExactly("1970-01-01 01:00:00 (rule) <Bob> mute e␊ve until 1970-01-01 01:01:00");
    }

    private static ChannelRecord.Edit edit(String newText) {
        return new ChannelRecord.Edit("e", "general", new Author("alice", "Alice"), "alice:m1", newText, 0, 0);
    }

    private static PlacedRecord deletion(long position, String by) {
        return new PlacedRecord(position,
                new ChannelRecord.Deletion("d", "general", new Author(by, by), "alice:m1", 0, 0));
    }

    private static PlacedMessage message(String displayName, String text, long sentAt) {
        return new PlacedMessage(0, new ChannelMessage(
                "m1", "general", new Author("alice", displayName, true), text, sentAt, sentAt));
    }
}
