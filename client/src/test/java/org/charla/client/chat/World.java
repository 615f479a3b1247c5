package org.charla.client.chat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.access.Speakers;
import org.charla.access.Unread;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.RawEvent;

/**
 * Kafka, the pipeline, the sink and MongoDB as a conversation sees them, slow and unreliable as a test wants them: each
 * answer waits until the test gives it, out of what there is by then.
 */
final class World implements Servers {

    static final String ME = "ana";

    private final Map<String, List<PlacedRecord>> topics = new HashMap<>();
    private final Map<String, Integer> stored = new HashMap<>();
    private final Map<String, Integer> trimmed = new HashMap<>();
    private final Map<String, Integer> cursors = new LinkedHashMap<>();
    private final Queue<Runnable> answers = new ArrayDeque<>();
    private final Queue<RawEvent> raw = new ArrayDeque<>();
    final List<RawEvent> sent = new ArrayList<>();
    private final Set<String> judged = new HashSet<>();
    boolean kafkaUp;
    boolean mongodbUp = true;
    /** The channels whose topics may not be read. */
    final Set<String> denied = new HashSet<>();
    /** The channels for which Kafka has no answer, though it has for others. */
    final Set<String> silent = new HashSet<>();
    Conversation conversation;
    /** What was told last time. */
    final List<ReadMark> lastTime = new ArrayList<>();
    /** Whether it doesn't come to mind what was told last time. */
    boolean forgetful;
    /** What is told for the next time. */
    final ReadMarks remembered = new ReadMarks();
    /** How many questions wait for their answer at once. */
    int mostAsked;
    private int ids;
    /** Who signs. */
    final Set<String> signing = new HashSet<>();
    /** The names of those who go by another than their id. */
    final Map<String, String> names = new HashMap<>();
    /** The ids that MongoDB knows. */
    final Set<String> users = new HashSet<>();
    /** Whose keys were asked for. */
    final List<String> keysAsked = new ArrayList<>();
    long now = 1_763_791_200_000L;

    Conversation talk(View view) {
        conversation = new Conversation(ME, "Ana", true, this, view, () -> "id" + ids++, () -> now);
        return conversation;
    }

    private List<PlacedRecord> records(String channel) {
        return topics.computeIfAbsent(channel, name -> new ArrayList<>());
    }

    /** The messages of a channel, as they stand. */
    List<PlacedMessage> topic(String channel) {
        return standing(records(channel));
    }

    private static List<PlacedMessage> standing(List<PlacedRecord> records) {
        Map<String, PlacedMessage> messages = new LinkedHashMap<>();
        for (PlacedRecord record : records) {
            record.message().ifPresentOrElse(placed -> messages.put(placed.message().id(), placed),
                    () -> messages.replaceAll((id, placed) -> placed.after(record)));
        }
        return List.copyOf(messages.values());
    }

    /** Writes a message of somebody to a channel; every third offset is a record. */
    PlacedMessage write(String channel, String author, String text) {
        return write(channel, author, text, Optional.empty());
    }

    /** Writes an answer of somebody. */
    PlacedMessage write(String channel, String author, String text, Optional<String> replyTo) {
        ChannelMessage message = new ChannelMessage("m" + ids++, channel, author(author), text, replyTo, now, now);
        return append(message).message().orElseThrow();
    }

    void edit(PlacedMessage target, String text) {
        ChannelMessage message = target.message();
        append(new ChannelRecord.Edit("m" + ids++, message.channel(), message.author(), message.id(), text, now, now));
    }

    void delete(PlacedMessage target, String by) {
        append(new ChannelRecord.Deletion("m" + ids++, target.message().channel(), author(by), target.message().id(),
                now, now));
    }

    void react(PlacedMessage target, String by, String... reactions) {
        append(new ChannelRecord.Reaction("m" + ids++, target.message().channel(), author(by), target.message().id(),
                List.of(reactions), now, now));
    }

    void rule(String channel, String by, ChannelRule rule, String value, OptionalLong until) {
        append(new ChannelRecord.Rule("m" + ids++, channel, author(by), rule, value, until, now, now));
    }

    /** Writes what only somebody could write who may write to the topic. */
    void forge(ChannelRecord record) {
        append(record);
    }

    /** The channel can't be followed from where it was. */
    void lose(String channel) {
        cursors.remove(channel);
        conversation.lost(channel);
    }

    private Author author(String userId) {
        return new Author(userId, names.getOrDefault(userId, userId), signing.contains(userId));
    }

    private PlacedRecord append(ChannelRecord record) {
        List<PlacedRecord> topic = records(record.channel());
        PlacedRecord placed = new PlacedRecord(
                topic.isEmpty() ? 2 : topic.get(topic.size() - 1).position() + 3, record);
        topic.add(placed);
        return placed;
    }

    private long end(String channel) {
        List<PlacedRecord> topic = records(channel);
        return topic.isEmpty() ? 0 : topic.get(topic.size() - 1).position() + 2;
    }

    /** The sink writes some more messages of a channel. */
    void sink(String channel, int count) {
        stored.merge(channel, count, (before, more) -> Math.min(records(channel).size(), before + more));
        stored.computeIfPresent(channel, (name, upTo) -> Math.min(records(channel).size(), upTo));
    }

    /** The topic forgets some of what the store has. */
    void trim(String channel, int count) {
        int upTo = Math.min(stored.getOrDefault(channel, 0), trimmed.getOrDefault(channel, 0) + count);
        trimmed.put(channel, upTo);
        Integer cursor = cursors.get(channel);
        if (cursor != null && cursor < upTo) {
            cursors.remove(channel);
            if (kafkaUp) {
                conversation.lost(channel);
            } else {
                lostLater.add(channel);
            }
        }
    }

    /** The topic is deleted, with what it had; the store keeps what it has, out of sight behind the new topic's end. */
    void remake(String channel) {
        records(channel).clear();
        stored.remove(channel);
        trimmed.remove(channel);
    }

    /** Another conversation is to begin: nothing that the one before asked for is answered. */
    void restart() {
        answers.clear();
        raw.clear();
        cursors.clear();
        lostLater.clear();
        kafkaUp = false;
    }

    private final Set<String> lostLater = new HashSet<>();

    void kafkaReturns() {
        if (!kafkaUp) {
            kafkaUp = true;
            conversation.connected();
            lostLater.forEach(conversation::lost);
            lostLater.clear();
        }
    }

    void kafkaGoes() {
        kafkaUp = false;
        conversation.disconnected(Connection.DOWN);
    }

    /** Hands over up to so many messages of each followed channel, beginning with some that were handed already. */
    void deliver(int count, int again) {
        if (!kafkaUp) {
            return;
        }
        for (String channel : List.copyOf(cursors.keySet())) {
            int cursor = cursors.get(channel);
            int from = Math.max(trimmed.getOrDefault(channel, 0), Math.max(0, cursor - again));
            int to = Math.min(records(channel).size(), cursor + count);
            if (from < to) {
                cursors.put(channel, Math.max(cursor, to));
                List<PlacedRecord> records = List.copyOf(records(channel).subList(from, to));
                conversation.arrived(channel, records);
                tellOfMine(records.stream().map(PlacedRecord::record));
            }
        }
    }

    /** The pipeline takes what was sent: refuses what says so, puts the rest into its channel. */
    void judge(int count) {
        for (int i = 0; i < count && kafkaUp && !raw.isEmpty(); i++) {
            RawEvent event = raw.remove();
            conversation.acknowledged(event.messageId());
            if (!judged.add(event.messageId())) {
                throw new AssertionError("sent twice: " + event);
            }
            if (event instanceof RawEvent.InChannel inChannel) {
                judge(inChannel);
            }
        }
    }

    private void judge(RawEvent.InChannel event) {
        String channel = event.channel();
        if (event instanceof RawEvent.Message message && message.text().startsWith("bad")) {
            conversation.refused(message.messageId(), "INVALID_TEXT", "It is bad.");
        } else if (event instanceof RawEvent.Edit edit && topic(channel).stream()
                .noneMatch(placed -> placed.message().id().equals(edit.target()))) {
            conversation.refused(edit.messageId(), "UNKNOWN_MESSAGE", "There is none.");
        } else {
            append(switch (event.type()) {
                case MESSAGE -> new ChannelMessage(event.messageId(), channel, author(ME),
                        ((RawEvent.Message) event).text(), ((RawEvent.Message) event).replyTo(), event.sentAt(), now);
                case EDIT -> new ChannelRecord.Edit(event.messageId(), channel, author(ME),
                        ((RawEvent.Edit) event).target(), ((RawEvent.Edit) event).text(), event.sentAt(), now);
                case DELETION -> new ChannelRecord.Deletion(event.messageId(), channel, author(ME),
                        ((RawEvent.Deletion) event).target(), event.sentAt(), now);
                case REACTION -> new ChannelRecord.Reaction(event.messageId(), channel, author(ME),
                        ((RawEvent.Reaction) event).target(), ((RawEvent.Reaction) event).reactions(), event.sentAt(), now);
                case RULE -> new ChannelRecord.Rule(event.messageId(), channel, author(ME),
                        ((RawEvent.Rule) event).rule(), ((RawEvent.Rule) event).value(),
                        ((RawEvent.Rule) event).until(), event.sentAt(), now);
                case PROFILE, PROFILE_REMOVAL -> throw new AssertionError(event);
            });
        }
    }

    /** Gives an answer that was asked for. */
    void answer() {
        Runnable next = answers.poll();
        if (next != null) {
            next.run();
        }
    }

    /** All there is comes to where it belongs. */
    void settle() {
        kafkaReturns();
        while (!answers.isEmpty() || !raw.isEmpty()) {
            answer();
            judge(1);
        }
        deliver(Integer.MAX_VALUE / 2, 0);
    }

    /** As the sink has it, which may be behind. */
    private List<PlacedMessage> inStore(String channel, long before) {
        return standing(records(channel).subList(0, stored.getOrDefault(channel, 0))).stream()
                .filter(placed -> placed.position() < before).toList();
    }

    /** As the topic has it, with the changes of all that is asked for. */
    private List<PlacedMessage> inTopic(String channel, long before, List<PlacedMessage> past) {
        List<PlacedRecord> retained = records(channel).subList(trimmed.getOrDefault(channel, 0), records(channel).size());
        Map<Long, PlacedMessage> messages = new TreeMap<>();
        past.forEach(placed -> messages.put(placed.position(), placed));
        for (PlacedRecord record : retained) {
            record.message().filter(placed -> placed.position() < before)
                    .ifPresent(placed -> messages.putIfAbsent(placed.position(), placed));
            messages.replaceAll((position, placed) -> placed.after(record));
        }
        return List.copyOf(messages.values());
    }

    /** What the topic has of changes behind the first of these messages that they don't show. */
    private List<PlacedRecord> unseenChanges(String channel, List<PlacedMessage> these) {
        Set<String> ids = these.stream().map(placed -> placed.message().id()).collect(Collectors.toSet());
        return records(channel).subList(trimmed.getOrDefault(channel, 0), records(channel).size()).stream()
                .filter(record -> !these.isEmpty() && record.position() >= these.get(0).position())
                .filter(record -> record.target().filter(target -> !ids.contains(target) || record.takesBack()).isPresent())
                .toList();
    }

    private static List<PlacedMessage> last(int count, List<PlacedMessage> all) {
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    @Override
    public void lastTime() {
        if (!forgetful) {
            conversation.lastTime(lastTime);
        }
    }

    @Override
    public void remember(List<ReadChange> changes, String current) {
        changes.forEach(remembered::apply);
    }

    @Override
    public void open(int ticket, String channel, int count, long unreadFrom, boolean live) {
        mostAsked = Math.max(mostAsked, answers.size() + 1);
        answers.add(() -> {
            List<PlacedMessage> past = mongodbUp ? inStore(channel, Long.MAX_VALUE) : List.of();
            String problem = mongodbUp ? null : "away";
            if (denied.contains(channel)) {
                conversation.opened(ticket, new Opening(List.of(), List.of(), List.of(), Unread.NOTHING,
                        OptionalLong.empty(), problem, "not allowed"));
                return;
            }
            boolean answered = live && kafkaUp && !silent.contains(channel);
            List<PlacedMessage> all = answered ? inTopic(channel, end(channel), past) : past;
            List<PlacedMessage> last = last(count, all);
            Opening opening = new Opening(last, answered ? unseenChanges(channel, last) : List.of(), List.of(),
                    earlier(all, last, unreadFrom),
                    answered ? OptionalLong.of(end(channel)) : OptionalLong.empty(), problem, null);
            conversation.opened(ticket, opening);
            tellOfMine(opening.last().stream().map(PlacedMessage::message));
        });
    }

    private static Unread earlier(List<PlacedMessage> all, List<PlacedMessage> last, long from) {
        List<PlacedMessage> unread = all.stream().filter(placed -> from != ReadMark.NOWHERE && placed.position() >= from
                && !last.contains(placed) && !placed.message().author().userId().equals(ME)).toList();
        return new Unread(unread.size(), unread.stream().anyMatch(placed -> placed.message().text().contains(ME)));
    }

    private void tellOfMine(Stream<? extends ChannelRecord> records) {
        records.filter(record -> record.author().userId().equals(ME))
                .forEach(record -> conversation.inChannel(record.messageId()));
    }

    @Override
    public void page(int ticket, String channel, int count, long before, boolean live) {
        answers.add(() -> {
            if (mongodbUp) {
                boolean answered = live && kafkaUp;
                List<PlacedMessage> past = inStore(channel, before);
                conversation.page(ticket, before, last(count, answered ? inTopic(channel, before, past) : past),
                        List.of(), answered || inStore(channel, Long.MAX_VALUE).stream()
                                .anyMatch(placed -> placed.position() >= before));
            } else {
                conversation.pageFailed(ticket, before, "away");
            }
        });
    }

    @Override
    public void search(String channel, String text) {
        answers.add(() -> {
            if (mongodbUp) {
                conversation.found(channel, text, inStore(channel, Long.MAX_VALUE).stream()
                        .filter(placed -> placed.message().text().contains(text)).toList(), List.of());
            } else {
                conversation.unanswered("away");
            }
        });
    }

    @Override
    public void speakers(String channel) {
        answers.add(() -> {
            if (mongodbUp) {
                conversation.speakers(channel, new Speakers(inStore(channel, Long.MAX_VALUE).stream()
                        .map(placed -> placed.message().author()).distinct().toList(), 1));
            } else {
                conversation.unanswered("away");
            }
        });
    }

    @Override
    public void keys(List<String> userIds) {
        keysAsked.addAll(userIds);
        answers.add(() -> conversation.keysSeen(mongodbUp));
    }

    @Override
    public void isUser(String userId) {
        answers.add(() -> conversation.isUser(userId,
                mongodbUp ? Optional.of(users.contains(userId)) : Optional.empty()));
    }

    @Override
    public void channels(boolean toShow) {
        answers.add(() -> conversation.channels(toShow, topics.keySet().stream().sorted().toList()));
    }

    @Override
    public void follow(Map<String, Long> positions) {
        cursors.keySet().retainAll(positions.keySet());
        positions.forEach((channel, position) -> cursors.computeIfAbsent(channel, name -> (int) records(channel).stream()
                .filter(placed -> placed.position() < position).count()));
    }

    @Override
    public void send(RawEvent event) {
        sent.add(event);
        raw.add(event);
    }
}
