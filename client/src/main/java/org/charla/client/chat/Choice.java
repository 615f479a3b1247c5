package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.client.text.Alike;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.RawEvent;

/**
 * Which message is meant by what the person does. It is meant from the moment on in which it is chosen, whatever comes
 * after it; and it stands as it will when all has come back that the person did to it.
 */
final class Choice {

    /** Where what has not come back will stand: behind all that has. */
    private static final long FUTURE = Long.MAX_VALUE - 2L * Outbox.CAPACITY;

    private final OpenChannels open;
    private final Outgoing outgoing;
    private final Person person;

    private PlacedMessage chosen;

    Choice(OpenChannels open, Outgoing outgoing, Person person) {
        this.open = open;
        this.outgoing = outgoing;
        this.person = person;
    }

    /** The message of the current channel that is chosen. */
    Optional<PlacedMessage> chosen() {
        return Optional.ofNullable(chosen).filter(placed -> open.current() != null
                && placed.message().channel().equals(open.current().name())).map(this::asItStands);
    }

    void choose(PlacedMessage placed) {
        chosen = placed;
        attend(placed);
    }

    /** What becomes of this message is taken note of from now on, however much comes behind it. */
    void attend(PlacedMessage placed) {
        Optional.ofNullable(open.get(placed.message().channel()))
                .ifPresent(channel -> channel.known().quote(List.of(placed)));
    }

    void clear() {
        chosen = null;
    }

    /** Chooses a message so many further down, or up where they are less than 0; from the last one that was shown. */
    void step(int steps) {
        OpenChannel channel = open.current();
        Optional<PlacedMessage> from = chosen();
        if (channel == null || from.isEmpty() && steps > 0) {
            clear();
            return;
        }
        NavigableMap<Long, PlacedMessage> all = channel.known().all();
        long place = from.map(PlacedMessage::position).orElse(channel.bottom());
        List<PlacedMessage> further = new ArrayList<>((steps > 0 ? all.tailMap(place, false)
                : all.headMap(place, from.isEmpty()).descendingMap()).values());
        if (further.size() >= Math.abs(steps)) {
            choose(further.get(Math.abs(steps) - 1));
        } else if (steps > 0) {
            clear();
        }
    }

    /** Chooses the last message with a text in it, or whose author's name has it. False where there is none. */
    boolean find(String text) {
        String sought = Alike.folded(text);
        Optional<PlacedMessage> found = open.current().known().all().descendingMap().values().stream()
                .filter(placed -> Alike.folded(placed.message().text()).contains(sought)
                        || Alike.folded(placed.message().author().displayName()).contains(sought)).findFirst();
        found.ifPresent(this::choose);
        return found.isPresent();
    }

    /** The person's last message in the current channel, on its way or there. */
    Optional<PlacedMessage> ownLast() {
        List<PlacedMessage> own = new ArrayList<>(open.current().known().all().values());
        future(open.current().name()).forEach(placed -> placed.message().ifPresent(own::add));
        Collections.reverse(own);
        return own.stream().filter(person::wrote).map(this::asItStands)
                .filter(placed -> placed.deleted().isEmpty()).findFirst();
    }

    /** The last message of somebody else that was shown of the current channel. */
    Optional<PlacedMessage> lastOfOthers() {
        return open.current().known().all().headMap(open.current().bottom(), true).descendingMap().values().stream()
                .filter(placed -> !person.wrote(placed)).findFirst();
    }

    /** Whether its channel is open still. */
    boolean isOpen(PlacedMessage placed) {
        return open.get(placed.message().channel()) != null;
    }

    /** Whether it was on its way when it was chosen, and was refused. */
    boolean isGone(PlacedMessage placed) {
        return person.wrote(placed) && outgoing.wasRefused(placed.message().messageId());
    }

    PlacedMessage asItStands(PlacedMessage placed) {
        PlacedMessage stands = known(placed).orElse(placed);
        for (PlacedRecord change : future(placed.message().channel())) {
            stands = stands.after(change);
        }
        return stands;
    }

    private Optional<PlacedMessage> known(PlacedMessage placed) {
        return Optional.ofNullable(open.get(placed.message().channel()))
                .flatMap(channel -> channel.known().find(placed.message().id()));
    }

    /** What has not come back, as it will stand in the channel. */
    private List<PlacedRecord> future(String channel) {
        List<PlacedRecord> future = new ArrayList<>();
        outgoing.pending().stream().map(StatusLine.Pending::event).filter(event -> event.channel().equals(channel))
                .forEach(event -> record(event)
                        .ifPresent(record -> future.add(new PlacedRecord(FUTURE + future.size(), record))));
        return future;
    }

    /** Messages, and what changes their texts. */
    private Optional<ChannelRecord> record(RawEvent.InChannel event) {
        Author me = new Author(person.userId(), person.displayName(), true);
        long at = event.sentAt();
        if (event instanceof RawEvent.Message message) {
            return Optional.of(new ChannelMessage(message.messageId(), message.channel(), me, message.text(),
                    message.replyTo(), at, at));
        } else if (event instanceof RawEvent.Edit edit) {
            return Optional.of(new ChannelRecord.Edit(
                    edit.messageId(), edit.channel(), me, edit.target(), edit.text(), at, at));
        }
        return event instanceof RawEvent.Deletion deletion ? Optional.of(new ChannelRecord.Deletion(
                deletion.messageId(), deletion.channel(), me, deletion.target(), at, at)) : Optional.empty();
    }
}
