package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Events of all types, and what is refused, always the same for the same seed but for the times in them. The number in
 * an id is that of the event, so that ids carry their order. First each user's profile, then a signed message for each
 * channel that makes it and claims it, then all at random. Not thread-safe.
 */
final class Generator {

    static final int PARTITIONS = 6;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> EMOJI = List.of("👍", "🎉", "❤️", "😀", "🚀", "👀");
    private static final List<String> WORDS = List.of("hola", "buenos días", "naïve", "日本語", "🙂 ok", "line\nbreak",
            "\"quoted\"", "<b>", "x".repeat(60), "schön", "$set", "привет");
    /** One user of so many has claimed their id, and signs. */
    private static final int SIGNING = 40;
    /** One channel of so many is ruled. */
    private static final int RULED = 8;
    private static final int REMEMBERED = 4_096;
    private static final int HALF_AN_HOUR_MS = 30 * 60 * 1_000;
    private static final int DAY_MS = 24 * 60 * 60 * 1_000;
    private static final int FLOODER_PER_MILLE = 25;
    private static final String STRANGER = "a b";

    private final Random random;
    private final long seed;
    private final int users;
    private final int channels;
    private final LongSupplier clock;

    private final boolean[] hasProfile;
    private final int[] keyVersions;
    private final Signature.Key[] keys;
    private final long[] ownMessage;
    private final int[] ownChannel;
    private final Made[] recent = new Made[REMEMBERED];
    private long number;

    /** One that was written before, to be written again or to be the target of others. */
    private record Made(ProducerRecord<byte[], byte[]> record, int user, long number, int channel) {

        String id(Generator generator) {
            return generator.userId(user) + ':' + messageId(number);
        }
    }

    /** @param clock epoch milliseconds */
    Generator(long seed, int users, int channels, LongSupplier clock) {
        this.seed = seed;
        this.users = users;
        this.channels = channels;
        this.clock = clock;
        random = new Random(seed);
        hasProfile = new boolean[users];
        keyVersions = new int[users];
        keys = new Signature.Key[users];
        ownMessage = new long[users];
        ownChannel = new int[users];
    }

    /** How many events come before those at random. */
    int prelude() {
        return users + channels;
    }

    /** The next one. */
    ProducerRecord<byte[], byte[]> next() {
        long now = number++;
        if (now < users) {
            return profile((int) now);
        }
        if (now < prelude()) {
            int channel = (int) now - users;
            return message(owner(channel), channel, false);
        }
        int user = random.nextInt(1_000) < FLOODER_PER_MILLE ? 0 : random.nextInt(users);
        if (!hasProfile[user] && random.nextInt(3) == 0) {
            return profile(user);
        }
        int dice = random.nextInt(1_000);
        if (dice < 660) {
            return message(user, random.nextInt(channels), random.nextInt(6) == 0);
        } else if (dice < 720) {
            return edit(user);
        } else if (dice < 750) {
            return deletion(user);
        } else if (dice < 840) {
            return reaction(user);
        } else if (dice < 855) {
            return profile(user);
        } else if (dice < 858) {
            return removal(user);
        } else if (dice < 870) {
            return rule();
        } else if (dice < 920) {
            return again();
        }
        return refused(user);
    }

    private int owner(int channel) {
        int signers = (users + SIGNING - 2) / SIGNING;
        return Math.min(users - 1, 1 + SIGNING * (channel % signers));
    }

    private boolean signs(int user) {
        return user % SIGNING == 1 || user == users - 1;
    }

    private String userId(int user) {
        return (user % 7 == 3 ? "ñandú-" : "user-") + user;
    }

    private static String channelName(int channel) {
        return "c-" + channel;
    }

    private static String messageId(long number) {
        return String.format("e%010d", number);
    }

    private Signature.Key key(int user) {
        if (keys[user] == null) {
            keys[user] = new Signature.Key(seed * 31 + user * 1_000L + keyVersions[user]);
        }
        return keys[user];
    }

    private ObjectNode event(String type, int user) {
        ObjectNode event = JSON.createObjectNode();
        if (!type.equals("message") || random.nextBoolean()) {
            event.put("type", type);
        }
        return event.put("messageId", messageId(number - 1)).put("userId", userId(user))
                // Clocks go behind, and up to five minutes ahead.
                .put("sentAt", clock.getAsLong() + random.nextInt(400_000) - 120_000);
    }

    private ObjectNode event(String type, int user, int channel) {
        return event(type, user).put("channel", channelName(channel));
    }

    private ProducerRecord<byte[], byte[]> record(ObjectNode event, int user) {
        byte[] value = bytes(event);
        byte[] key = userId(user).getBytes(UTF_8);
        // What a client says of a record's time is nothing to the broker.
        Long timestamp = random.nextInt(50) == 0 ? clock.getAsLong() + (random.nextBoolean() ? DAY_MS : -DAY_MS) : null;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Oracle.RAW, null, timestamp, key, value);
        return signs(user) ? sign(record, key(user), 0) : record;
    }

    private ProducerRecord<byte[], byte[]> sign(ProducerRecord<byte[], byte[]> record, Signature.Key with, long ahead) {
        record.headers().add(Signature.HEADER, with.sign(record.key(), record.value(), clock.getAsLong() + ahead));
        return record;
    }

    private static byte[] bytes(ObjectNode event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(WORDS.get(random.nextInt(WORDS.size())));
        for (int words = random.nextInt(12); words > 0; words--) {
            text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private Made anyRecent() {
        Made made = recent[random.nextInt(REMEMBERED)];
        return made == null ? new Made(null, 0, 0, 0) : made;
    }

    private void remember(ProducerRecord<byte[], byte[]> record, int user, int channel) {
        recent[(int) (number % REMEMBERED)] = new Made(record, user, number - 1, channel);
    }

    private ProducerRecord<byte[], byte[]> message(int user, int channel, boolean isReply) {
        ObjectNode event = event("message", user, channel).put("text", text());
        if (isReply) {
            event.put("replyTo", anyRecent().id(this));
        }
        ProducerRecord<byte[], byte[]> record = record(event, user);
        remember(record, user, channel);
        ownMessage[user] = number - 1;
        ownChannel[user] = channel;
        return record;
    }

    private ProducerRecord<byte[], byte[]> edit(int user) {
        // Of what isn't there, or in another channel, now and then.
        int channel = random.nextInt(30) == 0 ? random.nextInt(channels) : ownChannel[user];
        long target = random.nextInt(30) == 0 ? number : ownMessage[user];
        return remembered(event("edit", user, channel).put("text", text())
                .put("target", userId(user) + ':' + messageId(target)), user, channel);
    }

    private ProducerRecord<byte[], byte[]> remembered(ObjectNode event, int user, int channel) {
        ProducerRecord<byte[], byte[]> record = record(event, user);
        if (random.nextInt(10) == 0) {
            remember(record, user, channel);
        }
        return record;
    }

    private ProducerRecord<byte[], byte[]> deletion(int user) {
        Made others = anyRecent();
        if (random.nextInt(5) > 0) {
            return remembered(event("deletion", user, ownChannel[user])
                    .put("target", userId(user) + ':' + messageId(ownMessage[user])), user, ownChannel[user]);
        }
        int by = random.nextInt(3) == 0 ? owner(others.channel) : user;
        return record(event("deletion", by, others.channel).put("target", others.id(this)), by);
    }

    private ProducerRecord<byte[], byte[]> reaction(int user) {
        Made target = anyRecent();
        ObjectNode event = event("reaction", user, target.channel).put("target", target.id(this));
        ArrayNode reactions = event.putArray("reactions");
        int first = random.nextInt(EMOJI.size());
        for (int i = random.nextInt(4); i > 0; i--) {
            reactions.add(EMOJI.get((first + i) % EMOJI.size()));
        }
        return remembered(event, user, target.channel);
    }

    private ProducerRecord<byte[], byte[]> profile(int user) {
        ObjectNode event = event("profile", user).put("displayName", "User " + user + " · " + random.nextInt(100));
        boolean isFirst = number <= users;
        hasProfile[user] = true;
        if (!signs(user) || !isFirst && random.nextInt(4) > 0) {
            return record(event, user);
        }
        Signature.Key before = key(user);
        if (!isFirst) {
            keyVersions[user]++;
            keys[user] = null;
        }
        event.putArray("keys").add(key(user).text());
        // By a key that the user has at that moment.
        return sign(new ProducerRecord<>(Oracle.RAW, userId(user).getBytes(UTF_8), bytes(event)), before, 0);
    }

    private ProducerRecord<byte[], byte[]> removal(int user) {
        hasProfile[user] = false;
        return record(event("profile-removal", user), user);
    }

    private ProducerRecord<byte[], byte[]> rule() {
        int channel = random.nextInt((channels + RULED - 1) / RULED) * RULED;
        int user = random.nextInt(4) > 0 ? owner(channel) : random.nextInt(users);
        ObjectNode event = event("rule", user, channel);
        String other = userId(random.nextInt(users));
        switch (random.nextInt(9)) {
            case 0, 1 -> event.put("rule", "title").put("value", "about " + random.nextInt(1_000));
            case 2 -> {
                event.put("rule", "mute").put("value", other);
                if (random.nextBoolean()) {
                    event.put("until", clock.getAsLong() + 1_000 + random.nextInt(60_000));
                }
            }
            case 3 -> event.put("rule", "unmute").put("value", other);
            case 4 -> event.put("rule", "slow-mode").put("value", Integer.toString(random.nextInt(3)));
            case 5 -> event.put("rule", "posting").put("value",
                    List.of("everyone", "everyone", "everyone", "verified", "moderators").get(random.nextInt(5)));
            case 6 -> event.put("rule", "moderator").put("value", other);
            case 7 -> event.put("rule", "no-moderator").put("value", other);
            default -> {
                if (random.nextInt(30) == 0) {
                    event.put("rule", "owner").put("value", other);
                } else {
                    event.put("rule", "slow-mode").put("value", "0");
                }
            }
        }
        return remembered(event, user, channel);
    }

    /** As somebody's client, or somebody else, sends it once more: byte by byte, or another event under its id. */
    private ProducerRecord<byte[], byte[]> again() {
        Made made = anyRecent();
        if (made.record == null) {
            return message(0, 0, false);
        }
        if (random.nextInt(4) > 0) {
            return new ProducerRecord<>(Oracle.RAW, null, made.record.key(), made.record.value(),
                    made.record.headers());
        }
        ObjectNode other = event("message", made.user, made.channel).put("messageId", messageId(made.number))
                .put("text", "another text");
        return record(other, made.user);
    }

    private ProducerRecord<byte[], byte[]> refused(int user) {
        int channel = random.nextInt(channels);
        ObjectNode event = event("message", user, channel).put("text", text());
        switch (random.nextInt(24)) {
            case 0 -> {
                return raw(user, "{\"messageId\":\"half");
            }
            case 1 -> {
                return raw(user, "{\"messageId\":\"a\",\"messageId\":\"b\"}");
            }
            case 2 -> {
                return new ProducerRecord<>(Oracle.RAW, userId(user).getBytes(UTF_8), null);
            }
            case 3 -> {
                return new ProducerRecord<>(Oracle.RAW, userId(user).getBytes(UTF_8),
                        new byte[] {'{', (byte) 0xff, '}'});
            }
            case 4 -> {
                byte[] key = userId(user).getBytes(UTF_8);
                return new ProducerRecord<>(Oracle.RAW, random.nextInt(PARTITIONS), key, bytes(event));
            }
            case 5 -> {
                return new ProducerRecord<>(Oracle.RAW, random.nextInt(PARTITIONS), null, bytes(event));
            }
            case 6 -> event.put("type", "unheard-of");
            case 7 -> event.put("messageId", "no id");
            case 8 -> {
                event.put("userId", STRANGER);
                return new ProducerRecord<>(Oracle.RAW, STRANGER.getBytes(UTF_8), bytes(event));
            }
            case 9 -> event.put("userId", userId((user + 1) % users));
            case 10 -> event.put("channel", "Not-A-Channel");
            case 11 -> event.put("replyTo", "nobody");
            case 12 -> event.put("text", " \t ");
            case 13 -> event.put("text", "é".repeat(4_001));
            case 14 -> event.put("text", "nul \0");
            case 15 -> event.put("type", "reaction").put("target", anyRecent().id(this))
                    .putArray("reactions").add("ab");
            case 16 -> event.put("type", "rule").put("rule", "slow-mode").put("value", "-1");
            case 17 -> event.put("type", "profile").put("displayName", "\u202e");
            case 18 -> event.put("type", "profile").put("displayName", "x").putArray("keys").add("ed25519:short");
            case 19 -> event.put("sentAt", clock.getAsLong() + DAY_MS);
            case 20 -> event.put("type", "edit").put("target", anyRecent().user == user ? "x:y" : anyRecent().id(this));
            case 21 -> {
                // Unsigned as who signs, signed as who doesn't, or by another's key.
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(Oracle.RAW, userId(user).getBytes(UTF_8), bytes(event));
                return signs(user) ? record : sign(record, key(owner(channel)), 0);
            }
            case 22 -> {
                int owner = owner(channel);
                event.put("userId", userId(owner));
                return sign(new ProducerRecord<>(Oracle.RAW, userId(owner).getBytes(UTF_8), bytes(event)), key(owner),
                        -2L * HALF_AN_HOUR_MS);
            }
            default -> {
                // Whom nobody knows.
                event.put("userId", "nobody-" + user);
                return new ProducerRecord<>(Oracle.RAW, ("nobody-" + user).getBytes(UTF_8), bytes(event));
            }
        }
        return record(event, user);
    }

    private ProducerRecord<byte[], byte[]> raw(int user, String value) {
        return new ProducerRecord<>(Oracle.RAW, userId(user).getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
