package org.charla.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.junit.jupiter.api.Test;

class PlacedMessageTest {

    private static final Author ADA = new Author("ada", "Ada");
    private static final PlacedMessage SENT =
            new PlacedMessage(10, new ChannelMessage("m1", "general", ADA, "hola", 1, 2));

    @Test
    void hasItsNewestTextWhateverIsReadAgain() {
        PlacedMessage edited = SENT.after(edit(11, "one")).after(edit(13, "two"));

        assertThat(edited.message().text()).isEqualTo("two");
        assertThat(edited.edited()).contains(new PlacedMessage.Edited(5, 13));
        assertThat(edited.after(edit(11, "one")).after(edit(13, "two"))).isEqualTo(edited);
    }

    @Test
    void isNotChangedByWhatStandsInFrontOfItOrConcernsAnother() {
        assertThat(SENT.after(edit(9, "before"))).isEqualTo(SENT);
        assertThat(SENT.after(edit(10, "at the same place"))).isEqualTo(SENT);
        assertThat(SENT.after(new PlacedRecord(11, new ChannelRecord.Deletion("d", "general", ADA, "ada:m2", 1, 1))))
                .isEqualTo(SENT);
        assertThat(SENT.after(new PlacedRecord(11, SENT.message()))).isEqualTo(SENT);
    }

    @Test
    void staysDeletedWithoutTextAndReactions() {
        PlacedMessage deleted = SENT.after(edit(11, "one")).after(reaction(12, "bob", "👍")).after(new PlacedRecord(
                13, new ChannelRecord.Deletion("d", "general", new Author("mod", "Mod"), "ada:m1", 6, 1)));

        assertThat(deleted.deleted()).contains(new PlacedMessage.Deleted(6, "mod", 13));
        assertThat(deleted.message().text()).isEmpty();
        assertThat(deleted.edited()).isEmpty();
        assertThat(deleted.reactions()).isEmpty();
        assertThat(deleted.after(edit(14, "again")).after(reaction(15, "bob", "👍"))).isEqualTo(deleted);
    }

    @Test
    void keepsEachUsersNewestReactions() {
        PlacedMessage reacted = SENT.after(reaction(11, "bob", "👍")).after(reaction(12, "eve", "🎉"))
                .after(reaction(13, "bob", "👍", "🎉"));

        assertThat(reacted.reactions()).containsExactly(new PlacedMessage.Reacted("bob", List.of("👍", "🎉"), 13),
                new PlacedMessage.Reacted("eve", List.of("🎉"), 12));
        assertThat(reacted.after(reaction(11, "bob", "👍"))).isEqualTo(reacted);
        assertThat(reacted.after(reaction(14, "bob")).after(reaction(15, "eve")).reactions()).isEmpty();
    }

    @Test
    void keepsTheReactionsOfAThousandUsers() {
        PlacedMessage reacted = SENT;
        for (int user = 0; user < 1_001; user++) {
            reacted = reacted.after(reaction(11 + user, "user" + user, "👍"));
        }

        assertThat(reacted.reactions()).hasSize(1_000).extracting(PlacedMessage.Reacted::userId)
                .contains("user999").doesNotContain("user1000");
        assertThat(reacted.after(reaction(5_000, "user7", "🎉")).reactions())
                .contains(new PlacedMessage.Reacted("user7", List.of("🎉"), 5_000));
    }

    private static PlacedRecord edit(long position, String text) {
        return new PlacedRecord(position, new ChannelRecord.Edit("e", "general", ADA, "ada:m1", text, 5, 1));
    }

    private static PlacedRecord reaction(long position, String userId, String... reactions) {
        return new PlacedRecord(position, new ChannelRecord.Reaction(
                "r", "general", new Author(userId, userId), "ada:m1", List.of(reactions), 1, 1));
    }
}
