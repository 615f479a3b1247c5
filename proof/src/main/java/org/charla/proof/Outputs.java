package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What Charla wrote to the topics of channels and refusals, and what held in the channels. Some 50 bytes are kept of
 * each record: its place and hashes. What is wrong without a look at the raw records is found when it is read.
 */
final class Outputs {

    private static final int OFFSET_BITS = 48;
    private static final Pattern SOURCE = Pattern.compile("chat\\.raw-(\\d+)@(\\d+)");

    private final Logs logs;
    private final Findings findings;

    private final Map<String, ChannelHistory> channels = new TreeMap<>();
    private final List<String> channelNames = new ArrayList<>();

    /** The records of the channels by the id that is their key. */
    private final Numbered entries = new Numbered();
    private long[] positions = {};
    private long[] contents = {};
    /** The channel's number. */
    private int[] channelOf = {};
    /** Which have found their raw record. */
    private boolean[] isClaimed = {};

    /** What was refused, by the place of the raw record. */
    private final Numbered refusals = new Numbered();
    private long[] refusedContents = {};
    private Code[] refusedCodes = {};

    Outputs(Logs logs, Findings findings) {
        this.logs = logs;
        this.findings = findings;
    }

    void read() {
        readRefusals();
        readChannels();
        readWhatHolds();
    }

    List<String> channelNames() {
        return channelNames;
    }

    /** What held in a channel; one without a topic never had anything. */
    ChannelHistory history(String channel) {
        return channels.getOrDefault(channel, new ChannelHistory());
    }

    boolean hasTopic(String channel) {
        return channels.containsKey(channel);
    }

    /** The number of the refusal of a raw record, or -1. */
    int refusal(int partition, long offset) {
        return refusals.find(placeOf(partition, offset));
    }

    Code code(int refusal) {
        return refusedCodes[refusal];
    }

    /** Whether the refused record is there as it came. */
    boolean keeps(int refusal, ConsumerRecord<byte[], byte[]> raw) {
        return refusedContents[refusal] == Hash.of(raw.key(), raw.value());
    }

    int refused() {
        return refusals.size();
    }

    /** The number of the record of a channel that has this id and no raw record yet, or -1. */
    int unclaimed(String id) {
        int entry = entries.find(Hash.of(id));
        return entry < 0 || isClaimed[entry] ? -1 : entry;
    }

    void claim(int entry) {
        isClaimed[entry] = true;
    }

    long position(int entry) {
        return positions[entry];
    }

    long content(int entry) {
        return contents[entry];
    }

    String channel(int entry) {
        return channelNames.get(channelOf[entry]);
    }

    /** To be asked when all raw records are through. */
    void requireAllClaimed() {
        for (int entry = 0; entry < entries.size(); entry++) {
            if (!isClaimed[entry]) {
                findings.add(Findings.Kind.FROM_NOWHERE,
                        Oracle.CHANNEL + channel(entry) + '@' + positions[entry]);
            }
        }
    }

    /** Refused twice is told at once, as is what only one of the two topics has. */
    private void readRefusals() {
        for (int partition = 0; partition < logs.partitions(Oracle.REJECTED); partition++) {
            logs.read(Oracle.REJECTED, partition, record -> {
                Long source = source(record);
                Code code = code(record);
                if (source == null || code == null || header(record.headers(), "rejection.reason").isEmpty()) {
                    findings.add(Findings.Kind.ALTERED, place(record) + " has not the headers of a rejection");
                    return;
                }
                int before = refusals.size();
                int number = refusals.add(source);
                if (number < before) {
                    findings.add(Findings.Kind.TWICE, place(record) + ", refused before");
                    return;
                }
                refusedContents = Numbered.room(refusedContents, number);
                if (number >= refusedCodes.length) {
                    refusedCodes = Arrays.copyOf(refusedCodes, 2 * number + 1);
                }
                refusedContents[number] = Hash.of(record.key(), record.value());
                refusedCodes[number] = code;
            });
        }
        boolean[] isTold = new boolean[refusals.size()];
        for (int partition = 0; partition < logs.partitions(Oracle.REFUSALS); partition++) {
            logs.read(Oracle.REFUSALS, partition, record -> {
                Long source = source(record);
                Code code = code(record);
                int number = source == null ? -1 : refusals.find(source);
                if (number < 0 || code != refusedCodes[number] || record.key() != null
                        || record.value() != null) {
                    findings.add(Findings.Kind.ALTERED, place(record) + " is none of what " + Oracle.REJECTED + " has");
                } else if (isTold[number]) {
                    findings.add(Findings.Kind.TWICE, place(record) + ", told before");
                } else {
                    isTold[number] = true;
                }
            });
        }
        for (boolean told : isTold) {
            if (!told) {
                findings.add(Findings.Kind.LOST, "a refusal of " + Oracle.REJECTED + " is not in " + Oracle.REFUSALS);
            }
        }
    }

    private static Long source(ConsumerRecord<byte[], byte[]> record) {
        var source = SOURCE.matcher(header(record.headers(), "rejection.source"));
        return source.matches() ? placeOf(Integer.parseInt(source.group(1)), Long.parseLong(source.group(2))) : null;
    }

    private static long placeOf(int partition, long offset) {
        return (long) partition << OFFSET_BITS | offset;
    }

    private static Code code(ConsumerRecord<byte[], byte[]> record) {
        String name = header(record.headers(), "rejection.code");
        for (Code code : Code.values()) {
            if (code.name().equals(name)) {
                return code;
            }
        }
        return null;
    }

    static String header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + '-' + record.partition() + '@' + record.offset();
    }

    private void readChannels() {
        int rawPartitions = logs.partitions(Oracle.RAW);
        for (String topic : new TreeSet<>(logs.topics())) {
            if (!topic.startsWith(Oracle.CHANNEL)) {
                continue;
            }
            String channel = topic.substring(Oracle.CHANNEL.length());
            int number = channelNames.size();
            channelNames.add(channel);
            ChannelHistory history = new ChannelHistory();
            channels.put(channel, history);
            logs.read(topic, 0, record -> {
                ChannelEntry entry = ChannelEntry.read(record.value());
                if (entry == null || record.key() == null || !entry.id().equals(new String(record.key(), UTF_8))
                        || entry.acceptedAt() == null || !channel.equals(entry.channel())) {
                    findings.add(Findings.Kind.ALTERED, place(record) + " is no record of the channel");
                    return;
                }
                int before = entries.size();
                int found = entries.add(Hash.of(entry.id()));
                if (found < before) {
                    findings.add(Findings.Kind.TWICE, place(record) + ": " + entry.id());
                    return;
                }
                positions = Numbered.room(positions, found);
                contents = Numbered.room(contents, found);
                channelOf = Numbered.room(channelOf, found);
                positions[found] = record.offset();
                contents[found] = entry.hash();
                channelOf[found] = number;
                if (entry.type() == Event.Type.MESSAGE) {
                    history.message(entry, BuiltInPartitioner.partitionForKey(
                            entry.userId().getBytes(UTF_8), rawPartitions));
                } else if (entry.type() == Event.Type.RULE) {
                    history.rule(entry, record.offset());
                }
            });
        }
        isClaimed = new boolean[entries.size()];
    }

    /** Who owned each channel, by the first that chat.channels says of it, and the rules that its own topic has. */
    private void readWhatHolds() {
        Map<String, String> firstOwners = new HashMap<>();
        Map<String, JsonNode> last = new HashMap<>();
        for (int partition = 0; partition < logs.partitions(Oracle.CHANNELS); partition++) {
            logs.read(Oracle.CHANNELS, partition, record -> {
                JsonNode value = Reading.object(record.value());
                if (value == null) {
                    findings.add(Findings.Kind.ALTERED, place(record) + " is not what holds in a channel");
                    return;
                }
                String channel = new String(record.key(), UTF_8);
                String owner = Reading.text(value, "owner");
                if (owner != null) {
                    firstOwners.putIfAbsent(channel, owner);
                }
                last.put(channel, value);
            });
        }
        channels.forEach((channel, history) -> {
            String owner = firstOwners.get(channel);
            if (owner != null && !history.isCandidate(owner)) {
                findings.add(Findings.Kind.WRONGLY_ACCEPTED, "channel " + channel + " belongs to " + owner
                        + ", who was not the first to sign a message there");
            }
            if (owner != null) {
                history.owner(owner);
            } else if (history.hasCandidates()) {
                findings.add(Findings.Kind.LOST, "channel " + channel + " has no owner");
            }
            history.replay((position, objection) -> findings.add(Findings.Kind.WRONGLY_ACCEPTED,
                    Oracle.CHANNEL + channel + '@' + position + ": rather " + objection));
            requireHolds(channel, history, last.remove(channel));
        });
        last.keySet().forEach(channel -> findings.add(Findings.Kind.FROM_NOWHERE,
                Oracle.CHANNELS + " says something of " + channel + ", which is no channel"));
    }

    private void requireHolds(String channel, ChannelHistory history, JsonNode last) {
        if (last == null) {
            if (history.size() > 1) {
                findings.add(Findings.Kind.LOST, Oracle.CHANNELS + " says nothing of " + channel);
            }
            return;
        }
        Long updatedAt = Reading.number(last, "updatedAt");
        Map<String, Long> muted = new HashMap<>();
        last.path("muted").forEach(mute -> muted.put(Reading.text(mute, "userId"),
                mute.has("until") ? Reading.number(mute, "until") : Long.valueOf(Rules.FOR_EVER)));
        Rules told = new Rules(Reading.text(last, "title"), Reading.text(last, "owner"),
                Reading.texts(last, "moderators"), Reading.text(last, "posting"),
                last.path("slowModeSeconds").asInt(-1), muted);
        long now = updatedAt == null ? 0 : updatedAt;
        if (!told.at(now).equals(history.newest().at(now)) || !history.mayBeUpdatedAt(now)) {
            findings.add(Findings.Kind.ALTERED, Oracle.CHANNELS + " says of " + channel + ": " + last + ", rather "
                    + history.newest());
        }
    }
}
