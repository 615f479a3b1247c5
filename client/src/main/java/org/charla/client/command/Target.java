package org.charla.client.command;

import java.util.regex.Pattern;
import org.charla.access.Archive;
import org.charla.access.Store;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.MessageRef;
import org.charla.protocol.Topics;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A message of a channel as the command line names it: by its id, {@code <userId>:<messageId>}, or its position. */
interface Target {

    /**
     * The message's id.
     *
     * @throws CommandFailure if there is no such message; of an id that is not asked
     * @throws org.charla.access.AccessFailure if a position can't be looked up
     */
    String in(String channel, Settings settings);

    /** Reads one from the command line. */
    final class Converter implements ITypeConverter<Target> {

        private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

        @Override
        public Target convert(String text) {
            if (POSITION.matcher(text).matches()) {
                long position = Long.parseLong(text);
                return (channel, settings) -> idAt(position, channel, settings);
            }
            String id = MessageRef.parse(text).map(MessageRef::toString)
                    .orElseThrow(() -> new TypeConversionException("it is <userId>:<messageId>, or a position"));
            return (channel, settings) -> id;
        }

        private static String idAt(long position, String channel, Settings settings) {
            if (!Topics.isChannelName(channel)) {
                throw new CommandFailure("there is no channel #" + channel);
            }
            try (Store store = settings.store();
                    Archive archive = new Archive(store, settings.kafkaAccess(), (where, why) -> { })) {
                return archive.at(channel, position).map(placed -> placed.message().id()).orElseThrow(() ->
                        new CommandFailure("there is no message at position " + position + " of #" + channel
                                + ": history --json shows the positions"));
            }
        }
    }
}
