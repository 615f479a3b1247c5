package org.charla.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.GZIPInputStream;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Wire;

/**
 * The events that are written to {@code chat.raw}, the same bytes each time: event <i>i</i> follows from its number
 * alone, so that millions can be checked without being remembered. First comes a profile of each user; of the messages
 * behind them one in a hundred is sent twice, and one in two hundred has no text. Immutable, thread-safe.
 */
final class Workload {

    /** What is to become of an event. */
    enum Fate { PROFILE, MESSAGE, DUPLICATE, REJECTED }

    /** How many users there are where nobody says otherwise. */
    static final int USERS = 1_000;
    private static final int DUPLICATE_EVERY = 100;
    private static final int EMPTY_EVERY = 200;
    /** 2025-11-22, in epoch milliseconds. */
    private static final long FIRST_SENT_AT = 1_763_791_200_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final List<String> texts;
    private final int channels;
    /** Events of this number and above are no profiles. */
    private final int users;

    private Workload(String name, List<String> texts, int channels, int users) {
        this.name = name;
        this.texts = texts;
        this.channels = channels;
        this.users = users;
    }

    /** Texts of 107 characters each, in so many channels. */
    static Workload synthetic(int channels) {
        return new Workload("synthetic", IntStream.range(0, 1_000).mapToObj(i -> String.format(
                "message %04d of a chat whose lines are about as long as people make them when they explain themselves to us", i))
                .toList(), channels, USERS);
    }

    /**
     * The texts of a transcript as {@code charla import} takes them (JSON objects, one a line, perhaps gzipped), in so
     * many channels. What the rules of messages refuse is left out.
     */
    static Workload ofTranscript(Path file, int channels) throws IOException {
        List<String> texts = new ArrayList<>();
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                InputStream lines = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
                MappingIterator<JsonNode> objects = JSON.readerFor(JsonNode.class).readValues(lines)) {
            while (objects.hasNext()) {
                String text = objects.next().path("text").asText();
                if (EventRules.judge(new RawEvent.Message("m", "u", "c", text, 0), 0) instanceof Judgement.Accepted) {
                    texts.add(text);
                }
            }
        }
        return new Workload(file.getFileName().toString(), texts, channels, USERS);
    }

    /** The same texts by so many users. */
    Workload withUsers(int number) {
        return new Workload(name, texts, channels, number);
    }

    String name() {
        return name;
    }

    int channels() {
        return channels;
    }

    int users() {
        return users;
    }

    String channel(int number) {
        return "c" + number;
    }

    /** The fate of event {@code i}; what is sent twice is judged by its first. */
    Fate fate(long i) {
        if (i < users) {
            return Fate.PROFILE;
        }
        if (isRepetition(i)) {
            return Fate.DUPLICATE;
        }
        return i % EMPTY_EVERY == 1 ? Fate.REJECTED : Fate.MESSAGE;
    }

    /** How many of the first so many events become messages. */
    long messages(long events) {
        return LongStream.range(0, events).filter(i -> fate(i) == Fate.MESSAGE).count();
    }

    /** Writes a transcript of so many messages, as {@code charla import} takes them. */
    void writeTranscript(Path file, int messages) throws IOException {
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            int left = messages;
            for (long i = users; left > 0; i++) {
                if (fate(i) == Fate.MESSAGE) {
                    RawEvent.Message message = message(i);
                    lines.write(JSON.createObjectNode().put("channel", message.channel()).put("nick", message.userId())
                            .put("sentAt", Instant.ofEpochMilli(message.sentAt()).toString())
                            .put("text", message.text()) + "\n");
                    left--;
                }
            }
        }
    }

    /** The user id. */
    byte[] key(long i) {
        return user(i).getBytes(UTF_8);
    }

    byte[] value(long i) {
        return Wire.write(event(i));
    }

    private RawEvent event(long i) {
        if (i < users) {
            return new RawEvent.Profile("p" + i, user(i), displayName(user(i)), FIRST_SENT_AT);
        }
        return message(i);
    }

    private RawEvent.Message message(long i) {
        long n = isRepetition(i) ? i - 1 : i;
        String text = fate(n) == Fate.REJECTED ? " " : texts.get((int) (n % texts.size()));
        return new RawEvent.Message("m" + n, user(n), channel((int) (mixed(n, 1) % channels)), text, FIRST_SENT_AT + n);
    }

    private boolean isRepetition(long i) {
        return i > users && i % DUPLICATE_EVERY == 0;
    }

    private String user(long i) {
        return "user" + (i < users ? i : mixed(isRepetition(i) ? i - 1 : i, 0) % users);
    }

    private static String displayName(String user) {
        return "The " + user;
    }

    /** SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): never negative. */
    private static long mixed(long i, int stream) {
        long z = i * 2 + stream + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (z ^ (z >>> 31)) >>> 1;
    }

    /** The number of the event that a channel's message came from. */
    static Optional<Long> numberOf(ChannelMessage message) {
        return message.messageId().matches("m[0-9]{1,18}")
                ? Optional.of(Long.parseLong(message.messageId().substring(1))) : Optional.empty();
    }

    /** Whether it is what event {@code i} must become, enriched; its {@code acceptedAt} is anybody's. */
    boolean becomes(long i, ChannelMessage actual) {
        RawEvent.Message sent = message(i);
        return fate(i) == Fate.MESSAGE && actual.equals(new ChannelMessage(sent.messageId(), sent.channel(),
                new Author(sent.userId(), displayName(sent.userId())), sent.text(), sent.sentAt(),
                actual.acceptedAt()));
    }
}
