package org.charla.client.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.charla.access.AccessFailure;
import org.charla.access.EventProducer;
import org.charla.access.ExistingRules;
import org.charla.access.ExistingUsers;
import org.charla.access.Fates;
import org.charla.access.Identity;
import org.charla.access.KafkaAccess;
import org.charla.access.MessageIds;
import org.charla.access.Store;
import org.charla.access.Verdicts;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.Lines;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;

/**
 * Sends transcripts: each nick's profile ahead of its first message, the messages in the order of the files, and what changed
 * them when they are in their channels. Nothing waits for anything else where a file doesn't say that it is a transcript of
 * ours; from where it does, the messages of a channel come to stand in the order of their lines. Whoever is an operator of
 * the cluster signs them, since the flood limit is not meant for them; who that is, is found out by the first of them. What
 * it holds in memory doesn't depend on how much there is, but for the users. To be used once, by one thread.
 */
public final class TranscriptImport implements AutoCloseable {

    /** How many lines are looked up in MongoDB at a time. */
    private static final int BATCH = 1_000;

    /** What no flood limit minds, several imports one after the other: a twentieth of what a user may send at once. */
    private static final int UNSIGNED_OF_A_USER = 1_000;

    /** How many changes are kept until their messages are in their channels. */
    private static final int MOST_CHANGES = 10_000;

    /** How many events may be on their way to be judged: each is remembered until then. */
    private static final int MOST_UNJUDGED = 300_000;

    /** How long changes wait at most: an edit is refused when its message is long ago. */
    private static final long LONGEST_WAIT_NANOS = 600_000_000_000L;

    /** Throughput goes before latency, and patience before giving up: a broker that is restarted is waited for. */
    private static final Map<String, Object> TUNING = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, 10,
            ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024,
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
            ProducerConfig.BUFFER_MEMORY_CONFIG, 32L * 1024 * 1024,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);

    /** What an event is there for. */
    private enum Purpose {
        /** It shows who is an operator. */
        TRIAL,
        MESSAGE,
        /** It makes a user. */
        USER,
        /** It gives a user the name of that time, or of now. */
        NAME,
        /** It made of a message what it is. */
        CHANGE,
        /** It claims a nick. */
        CLAIM
    }

    /**
     * What an event is known as.
     *
     * @param file where it comes from; null where it comes from none
     * @param line the line that it stands for
     * @param subject what it is, for a person
     */
    private record Known(Purpose purpose, Path file, long line, String subject) {
    }

    private final Console console;
    private final KafkaAccess kafka;
    private final Store store;
    private final Verdicts verdicts;
    private final Fates<Known> fates = new Fates<>(Integer.MAX_VALUE, this::judged);
    private final EventProducer producer;
    private final TranscriptLine.IdDigest digest = new TranscriptLine.IdDigest();
    private final MessageIds ids = new MessageIds(Clock.systemUTC());

    /** Users that exist, or whose profile is on its way, under the names that they have then. */
    private final Map<String, UserProfile> users;

    /** The names that users are to have in the end, where that isn't that of their last message. */
    private final Map<String, String> names = new HashMap<>();

    private final Signing signing;
    /** Who signs for those that nobody has claimed; null: nobody, or not known yet. */
    private Identity operator;
    private boolean isOperatorKnown;
    private final Predicate<String> isRuled;
    private final Map<String, Integer> sentOf = new HashMap<>();
    private Rejection refusedTrial;

    /** Those to be protected, in the order of their first message. */
    private final Set<String> nicks = new LinkedHashSet<>();
    private final AtomicLong claimed = new AtomicLong();
    private final AtomicLong slowedDown = new AtomicLong();

    /** Whether there may be messages in MongoDB, by channel: what was empty at the start holds no duplicates. */
    private final Map<String, Boolean> lookedUp = new HashMap<>();

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong usersMade = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private long duplicates;
    private boolean storeIsAway;

    /** Whether lines come from a transcript of ours. */
    private boolean isOurs;

    /** The partition in which each channel's messages are that may not be in their channel yet. */
    private final Map<String, Integer> partitions = new HashMap<>();
    private final List<Change> pending = new ArrayList<>();
    /** Of what was sent since the changes were sent last, the lines whose messages are not in their channels. */
    private final Set<Place> refusedLines = ConcurrentHashMap.newKeySet();
    private long unjudged;
    private long settled = System.nanoTime();

    /** What ends the import before the files do. */
    private volatile Exception broken;
    private boolean isStuck;

    /**
     * Who signs.
     *
     * @param operators who may be an operator of the cluster, to be tried in this order
     * @param isRequired whether one of them has to be: otherwise nobody signs
     * @param protector whose key claims the nicks when all is sent, so that nobody else can; null: nobody's
     */
    public record Signing(List<Identity> operators, boolean isRequired, Identity protector) {
    }

    /** Begins with the users that there are; fails if Kafka doesn't answer. */
    public TranscriptImport(KafkaAccess kafka, Store store, Console console, Signing signing) {
        this.console = console;
        this.kafka = kafka;
        this.store = store;
        this.signing = signing;
        this.users = new ExistingUsers(kafka).all();
        this.isRuled = ruledChannels(kafka);
        this.verdicts = new Verdicts(kafka);
        this.producer = new EventProducer(kafka, TUNING);
    }

    /** Whether a file is standard input, of which there is but one. */
    public static boolean isStandardInput(Path file) {
        return file.equals(TranscriptFile.STANDARD_INPUT) || file.equals(Path.of("/dev/stdin"))
                || file.equals(Path.of("/dev/fd/0")) || file.equals(Path.of("/proc/self/fd/0"));
    }

    /**
     * A line that the rules let pass.
     *
     * @param isOurs whether it comes from a transcript of ours
     */
    private record Fit(TranscriptLine line, RawEvent.Message message, List<RawEvent.InChannel> changes, boolean isOurs) {
    }

    private record Place(Path file, long line) {
    }

    /** What is to be sent when the message is there that it concerns. */
    private record Change(Path file, Fit of, RawEvent.InChannel event) {
    }

    /**
     * Sends what the files hold and waits until all of it is acknowledged, and judged by the pipeline.
     *
     * @throws CommandFailure if one of the files can't be read at all, before anything is sent
     */
    public ImportSummary run(List<Path> paths) {
        Progress progress = new Progress(console, totalBytes(paths));
        long bytesBefore = 0;
        for (Path path : paths) {
            bytesBefore += read(path, progress, bytesBefore);
        }
        if (!pending.isEmpty()) {
            settle();
        }
        giveNames();
        protectNicks();
        producer.flush();
        progress.end();
        long millis = progress.millis();
        if (broken != null) {
            console.error(kafka.explain(broken) + "; import the same files again to go on:"
                    + " what MongoDB has by then is skipped");
        }
        boolean completed = !isOver() && hearVerdicts();
        if (slowedDown.get() > 0) {
            console.error("the flood limit, which " + slowedDown + " of them exceeded, does not hold for what an operator"
                    + " signs: --operator USER, whose key the streams app's setting operators names");
        }
        return new ImportSummary(sent.get(), changes.get(), duplicates, usersMade.get(), refused.get(),
                signing.protector() == null ? OptionalLong.empty() : OptionalLong.of(claimed.get()), millis, completed);
    }

    private boolean isOver() {
        return broken != null || isStuck;
    }

    private boolean hearVerdicts() {
        console.progress("waiting for what the pipeline refuses");
        try {
            boolean judged = verdicts.await(fates);
            console.progress("");
            if (judged) {
                return true;
            }
            console.error("all of it is written to " + Topics.RAW + ", but the pipeline has not judged it:"
                    + " is the streams app running? What it will refuse is not counted");
        } catch (AccessFailure e) {
            console.error(e.getMessage() + "; what the pipeline refuses is not counted");
        }
        return false;
    }

    /** Waits until all that was sent is in its channel, or refused, and sends what changed it. */
    private void settle() {
        producer.flush();
        if (isOver()) {
            return;
        }
        try {
            isStuck = !verdicts.await(fates);
        } catch (AccessFailure e) {
            console.error(e.getMessage());
            isStuck = true;
        }
        if (isStuck) {
            console.error("what was sent is written to " + Topics.RAW + ", but the pipeline has not judged it: is the streams"
                    + " app running? Import the same files again to go on: what MongoDB has by then is skipped");
            return;
        }
        fates.settled();
        partitions.clear();
        unjudged = 0;
        settled = System.nanoTime();
        pending.stream().filter(change -> !refusedLines.contains(new Place(change.file(), change.of().line().number())))
                .forEach(this::sendChange);
        pending.clear();
        refusedLines.clear();
    }

    private void judged(Known known, Fates.Fate fate) {
        if (!(fate instanceof Fates.Refused refusedEvent)) {
            return;
        }
        Rejection rejection = refusedEvent.rejection();
        String why = rejection.code() + ": " + rejection.reason();
        switch (known.purpose()) {
            case TRIAL -> refusedTrial = rejection;
            case CLAIM -> {
                claimed.decrementAndGet();
                console.errorLine(known.subject() + " is not protected: " + why);
            }
            case NAME -> console.errorLine(known.subject() + " does not get the name of that time: " + why);
            case USER -> {
                // The line is refused for want of it.
                usersMade.decrementAndGet();
                complain(known.file(), known.line(), "its user was not made: " + why);
            }
            case MESSAGE -> {
                sent.decrementAndGet();
                refusedLines.add(new Place(known.file(), known.line()));
                refuse(known.file(), known.line(), why);
            }
            case CHANGE -> {
                changes.decrementAndGet();
                refuse(known.file(), known.line(), known.subject() + ": " + why);
            }
        }
        if (known.purpose() != Purpose.TRIAL && rejection.code().equals(RejectionCode.RATE_LIMITED.name())) {
            slowedDown.incrementAndGet();
        }
    }

    /** 0 where a file is none with an end, such as a pipe. */
    private static long totalBytes(List<Path> paths) {
        long total = 0;
        boolean known = true;
        for (Path path : paths) {
            if (path.equals(TranscriptFile.STANDARD_INPUT)) {
                known = false;
            } else if (!Files.isReadable(path) || Files.isDirectory(path)) {
                throw new CommandFailure("there is no file to read at " + path);
            } else {
                known &= Files.isRegularFile(path);
                total += path.toFile().length();
            }
        }
        return known ? total : 0;
    }

    private long read(Path path, Progress progress, long bytesBefore) {
        isOurs = false;
        long number = 0;
        long bytes = 0;
        List<Fit> batch = new ArrayList<>(BATCH);
        try (TranscriptFile file = TranscriptFile.open(path, console)) {
            for (Lines.Line line = file.next(); line != null && !isOver(); line = file.next()) {
                number = line.number();
                bytes = file.bytesRead();
                if (!add(path, line, batch)) {
                    break;
                }
                if (batch.size() == BATCH) {
                    long before = bytesBefore + bytes;
                    send(path, batch, () -> progress.show(sent.get() + duplicates, before));
                    batch.clear();
                }
            }
        } catch (IOException e) {
            refuse(path, number + 1, "the file can't be read any further: " + e.getMessage());
        }
        long all = bytesBefore + bytes;
        send(path, batch, () -> progress.show(sent.get() + duplicates, all));
        return bytes;
    }

    /** Whether what follows in the file can be read. */
    private boolean add(Path path, Lines.Line read, List<Fit> batch) {
        if (read.problem() != null) {
            refuse(path, read.number(), read.problem());
            return true;
        }
        if (read.text().isBlank()) {
            return true;
        }
        try {
            Optional<TranscriptLine> line = TranscriptLine.parse(read.number(), read.text());
            if (line.isPresent()) {
                add(path, line.get(), batch);
            } else {
                isOurs = true;
            }
            return true;
        } catch (TranscriptLine.UnfitException e) {
            refuse(path, read.number(), e.getMessage());
            return !e.isAboutAll();
        }
    }

    private void add(Path path, TranscriptLine line, List<Fit> batch) {
        RawEvent.Message message = line.toMessage(digest);
        List<RawEvent.InChannel> toChange = line.toChanges(message, digest);
        long now = System.currentTimeMillis();
        Optional<String> unfit = unfit(message, "", now)
                .or(() -> line.displayName().flatMap(name -> unfitName(line.nick(), name, "displayName", now)))
                .or(() -> line.reactions().stream().flatMap(reacted -> reacted.displayName()
                        .flatMap(name -> unfitName(reacted.nick(), name, "reactions.displayName", now)).stream()).findFirst())
                .or(() -> toChange.stream().flatMap(change -> unfit(change, fieldOf(change) + ": ", now).stream()).findFirst());
        unfit.ifPresentOrElse(why -> refuse(path, line.number(), why),
                () -> batch.add(new Fit(line, message, toChange, isOurs)));
    }

    private static Optional<String> unfit(RawEvent event, String field, long now) {
        return EventRules.judge(event, now) instanceof Rejected rejected
                ? Optional.of(field + rejected.code() + ": " + rejected.reason()) : Optional.empty();
    }

    private Optional<String> unfitName(String nick, String name, String field, long now) {
        return unfit(new RawEvent.Profile(ids.next(), nick, name, now), field + ": ", now);
    }

    private static String fieldOf(RawEvent.InChannel change) {
        return switch (change.type()) {
            case EDIT -> "editedAt";
            case DELETION -> "deletedBy";
            default -> "reactions";
        };
    }

    /** @param shown is run now and then */
    private void send(Path path, List<Fit> batch, Runnable shown) {
        Map<String, Store.Done> known = known(batch.stream().map(Fit::message).toList());
        for (int i = 0; i < batch.size() && !isOver(); i++) {
            Fit fit = batch.get(i);
            Store.Done done = known.get(ChannelRecord.id(fit.message().userId(), fit.message().messageId()));
            if (done != null) {
                duplicates++;
                fit.changes().stream().filter(change -> !isDone(change, done)).forEach(change -> keep(path, fit, change));
            } else if (sendMessage(path, fit)) {
                fit.changes().forEach(change -> keep(path, fit, change));
            }
            if (pending.size() >= MOST_CHANGES || unjudged >= MOST_UNJUDGED
                    || System.nanoTime() - settled > LONGEST_WAIT_NANOS) {
                settle();
            }
            shown.run();
        }
    }

    private static boolean isDone(RawEvent.InChannel change, Store.Done done) {
        return switch (change.type()) {
            case EDIT -> done.edited() || done.deleted();
            case REACTION -> done.deleted() || done.reacted().contains(change.userId());
            default -> done.deleted();
        };
    }

    private void keep(Path path, Fit fit, RawEvent.InChannel change) {
        pending.add(new Change(path, fit, change));
    }

    /** Whether the message is on its way. */
    private boolean sendMessage(Path path, Fit fit) {
        TranscriptLine line = fit.line();
        if (!mayWrite(path, line.number(), line.nick(), "")) {
            return false;
        }
        if (fit.isOurs()) {
            keepOrder(line.channel(), line.nick());
        }
        Optional<String> name = line.displayName().or(() -> fit.isOurs() ? Optional.of(line.nick()) : Optional.empty());
        beKnown(path, line.number(), line.nick(), name);
        send(fit.message(), new Known(Purpose.MESSAGE, path, line.number(), ""), sent);
        return true;
    }

    /**
     * A channel has its messages in the order in which the pipeline comes to them, and it works on each partition by
     * itself: what goes to another one waits.
     */
    private void keepOrder(String channel, String nick) {
        try {
            int partition = producer.partitionOf(nick);
            if (partitions.getOrDefault(channel, partition) != partition) {
                settle();
            }
            partitions.put(channel, partition);
        } catch (KafkaException e) {
            broken = e;
        }
    }

    private void sendChange(Change change) {
        if (isOver()) {
            return;
        }
        TranscriptLine line = change.of().line();
        RawEvent.InChannel event = change.event();
        String field = fieldOf(event);
        if (!mayWrite(change.file(), line.number(), event.userId(), field + ": ")) {
            return;
        }
        if (event instanceof RawEvent.Reaction && keysOf(event.userId()).isEmpty()) {
            line.reactions().stream().filter(reacted -> reacted.nick().equals(event.userId())).findFirst()
                    .flatMap(reacted -> reacted.displayName()
                            .or(() -> change.of().isOurs() ? Optional.of(event.userId()) : Optional.empty()))
                    .ifPresent(name -> names.put(event.userId(), name));
        }
        beKnown(change.file(), line.number(), event.userId(), Optional.empty());
        send(event, new Known(Purpose.CHANGE, change.file(), line.number(), field), changes);
    }

    private boolean mayWrite(Path path, long line, String nick, String what) {
        if (!keysOf(nick).isEmpty() && ownerOf(nick).isEmpty()) {
            refuse(path, line, what + nick + " is claimed: only who holds its key writes under it");
            return false;
        }
        return true;
    }

    /** Makes a user of a nick, or gives it the name of that time; empty: that is not known. */
    private void beKnown(Path path, long line, String nick, Optional<String> name) {
        if (signing.protector() != null) {
            nicks.add(nick);
        }
        UserProfile user = users.get(nick);
        if (user == null) {
            String first = name.orElseGet(() -> names.getOrDefault(nick, nick));
            send(profile(nick, first, List.of()), new Known(Purpose.USER, path, line, nick), usersMade);
        } else if (name.isPresent() && !name.get().equals(user.displayName())) {
            if (!user.keys().isEmpty()) {
                // Who has the key is somebody, and goes by the name of now.
                names.putIfAbsent(nick, user.displayName());
            }
            send(profile(nick, name.get(), user.keys()), new Known(Purpose.NAME, path, line, nick), new AtomicLong());
        }
    }

    /** Remembers the profile as the user's, and leaves the keys as they are. */
    private RawEvent.Profile profile(String nick, String name, List<String> keys) {
        long now = System.currentTimeMillis();
        users.put(nick, new UserProfile(nick, name, keys, now));
        return new RawEvent.Profile(ids.next(), nick, name, now);
    }

    /** Users that reacted go by the names that they had when it was written down; those that are somebody by their own. */
    private void giveNames() {
        for (Map.Entry<String, String> name : names.entrySet()) {
            UserProfile user = users.get(name.getKey());
            if (!isOver() && !user.displayName().equals(name.getValue())) {
                send(profile(user.userId(), name.getValue(), user.keys()),
                        new Known(Purpose.NAME, null, 0, user.userId()), new AtomicLong());
            }
        }
    }

    private List<String> keysOf(String nick) {
        return Identity.keysOf(Optional.ofNullable(users.get(nick)));
    }

    private Optional<Identity> ownerOf(String nick) {
        List<String> keys = keysOf(nick);
        return signing.operators().stream().filter(identity -> keys.contains(identity.key().toString())).findFirst();
    }

    /** What MongoDB has of them, by their ids. */
    private Map<String, Store.Done> known(List<RawEvent.Message> messages) {
        Map<String, List<String>> wanted = messages.stream()
                .collect(Collectors.groupingBy(RawEvent.Message::channel, Collectors.mapping(
                        message -> ChannelRecord.id(message.userId(), message.messageId()), Collectors.toList())));
        Map<String, Store.Done> known = new HashMap<>();
        try {
            for (Map.Entry<String, List<String>> channel : wanted.entrySet()) {
                if (!storeIsAway && lookedUp.computeIfAbsent(channel.getKey(), name -> !store.isEmpty(name))) {
                    known.putAll(store.known(channel.getKey(), channel.getValue()));
                }
            }
        } catch (AccessFailure e) {
            storeIsAway = true;
            console.error(e.getMessage() + "; going on without: what was imported before is sent again,"
                    + " and changes nothing in MongoDB");
        }
        return known;
    }

    private void send(RawEvent event, Known known, AtomicLong counter) {
        Optional<Identity> owner = ownerOf(event.userId());
        if (owner.isEmpty() && !isOperatorKnown) {
            isOperatorKnown = true;
            if (isSentBySomeOperator(known, event, counter)) {
                return;
            }
        }
        unjudged++;
        Optional<Identity> signer = owner.isPresent() || !needsAnOperator(event) ? owner : Optional.ofNullable(operator);
        producer.send(event, signer.map(Identity::signer).orElse(null), told(known, counter));
    }

    /**
     * Whether the event is to be exempt from limits: a signature costs more than all else that is done for an event. Who was
     * asked for by name signs all, since that cluster may have limits of its own.
     */
    private boolean needsAnOperator(RawEvent event) {
        if (operator == null) {
            return false;
        }
        boolean isMuch = sentOf.merge(event.userId(), 1, Integer::sum) > UNSIGNED_OF_A_USER;
        boolean isTheirOwn = event.userId().equals(operator.userId());
        return signing.isRequired() || isMuch || isTheirOwn || event instanceof RawEvent.Deletion
                || event instanceof RawEvent.InChannel inChannel && isRuled.test(inChannel.channel());
    }

    /** The channels in which not everybody may write as much as they like; all of them where nobody can say. */
    private static Predicate<String> ruledChannels(KafkaAccess kafka) {
        try {
            return new ExistingRules(kafka).all().values().stream()
                    .filter(rules -> rules.posting() != ChannelRules.Posting.EVERYONE || rules.slowModeSeconds() > 0
                            || !rules.muted().isEmpty())
                    .map(ChannelRules::channel).collect(Collectors.toSet())::contains;
        } catch (AccessFailure e) {
            return channel -> true;
        }
    }

    /** Nothing but the pipeline knows its operators: it takes an event that one of them signs, and nobody else's. */
    private boolean isSentBySomeOperator(Known known, RawEvent event, AtomicLong counter) {
        for (Identity candidate : signing.operators()) {
            refusedTrial = null;
            producer.send(event, candidate.signer(), (place, e) -> {
                if (e == null) {
                    fates.acknowledged(new Known(Purpose.TRIAL, null, 0, ""), place);
                    verdicts.sent(place);
                } else {
                    broken = e;
                }
            });
            producer.flush();
            if (broken != null || isRefusedAsNoOperator()) {
                continue;
            }
            operator = candidate;
            counter.incrementAndGet();
            if (refusedTrial != null) {
                judged(known, new Fates.Refused(refusedTrial));
            }
            return true;
        }
        if (signing.isRequired() && broken == null) {
            Identity wanted = signing.operators().get(0);
            throw new CommandFailure(wanted.userId() + " is no operator there: the streams app's setting operators must"
                    + " name " + wanted.userId() + "=" + wanted.key());
        }
        return false;
    }

    private boolean isRefusedAsNoOperator() {
        try {
            return verdicts.await(fates) && refusedTrial != null
                    && refusedTrial.code().equals(RejectionCode.INVALID_SIGNATURE.name());
        } catch (AccessFailure e) {
            // It can't be known: whoever was named is believed to be one.
            return !signing.isRequired();
        }
    }

    /** Behind all messages: from then on, what is signed by the key is the claimer's own word. */
    private void protectNicks() {
        if (signing.protector() == null || isOver()) {
            return;
        }
        for (String nick : nicks) {
            UserProfile user = users.get(nick);
            if (user.keys().isEmpty()) {
                producer.send(TranscriptLine.toClaim(digest, user, signing.protector().key(), System.currentTimeMillis()),
                        signing.protector().signer(), told(new Known(Purpose.CLAIM, null, 0, nick), claimed));
            }
        }
    }

    private Callback told(Known known, AtomicLong counter) {
        return (place, e) -> {
            if (e == null) {
                counter.incrementAndGet();
                fates.acknowledged(known, place);
                verdicts.sent(place);
                return;
            }
            boolean isTooLarge = e instanceof RecordTooLargeException;
            if (!isTooLarge) {
                broken = e;
            }
            if (known.purpose() == Purpose.MESSAGE) {
                refusedLines.add(new Place(known.file(), known.line()));
            }
            if (known.file() != null) {
                refuse(known.file(), known.line(), isTooLarge ? kafka.explain(e) : "not acknowledged by Kafka");
            }
        };
    }

    private void refuse(Path path, long line, String reason) {
        refused.incrementAndGet();
        complain(path, line, reason);
    }

    private void complain(Path path, long line, String what) {
        console.errorLine(path + ":" + line + ": " + what);
    }

    @Override
    public void close() {
        producer.close();
        verdicts.close();
    }
}
