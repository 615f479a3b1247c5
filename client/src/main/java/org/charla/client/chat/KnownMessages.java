package org.charla.client.chat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.MessageRef;

/**
 * The messages of a channel that are known here, each as it stands by the last change that was heard of: the newest
 * ones, those of the page that was shown last, and those that were answered or chosen. Bounded, however long the
 * channel is open.
 */
final class KnownMessages {

    /** How many messages are kept for when the channel is shown again, and how many characters in all. */
    private static final int KEPT = 200;
    private static final int KEPT_CHARACTERS = 100_000;
    /**
     * How many changes are kept, and as many characters as of messages: for pages that don't have them yet, and for
     * when the channel is shown again.
     */
    private static final int KEPT_CHANGES = 200;
    private static final int KEPT_ANSWERED = 1_000;
    private static final int KEPT_ANSWERED_CHARACTERS = 400_000;

    private final NavigableMap<Long, PlacedMessage> recent = new TreeMap<>();
    private int recentCharacters;
    private final NavigableMap<Long, PlacedMessage> page = new TreeMap<>();
    /** Where those of the two are, by their ids. */
    private final Map<String, Long> places = new HashMap<>();
    private final Map<String, PlacedMessage> answered = new LinkedHashMap<>();
    private final NavigableMap<Long, Item.Changed> changes = new TreeMap<>();

    /** The newest messages, the oldest first. */
    Iterable<PlacedMessage> recent() {
        return recent.values();
    }

    /** All that may be chosen, by their positions. */
    NavigableMap<Long, PlacedMessage> all() {
        NavigableMap<Long, PlacedMessage> all = new TreeMap<>(page);
        all.putAll(recent);
        all.values().removeIf(placed -> placed.deleted().isPresent());
        return all;
    }

    /** The message of this id, as it stands; empty where it isn't known here. */
    Optional<PlacedMessage> find(String id) {
        Long place = places.get(id);
        if (place == null) {
            return Optional.ofNullable(answered.get(id));
        }
        PlacedMessage found = recent.get(place);
        return Optional.of(found != null ? found : page.get(place));
    }

    /** A message that is newer than those before. */
    void keep(PlacedMessage placed) {
        recent.put(placed.position(), placed);
        places.putIfAbsent(placed.message().id(), placed.position());
        recentCharacters += placed.message().text().length();
        forgetEldest();
    }

    private void forgetEldest() {
        while (recent.size() > KEPT || recentCharacters > KEPT_CHARACTERS && recent.size() > 1) {
            PlacedMessage eldest = recent.remove(recent.firstKey());
            recentCharacters -= eldest.message().text().length();
            if (!page.containsKey(eldest.position())) {
                places.remove(eldest.message().id(), eldest.position());
            }
            answered.replace(eldest.message().id(), eldest);
        }
    }

    /** Messages of the past are on the screen now, in place of those before. */
    void turnTo(List<PlacedMessage> messages) {
        page.values().stream().filter(placed -> !recent.containsKey(placed.position()))
                .forEach(placed -> places.remove(placed.message().id(), placed.position()));
        page.clear();
        for (PlacedMessage placed : messages) {
            page.put(placed.position(), placed);
            places.putIfAbsent(placed.message().id(), placed.position());
        }
    }

    /** Messages that are only quoted, or that something is about to be done to. */
    void quote(List<PlacedMessage> messages) {
        for (PlacedMessage placed : messages) {
            PlacedMessage standing = asItStands(placed);
            answered.remove(placed.message().id());
            answered.put(placed.message().id(), standing);
        }
        trim(answered.values(), KEPT_ANSWERED, KEPT_ANSWERED_CHARACTERS, placed -> placed.message().text().length());
    }

    /** Removes the first of them where they are too many, or their texts too long; never the last one. */
    private static <T> void trim(Collection<T> kept, int most, int mostCharacters, ToIntFunction<T> length) {
        int left = kept.size();
        long characters = kept.stream().mapToInt(length).asLongStream().sum();
        for (Iterator<T> first = kept.iterator(); left > most || characters > mostCharacters && left > 1; left--) {
            characters -= length.applyAsInt(first.next());
            first.remove();
        }
    }

    /** The message with all that is known of it here, and by the one who tells of it: each may be behind the other. */
    PlacedMessage asItStands(PlacedMessage told) {
        PlacedMessage placed = find(told.message().id())
                .filter(known -> known.position() == told.position()).orElse(told);
        for (PlacedRecord change : between(placed, told, OptionalLong.empty())) {
            placed = placed.after(change);
        }
        for (Item.Changed changed : changes.values()) {
            placed = placed.after(changed.change());
        }
        return placed;
    }

    /** The messages as they stand, which is known from now on. */
    List<PlacedMessage> asTheyStand(List<PlacedMessage> told) {
        List<PlacedMessage> standing = told.stream().map(this::asItStands).toList();
        standing.forEach(this::replace);
        return standing;
    }

    /**
     * Takes what changes a message, or what holds in the channel.
     *
     * @return what there is to tell of it; nothing where it leaves things as they are
     */
    Optional<Item.Changed> change(PlacedRecord change) {
        ChannelRecord record = change.record();
        Optional<String> id = change.target();
        if (id.isPresent() && !mayChange(record, id.get()) || isOfADeleted(id)) {
            return Optional.empty();
        }
        Optional<PlacedMessage> before = id.flatMap(this::find);
        if (record instanceof ChannelRecord.Deletion) {
            // What it said is not to be read again.
            changes.values().removeIf(changed -> changed.change().target().equals(id));
        }
        Item.Changed changed = new Item.Changed(change, before);
        changes.putIfAbsent(change.position(), changed);
        trim(changes.values(), KEPT_CHANGES, KEPT_CHARACTERS, KnownMessages::lengthOf);
        before.ifPresent(placed -> replace(placed.after(change)));
        boolean seen = before.isEmpty() || looksOther(before.get(), before.get().after(change));
        return seen ? Optional.of(changed) : Optional.empty();
    }

    private static int lengthOf(Item.Changed changed) {
        return (changed.change().record() instanceof ChannelRecord.Edit edit ? edit.text().length() : 0)
                + changed.target().map(before -> before.message().text().length()).orElse(0);
    }

    /** What anybody could have written: texts of others are nobody's to change. */
    private static boolean mayChange(ChannelRecord record, String id) {
        Optional<MessageRef> target = MessageRef.parse(id);
        return target.isPresent() && (!(record instanceof ChannelRecord.Edit)
                || target.get().userId().equals(record.author().userId()));
    }

    /** Of one that isn't known here either. */
    private boolean isOfADeleted(Optional<String> id) {
        return id.isPresent() && changes.values().stream().anyMatch(changed ->
                changed.change().record() instanceof ChannelRecord.Deletion deletion
                        && deletion.target().equals(id.get()));
    }

    private void replace(PlacedMessage placed) {
        if (recent.containsKey(placed.position())) {
            recentCharacters += placed.message().text().length()
                    - recent.put(placed.position(), placed).message().text().length();
        }
        page.replace(placed.position(), placed);
        answered.replace(placed.message().id(), placed);
        forgetEldest();
    }

    private static boolean looksOther(PlacedMessage before, PlacedMessage after) {
        return !before.message().text().equals(after.message().text())
                || before.deleted().isPresent() != after.deleted().isPresent()
                || !emojis(before).equals(emojis(after));
    }

    private static Map<String, List<String>> emojis(PlacedMessage placed) {
        Map<String, List<String>> emojis = new HashMap<>();
        placed.reactions().forEach(reacted -> emojis.put(reacted.userId(), reacted.reactions()));
        return emojis;
    }

    /**
     * Learns how messages stand that are known here, from those who may know more.
     *
     * @param now the position up to which they know all; empty where they may be behind
     * @return what happened to the messages meanwhile, in order, to be told of
     */
    List<Item.Changed> learn(List<PlacedMessage> told, OptionalLong now) {
        List<PlacedRecord> missed = new ArrayList<>();
        for (PlacedMessage placed : told) {
            find(placed.message().id()).ifPresent(before -> missed.addAll(between(before, placed, now)));
        }
        return missed.stream().sorted(Comparator.comparingLong(PlacedRecord::position))
                .flatMap(change -> change(change).stream()).toList();
    }

    private List<PlacedRecord> between(PlacedMessage before, PlacedMessage after, OptionalLong now) {
        String id = before.message().id();
        String messageId = before.message().messageId();
        String channel = before.message().channel();
        List<PlacedRecord> between = new ArrayList<>();
        after.edited().ifPresent(edited -> between.add(new PlacedRecord(edited.position(), new ChannelRecord.Edit(
                messageId, channel, before.message().author(), id, after.message().text(), edited.at(), edited.at()))));
        after.deleted().ifPresent(deleted -> between.add(new PlacedRecord(deleted.position(), new ChannelRecord.Deletion(
                messageId, channel, authorOf(deleted.by(), before), id, deleted.at(), deleted.at()))));
        Set<String> reacting = new HashSet<>();
        for (PlacedMessage.Reacted reacted : after.reactions()) {
            reacting.add(reacted.userId());
            between.add(reaction(before, reacted.userId(), reacted.reactions(), reacted.position()));
        }
        // What was taken back leaves no trace.
        now.ifPresent(end -> before.reactions().stream().map(PlacedMessage.Reacted::userId)
                .filter(userId -> after.deleted().isEmpty() && !reacting.contains(userId))
                .forEach(userId -> between.add(reaction(before, userId, List.of(), end - 1))));
        return between;
    }

    private PlacedRecord reaction(PlacedMessage target, String userId, List<String> reactions, long position) {
        ChannelMessage message = target.message();
        return new PlacedRecord(position, new ChannelRecord.Reaction(message.messageId(), message.channel(),
                authorOf(userId, target), message.id(), reactions, message.sentAt(), message.acceptedAt()));
    }

    /** Whose name isn't told goes by the one under which they were seen, or by their id. */
    private Author authorOf(String userId, PlacedMessage placed) {
        if (placed.message().author().userId().equals(userId)) {
            return placed.message().author();
        }
        return recent.descendingMap().values().stream().map(other -> other.message().author())
                .filter(author -> author.userId().equals(userId)).findFirst().orElse(new Author(userId, userId));
    }

    /** What changed messages that are not among these, or what holds in the channel, from a position on. */
    List<Item.Changed> changesBesides(List<String> ids, long from) {
        return changes.tailMap(from).values().stream()
                .filter(changed -> changed.change().target().filter(ids::contains).isEmpty()).toList();
    }

    /** What has been of the channel so far does not reach up to what comes. */
    void forgetRecent() {
        List<PlacedMessage> forgotten = List.copyOf(recent.values());
        recent.clear();
        recentCharacters = 0;
        forgotten.stream().filter(placed -> !page.containsKey(placed.position()))
                .forEach(placed -> places.remove(placed.message().id(), placed.position()));
    }

    /** It is another channel than before. */
    void forgetAll() {
        recent.clear();
        recentCharacters = 0;
        page.clear();
        places.clear();
        answered.clear();
        changes.clear();
    }
}
