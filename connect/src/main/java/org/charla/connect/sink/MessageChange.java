package org.charla.connect.sink;

import java.util.List;
import org.apache.kafka.connect.errors.DataException;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.Emoji;
import org.charla.protocol.EventRules;
import org.charla.protocol.MessageRef;

/** What a record of a channel changes in the document of a message, if that stood before it and is not deleted. */
public sealed interface MessageChange {

    /** The message's {@code _id}. */
    String target();

    /** The position of the record in its channel, or its offset where that is not known yet. */
    long position();

    /** The same so many positions further on. */
    MessageChange behind(long base);

    /**
     * The author's newest text.
     *
     * @param at when the author says that it was, in epoch milliseconds
     */
    record Edit(String target, String text, long at, long position) implements MessageChange {

        @Override
        public Edit behind(long base) {
            return new Edit(target, text, at, base + position);
        }
    }

    /**
     * Nothing is to be left of it but its place.
     *
     * @param at when the one who deleted says that it was, in epoch milliseconds
     */
    record Deletion(String target, String by, long at, long position) implements MessageChange {

        @Override
        public Deletion behind(long base) {
            return new Deletion(target, by, at, base + position);
        }
    }

    /**
     * What a user thinks of it.
     *
     * @param reactions all of this user's from then on; none where they are taken back
     */
    record Reaction(String target, String userId, List<String> reactions, long position) implements MessageChange {

        @Override
        public Reaction behind(long base) {
            return new Reaction(target, userId, reactions, base + position);
        }
    }

    /**
     * Whatever comes of it is bounded, so that a document can't outgrow what MongoDB takes.
     *
     * @param record neither a message nor a rule
     * @throws DataException if it is beyond the contract, or what readers can't hold
     */
    static MessageChange of(ChannelRecord record, long position) {
        String author = record.author().userId();
        if (!EventRules.isUserId(author)) {
            throw new DataException("author.userId is no user's id");
        }
        if (record instanceof ChannelRecord.Edit edit) {
            MessageRef target = ref(edit.target());
            if (!target.userId().equals(author)) {
                throw new DataException("the message that it edits is another's");
            }
            return new Edit(target.toString(), ReadableValue.text("text", edit.text()), date(record), position);
        }
        if (record instanceof ChannelRecord.Deletion deletion) {
            return new Deletion(ref(deletion.target()).toString(), author, date(record), position);
        }
        if (record instanceof ChannelRecord.Reaction reaction) {
            return new Reaction(ref(reaction.target()).toString(), author, bounded(reaction.reactions()), position);
        }
        throw new IllegalArgumentException(record.type() + " changes no message");
    }

    private static MessageRef ref(String target) {
        return MessageRef.parse(target).orElseThrow(() -> new DataException("the target is no <userId>:<messageId>"));
    }

    private static long date(ChannelRecord record) {
        return ReadableValue.date("sentAt", record.sentAt());
    }

    private static List<String> bounded(List<String> reactions) {
        if (reactions.size() > EventRules.MAX_REACTIONS) {
            throw new DataException("there are more than " + EventRules.MAX_REACTIONS + " reactions");
        }
        if (reactions.stream().anyMatch(one -> one.codePointCount(0, one.length()) > Emoji.MAX_LENGTH)) {
            throw new DataException("a reaction has more than " + Emoji.MAX_LENGTH + " code points");
        }
        return ReadableValue.texts("reactions", reactions);
    }
}
