package org.charla.client.chat;

import java.util.Optional;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;

/** What has happened in a channel, to be told at its place. */
public sealed interface Item {

    long position();

    /** A message, as it stands by now. */
    record Said(PlacedMessage message) implements Item {
        @Override
        public long position() {
            return message.position();
        }
    }

    /**
     * Something that changed a message, or what holds in the channel.
     *
     * @param target the message as it stood before; empty where it isn't known here, or none was changed
     */
    record Changed(PlacedRecord change, Optional<PlacedMessage> target) implements Item {
        @Override
        public long position() {
            return change.position();
        }
    }
}
