package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Judges one partition of chat.raw from its beginning: what becomes of an event depends on those before it in its
 * partition, and on the rules of its channel, and on nothing else. It follows what really became of each, so that one
 * fault isn't found again in all that follows.
 */
final class PartitionJudge {

    /** Of rules, whatever else is allowed: that many at once, then some. */
    private static final int RULES_AT_ONCE = 1_000;
    private static final int MS = 1_000;
    private static final int NO_MESSAGE = -1;

    private final int partition;
    private final Logs logs;
    private final Outputs outputs;
    private final Ledger ledger;
    private final Oracle.Settings settings;
    private final Findings findings;
    private final Tally tally;

    private final Map<String, User> users = new HashMap<>();
    /** The accepted ids, when, and of messages in which channel. */
    private final Numbered accepted = new Numbered();
    private long[] acceptedAt = {};
    private int[] acceptedAs = {};
    private final Map<String, Integer> channelNumbers = new HashMap<>();
    /** Ids of rules that were refused by what held. */
    private final Set<String> refusedRules = new HashSet<>();
    private final Map<String, Long> lastPositions = new HashMap<>();
    private final Map<String, Post> posts = new HashMap<>();
    /** For each channel, how many rules were accepted in it by the last that stands in this partition. */
    private final Map<String, Integer> ruled = new HashMap<>();
    /** What chat.users should have of this partition, in order. */
    private final List<String> changedUsers = new ArrayList<>();
    private long[] changes = {};

    /** What is known of a user by now. */
    private static final class User {
        private UserChange profile;
        private List<String> keys = List.of();
        private int events;
        private int rules;
        /** Rules that were too many: they may have used up what the limit of all events lets pass. */
        private int rulesTooMany;
    }

    /** @param isCertain whether it counts for slow mode whatever held then */
    private record Post(long at, boolean isCertain) {
    }

    PartitionJudge(int partition, Logs logs, Outputs outputs, Ledger ledger, Oracle.Settings settings,
            Findings findings, Tally tally) {
        this.partition = partition;
        this.logs = logs;
        this.outputs = outputs;
        this.ledger = ledger;
        this.settings = settings;
        this.findings = findings;
        this.tally = tally;
    }

    /** @param profiles gets what there is of each user in the end */
    void judge(Map<String, UserChange> profiles) {
        Ledger.Written written = ledger.written(partition);
        int partitions = logs.partitions(Oracle.RAW);
        logs.read(Oracle.RAW, partition, raw -> {
            written.found(raw.offset(), Attempt.hash(raw.key(), raw.value(), signatureOf(raw)), findings);
            tally.event();
            judge(raw, Reading.of(raw, partitions));
        });
        written.end(findings);
        compareUsers();
        users.forEach((userId, user) -> {
            if (user.profile != null) {
                profiles.put(userId, user.profile);
            }
        });
    }

    private static byte[] signatureOf(ConsumerRecord<byte[], byte[]> raw) {
        Header header = raw.headers().lastHeader(Signature.HEADER);
        return header == null ? null : header.value();
    }

    private void judge(ConsumerRecord<byte[], byte[]> raw, Reading reading) {
        Outcomes right = ledger.isTaken(partition, raw.offset()) ? Outcomes.NEVER_READ : outcomes(raw, reading);
        Event event = reading.refusal() == null ? reading.event() : null;
        int refusal = outputs.refusal(partition, raw.offset());
        int entry = event == null || event.type().isOfProfiles() ? -1 : outputs.unclaimed(event.id());
        if (refusal >= 0) {
            refused(raw, event, right, refusal);
        } else if (entry >= 0 && !right.equals(Outcomes.DROPPED) && !right.equals(Outcomes.NEVER_READ)) {
            accepted(raw, event, right, entry);
        } else if (right.isDropped()) {
            tally.dropped();
            if (event != null && event.type() == Event.Type.RULE) {
                count(event);
            }
        } else if (right.isNeverRead()) {
            tally.neverRead();
        } else if (event != null && event.type().isOfProfiles() && right.isAccepted()) {
            acceptedProfile(raw, event);
        } else {
            findings.add(Findings.Kind.LOST, say(raw) + " is nowhere, rather " + right);
        }
    }

    private void refused(ConsumerRecord<byte[], byte[]> raw, Event event, Outcomes right, int refusal) {
        Code code = outputs.code(refusal);
        tally.refused(code);
        if (!right.allow(code)) {
            findings.add(Findings.Kind.WRONGLY_REFUSED, say(raw) + " with " + code + ", rather " + right);
        }
        if (!outputs.keeps(refusal, raw)) {
            findings.add(Findings.Kind.ALTERED, say(raw) + " is not in " + Oracle.REJECTED + " as it came");
        }
        if (event == null) {
            return;
        }
        if (event.type() == Event.Type.RULE) {
            refusedRules.add(event.id());
            if (code == Code.RATE_LIMITED) {
                user(event.userId()).rulesTooMany++;
            }
        }
        if (code.compareTo(Code.RATE_LIMITED) > 0 || code == Code.INVALID_RULE) {
            // It was let pass by all that comes before.
            count(event);
            if (code == Code.CHANNEL_LIMIT && event.type() == Event.Type.MESSAGE) {
                posts.computeIfPresent(slowKey(event), (key, post) -> new Post(raw.timestamp(), false));
            }
        }
    }

    private void accepted(ConsumerRecord<byte[], byte[]> raw, Event event, Outcomes right, int entry) {
        outputs.claim(entry);
        tally.accepted(event.type());
        if (!right.isAccepted()) {
            findings.add(Findings.Kind.WRONGLY_ACCEPTED, say(raw) + ", rather " + right);
        }
        User user = user(event.userId());
        ChannelEntry expected = ChannelEntry.of(event, user.profile == null ? null : user.profile.displayName(),
                isSigned(raw), raw.timestamp());
        if (outputs.content(entry) != expected.hash()) {
            findings.add(Findings.Kind.ALTERED, say(raw) + " is not in " + Oracle.CHANNEL + outputs.channel(entry) + '@'
                    + outputs.position(entry) + " as " + expected);
        }
        // Rules take a way of their own, and overtake and are overtaken.
        String lane = outputs.channel(entry) + (event.type() == Event.Type.RULE ? " rules" : "");
        Long before = lastPositions.put(lane, outputs.position(entry));
        if (before != null && before > outputs.position(entry)) {
            findings.add(Findings.Kind.OUT_OF_ORDER, say(raw) + " stands at " + outputs.position(entry)
                    + ", what came before it at " + before);
        }
        remember(raw, event);
        count(event);
        if (event.type() == Event.Type.RULE) {
            ruled.put(event.channel(), outputs.history(event.channel()).number(outputs.position(entry)));
        }
        if (event.type() == Event.Type.MESSAGE) {
            post(raw, event);
        }
    }

    /** What the flood limit counts: of what is dropped perhaps more than that. */
    private void count(Event event) {
        User user = user(event.userId());
        user.events++;
        if (event.type() == Event.Type.RULE) {
            user.rules++;
        }
    }

    private void post(ConsumerRecord<byte[], byte[]> raw, Event event) {
        List<Rules> around = outputs.history(event.channel()).around(raw.timestamp(), settings.slackMs());
        if (around.stream().anyMatch(rules -> rules.slowModeSeconds() > 0)) {
            posts.put(slowKey(event), new Post(raw.timestamp(), around.stream().allMatch(
                    rules -> rules.slowModeSeconds() > 0 && !rules.isRuledBy(event.userId()))));
        }
    }

    private static String slowKey(Event event) {
        return event.channel() + ' ' + event.userId();
    }

    private void acceptedProfile(ConsumerRecord<byte[], byte[]> raw, Event event) {
        tally.accepted(event.type());
        User user = user(event.userId());
        count(event);
        if (event.type() == Event.Type.PROFILE) {
            if (event.keys() != null) {
                user.keys = event.keys();
            }
            user.profile = new UserChange(event.displayName(), user.keys, raw.timestamp());
        } else {
            user.profile = null;
        }
        remember(raw, event);
        changes = Numbered.room(changes, changedUsers.size());
        changes[changedUsers.size()] = UserChange.hash(event.userId(), user.profile);
        changedUsers.add(event.userId());
    }

    private void remember(ConsumerRecord<byte[], byte[]> raw, Event event) {
        int number = accepted.add(Hash.of(event.id()));
        acceptedAt = Numbered.room(acceptedAt, number);
        acceptedAs = Numbered.room(acceptedAs, number);
        acceptedAt[number] = raw.timestamp();
        acceptedAs[number] = as(event.type(), event.channel());
    }

    private int as(Event.Type type, String channel) {
        return type == Event.Type.MESSAGE ? channelNumbers.computeIfAbsent(channel, any -> channelNumbers.size())
                : NO_MESSAGE;
    }

    private User user(String userId) {
        return users.computeIfAbsent(userId, any -> new User());
    }

    private static boolean isSigned(ConsumerRecord<byte[], byte[]> raw) {
        // Where a signature is there and doesn't hold, the event is refused.
        return signatureOf(raw) != null;
    }

    private String say(ConsumerRecord<byte[], byte[]> raw) {
        String value = raw.value() == null ? "null" : new String(raw.value(), UTF_8);
        return Outputs.place(raw) + ' ' + (value.length() > 300 ? value.substring(0, 300) + "…" : value);
    }

    /** What may become of it, as far as everything before it went as it did. */
    private Outcomes outcomes(ConsumerRecord<byte[], byte[]> raw, Reading reading) {
        Event event = reading.event();
        if (reading.refusal() != null) {
            Outcomes refused = Outcomes.refused(reading.refusal());
            return event != null && isAccepted(event.id(), raw.timestamp()) ? refused.or(Outcomes.DROPPED) : refused;
        }
        Outcomes right = Outcomes.NONE;
        if (isAccepted(event.id(), raw.timestamp())) {
            return Outcomes.DROPPED;
        }
        if (event.type() != Event.Type.RULE && refusedRules.contains(event.id())) {
            right = right.or(Outcomes.DROPPED);
        }
        Code byIdentity = identity(raw, event);
        if (byIdentity != null) {
            return right.or(byIdentity);
        }
        User user = user(event.userId());
        if (!event.type().isOfProfiles() && user.profile == null) {
            return right.or(Code.UNKNOWN_USER);
        }
        if (user.events + user.rulesTooMany >= settings.flood() || event.type() == Event.Type.RULE && user.rules >= RULES_AT_ONCE) {
            right = right.or(Code.RATE_LIMITED);
        }
        return right.or(event.type().isOfProfiles() ? Outcomes.ACCEPTED : inChannel(raw, event));
    }

    private boolean isAccepted(String id, long now) {
        int number = accepted.find(Hash.of(id));
        return number >= 0 && now - acceptedAt[number] <= settings.windowMs();
    }

    private Code identity(ConsumerRecord<byte[], byte[]> raw, Event event) {
        List<String> keys = user(event.userId()).keys;
        List<String> brought = event.keys() == null ? List.of() : event.keys();
        byte[] header = signatureOf(raw);
        if (header == null) {
            return keys.isEmpty() && brought.isEmpty() ? null : Code.UNSIGNED;
        }
        Signature signature = Signature.parse(header);
        if (signature == null || !signature.holds(keys.isEmpty() ? brought : keys, raw.key(), raw.value())) {
            return Code.INVALID_SIGNATURE;
        }
        return signature.isFreshAt(raw.timestamp()) ? null : Code.STALE_SIGNATURE;
    }

    private Outcomes inChannel(ConsumerRecord<byte[], byte[]> raw, Event event) {
        ChannelHistory history = outputs.history(event.channel());
        Outcomes right = Outcomes.NONE;
        if (event.type() == Event.Type.RULE) {
            if (!isSigned(raw)) {
                return right.or(Code.NOT_ALLOWED);
            }
            for (Rules rules : history.from(ruled.getOrDefault(event.channel(), 0))) {
                Code objection = rules.objection(event.userId(), event.rule(), event.value(), raw.timestamp());
                right = objection == null ? right.or(throughGate(raw, event, history)) : right.or(objection);
            }
            return right;
        }
        for (Rules rules : history.around(raw.timestamp(), settings.slackMs())) {
            Outcomes byRules = byRules(raw, event, rules);
            right = right.or(byRules.isAccepted() ? throughTargets(raw, event, history) : Outcomes.NONE)
                    .or(byRules.withoutAcceptance());
        }
        return right;
    }

    private Outcomes byRules(ConsumerRecord<byte[], byte[]> raw, Event event, Rules rules) {
        boolean isRuler = isSigned(raw) && rules.isRuledBy(event.userId());
        if (event.type() == Event.Type.DELETION) {
            return event.targetsAuthor().equals(event.userId()) || isRuler ? Outcomes.ACCEPTED
                    : Outcomes.refused(Code.NOT_ALLOWED);
        }
        boolean mayPost = switch (rules.posting()) {
            case "verified" -> isSigned(raw);
            case "moderators" -> event.type() == Event.Type.REACTION || isRuler;
            default -> true;
        };
        if (!mayPost) {
            return Outcomes.refused(Code.NOT_ALLOWED);
        }
        if (rules.isMuted(event.userId(), raw.timestamp())) {
            return Outcomes.refused(Code.MUTED);
        }
        if (rules.slowModeSeconds() > 0 && event.type() == Event.Type.MESSAGE && !isRuler) {
            Post post = posts.get(slowKey(event));
            long betweenMs = (long) rules.slowModeSeconds() * MS;
            if (post == null || raw.timestamp() - post.at() >= betweenMs) {
                return Outcomes.ACCEPTED;
            }
            return post.isCertain() ? Outcomes.refused(Code.SLOW_MODE) : Outcomes.ACCEPTED.or(Code.SLOW_MODE);
        }
        return Outcomes.ACCEPTED;
    }

    private Outcomes throughTargets(ConsumerRecord<byte[], byte[]> raw, Event event, ChannelHistory history) {
        if (event.type() == Event.Type.EDIT) {
            int target = accepted.find(Hash.of(event.target()));
            if (target < 0 || acceptedAs[target] != as(Event.Type.MESSAGE, event.channel())
                    || !isAccepted(event.target(), raw.timestamp())) {
                return Outcomes.refused(Code.UNKNOWN_MESSAGE);
            }
        }
        return throughGate(raw, event, history);
    }

    /** A channel is there from its first message on; until all instances know it, it may still be refused. */
    private Outcomes throughGate(ConsumerRecord<byte[], byte[]> raw, Event event, ChannelHistory history) {
        if (!outputs.hasTopic(event.channel())) {
            return Outcomes.refused(Code.CHANNEL_LIMIT);
        }
        return history.firstMessageAt() > raw.timestamp() - settings.slackMs()
                ? Outcomes.ACCEPTED.or(Code.CHANNEL_LIMIT) : Outcomes.ACCEPTED;
    }

    /** A user's partition in chat.users is that in chat.raw, and the order is the same. */
    private void compareUsers() {
        int[] next = {0};
        logs.read(Oracle.USERS, partition, record -> {
            String userId = new String(record.key(), UTF_8);
            long change = UserChange.hash(userId, record.value() == null ? null : UserChange.read(record.value()));
            int at = next[0];
            if (at < changedUsers.size() && changes[at] == change) {
                next[0]++;
            } else if (at + 1 < changedUsers.size() && changes[at + 1] == change) {
                findings.add(Findings.Kind.LOST,
                        "a profile of " + changedUsers.get(at) + " before " + Outputs.place(record));
                next[0] += 2;
            } else if (at > 0 && at <= changedUsers.size() && changes[at - 1] == change) {
                findings.add(Findings.Kind.TWICE, Outputs.place(record) + ": a profile of " + userId);
            } else {
                findings.add(Findings.Kind.ALTERED, Outputs.place(record) + ": a profile of " + userId);
                next[0]++;
            }
        });
        for (int at = next[0]; at < changedUsers.size(); at++) {
            findings.add(Findings.Kind.LOST, "a profile of " + changedUsers.get(at) + " is not in " + Oracle.USERS);
        }
    }
}
