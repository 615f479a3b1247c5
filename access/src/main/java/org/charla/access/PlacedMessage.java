package org.charla.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;

/**
 * A message as it is by now, and its place in its channel.
 *
 * @param position the offset in the channel's topic: increasing, not consecutive
 * @param message with its newest text; where it is deleted, with none
 * @param edited empty where the text is the first one
 * @param deleted empty where the message is there
 * @param reactions of each user that has some on it; none where it is deleted
 */
public record PlacedMessage(long position, ChannelMessage message, Optional<Edited> edited, Optional<Deleted> deleted,
        List<Reacted> reactions) {

    /** What a text begins with that tells what its author does, as people are used to from IRC. */
    public static final String ACTION = "/me ";

    /** How many users' reactions a message keeps. */
    private static final int MAX_REACTED = 1_000;

    /**
     * The newest text's coming.
     *
     * @param at when the client says that it was sent, in epoch milliseconds
     */
    public record Edited(long at, long position) {
    }

    /**
     * The message's end.
     *
     * @param at when the client says that it was sent, in epoch milliseconds
     * @param by the user id of who deleted it
     */
    public record Deleted(long at, String by, long position) {
    }

    /** What a user thinks of the message. */
    public record Reacted(String userId, List<String> reactions, long position) {

        public Reacted {
            reactions = List.copyOf(reactions);
        }
    }

    public PlacedMessage {
        reactions = List.copyOf(reactions);
    }

    /** One that nothing has changed. */
    public PlacedMessage(long position, ChannelMessage message) {
        this(position, message, Optional.empty(), Optional.empty(), List.of());
    }

    /** Whether the author does something rather than says it. */
    public boolean isAction() {
        return message.text().startsWith(ACTION);
    }

    /** What is said, or done. */
    public String said() {
        return isAction() ? message.text().substring(ACTION.length()) : message.text();
    }

    /**
     * What a record of the channel makes of the message, as the sink does: nothing where it concerns another, where
     * something behind it in the channel has had its effect, or where the message is deleted.
     */
    public PlacedMessage after(PlacedRecord change) {
        if (deleted.isPresent() || change.position() <= position) {
            return this;
        }
        ChannelRecord record = change.record();
        if (record instanceof ChannelRecord.Edit edit && isMeant(edit.target())) {
            return edited.filter(last -> last.position() >= change.position()).isPresent() ? this
                    : new PlacedMessage(position, withText(edit.text()),
                            Optional.of(new Edited(edit.sentAt(), change.position())), deleted, reactions);
        }
        if (record instanceof ChannelRecord.Deletion deletion && isMeant(deletion.target())) {
            return new PlacedMessage(position, withText(""), Optional.empty(),
                    Optional.of(new Deleted(deletion.sentAt(), deletion.author().userId(), change.position())), List.of());
        }
        if (record instanceof ChannelRecord.Reaction reaction && isMeant(reaction.target())) {
            return new PlacedMessage(position, message, edited, deleted, reactionsAfter(reaction, change.position()));
        }
        return this;
    }

    private boolean isMeant(String target) {
        return target.equals(message.id());
    }

    private ChannelMessage withText(String text) {
        return new ChannelMessage(message.messageId(), message.channel(), message.author(), text, message.replyTo(),
                message.sentAt(), message.acceptedAt());
    }

    private List<Reacted> reactionsAfter(ChannelRecord.Reaction reaction, long changedAt) {
        Reacted newest = new Reacted(reaction.author().userId(), reaction.reactions(), changedAt);
        List<Reacted> after = new ArrayList<>(reactions);
        int index = 0;
        while (index < after.size() && !after.get(index).userId().equals(newest.userId())) {
            index++;
        }
        if (index < after.size()) {
            if (after.get(index).position() < changedAt) {
                after.set(index, newest);
            }
        } else if (after.size() < MAX_REACTED) {
            after.add(newest);
        }
        after.removeIf(reacted -> reacted.reactions().isEmpty());
        return after;
    }
}
