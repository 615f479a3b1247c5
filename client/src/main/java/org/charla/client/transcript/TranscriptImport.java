package org.charla.client.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.charla.access.AccessFailure;
import org.charla.access.EventProducer;
import org.charla.access.ExistingUsers;
import org.charla.access.Fates;
import org.charla.access.Identity;
import org.charla.access.KafkaAccess;
import org.charla.access.Store;
import org.charla.access.Verdicts;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.Lines;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;

/**
 * Sends transcripts: each nick's profile ahead of its first message, the messages in the order of the files, without
 * waiting for one another. Whoever is an operator of the cluster signs them, since the flood limit is not meant for them;
 * who that is, is found out by the first of them. To be used once, by one thread.
 */
public final class TranscriptImport implements AutoCloseable {

    /** What an event is known as that shows who is an operator, and the first of those that claim a nick. */
    private static final long TRIAL = 0;
    private static final long CLAIMS = Long.MIN_VALUE;

    /** How many lines are looked up in MongoDB at a time. */
    private static final int BATCH = 1_000;

    /** Throughput goes before latency, and patience before giving up: a broker that is restarted is waited for. */
    private static final Map<String, Object> TUNING = Map.of(
            ProducerConfig.LINGER_MS_CONFIG, 10,
            ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024,
            ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4",
            ProducerConfig.BUFFER_MEMORY_CONFIG, 32L * 1024 * 1024,
            ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000,
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 30_000,
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);

    private final Console console;
    private final KafkaAccess kafka;
    private final Store store;
    private final Verdicts verdicts;
    /** Each event by its line's number among all, profiles by the negative one of the line that they are made for. */
    private final Fates<Long> fates = new Fates<>(Integer.MAX_VALUE, this::judged);
    private final EventProducer producer;
    private final TranscriptLine.IdDigest digest = new TranscriptLine.IdDigest();

    /** Users that exist, or whose profile is on its way. */
    private final Map<String, UserProfile> users;

    private final Signing signing;
    /** Who signs for those that nobody has claimed; null: nobody, or not known yet. */
    private Identity operator;
    private boolean isOperatorKnown;
    private Rejection refusedTrial;

    /** Those to be protected, in the order of their first message. */
    private final Set<String> nicks = new LinkedHashSet<>();
    private final List<String> claims = new ArrayList<>();
    private final AtomicLong claimed = new AtomicLong();
    private final AtomicLong slowedDown = new AtomicLong();

    /** Whether there may be messages in MongoDB, by channel: what was empty at the start holds no duplicates. */
    private final Map<String, Boolean> lookedUp = new HashMap<>();

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong usersMade = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private long duplicates;
    private boolean storeIsAway;

    /** Each file by how many lines were in those before it: a line's number behind that tells it from all others. */
    private final NavigableMap<Long, Path> files = new TreeMap<>();
    private long linesBefore;

    /** What ends the import before the files do. */
    private volatile Exception broken;

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
        this.verdicts = new Verdicts(kafka);
        this.producer = new EventProducer(kafka, TUNING);
    }

    /** Whether a file is standard input, of which there is but one. */
    public static boolean isStandardInput(Path file) {
        return file.equals(TranscriptFile.STANDARD_INPUT) || file.equals(Path.of("/dev/stdin"))
                || file.equals(Path.of("/dev/fd/0")) || file.equals(Path.of("/proc/self/fd/0"));
    }

    /** A line that the rules let pass. */
    private record Fit(TranscriptLine line, RawEvent.Message message) {
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
        protectNicks();
        producer.flush();
        progress.end();
        long millis = progress.millis();
        if (broken != null) {
            console.error(kafka.explain(broken) + "; import the same files again to go on:"
                    + " what MongoDB has by then is skipped");
        }
        boolean completed = broken == null && hearVerdicts();
        if (slowedDown.get() > 0) {
            console.error("the flood limit, which " + slowedDown + " of them exceeded, does not hold for what an operator"
                    + " signs: --operator USER, whose key the streams app's setting operators names");
        }
        return new ImportSummary(sent.get(), duplicates, usersMade.get(), refused.get(),
                signing.protector() == null ? OptionalLong.empty() : OptionalLong.of(claimed.get()), millis, completed);
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

    private void judged(long what, Fates.Fate fate) {
        if (!(fate instanceof Fates.Refused refused)) {
            return;
        }
        if (what == TRIAL) {
            refusedTrial = refused.rejection();
        } else if (what < CLAIMS + claims.size()) {
            claimed.decrementAndGet();
            console.errorLine(claims.get((int) (what - CLAIMS)) + " is not protected: " + refused.rejection().code()
                    + ": " + refused.rejection().reason());
        } else {
            refused(what, refused.rejection());
        }
    }

    private void refused(long what, Rejection rejection) {
        if (rejection.code().equals(RejectionCode.RATE_LIMITED.name())) {
            slowedDown.incrementAndGet();
        }
        Map.Entry<Long, Path> file = files.floorEntry(Math.abs(what) - 1);
        long line = Math.abs(what) - file.getKey();
        if (what > 0) {
            sent.decrementAndGet();
            refuse(file.getValue(), line, rejection.code() + ": " + rejection.reason());
        } else {
            // The line is refused for want of it.
            usersMade.decrementAndGet();
            complain(file.getValue(), line, "its user was not made: " + rejection.code() + ": " + rejection.reason());
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
        long before = linesBefore;
        files.put(before, path);
        long number = 0;
        long bytes = 0;
        List<Fit> batch = new ArrayList<>(BATCH);
        try (TranscriptFile file = TranscriptFile.open(path, console)) {
            for (Lines.Line line = file.next(); line != null && broken == null; line = file.next()) {
                number = line.number();
                bytes = file.bytesRead();
                add(path, line, batch);
                if (batch.size() == BATCH) {
                    send(path, batch);
                    batch.clear();
                    progress.show(sent.get() + duplicates, bytesBefore + bytes);
                }
            }
        } catch (IOException e) {
            refuse(path, number + 1, "the file can't be read any further: " + e.getMessage());
        }
        send(path, batch);
        linesBefore = before + number;
        return bytes;
    }

    private void add(Path path, Lines.Line read, List<Fit> batch) {
        if (read.problem() != null) {
            refuse(path, read.number(), read.problem());
            return;
        }
        if (read.text().isBlank()) {
            return;
        }
        try {
            TranscriptLine line = TranscriptLine.parse(read.number(), read.text());
            RawEvent.Message message = line.toMessage(digest);
            if (EventRules.judge(message, System.currentTimeMillis()) instanceof Rejected rejected) {
                refuse(path, line.number(), rejected.code() + ": " + rejected.reason());
            } else {
                batch.add(new Fit(line, message));
            }
        } catch (TranscriptLine.UnfitException e) {
            refuse(path, read.number(), e.getMessage());
        }
    }

    private void send(Path path, List<Fit> batch) {
        Set<String> known = known(batch.stream().map(Fit::message).toList());
        for (int i = 0; i < batch.size() && broken == null; i++) {
            TranscriptLine line = batch.get(i).line();
            RawEvent.Message message = batch.get(i).message();
            if (known.contains(ChannelRecord.id(message.userId(), message.messageId()))) {
                duplicates++;
                continue;
            }
            List<String> keys = Identity.keysOf(Optional.ofNullable(users.get(line.nick())));
            Optional<Identity> owner = ownerOf(keys);
            if (!keys.isEmpty() && owner.isEmpty()) {
                refuse(path, line.number(), line.nick() + " is claimed: only who holds its key writes under it");
                continue;
            }
            if (signing.protector() != null) {
                nicks.add(line.nick());
            }
            if (!users.containsKey(line.nick())) {
                RawEvent.Profile profile = line.toProfile(digest, System.currentTimeMillis());
                users.put(line.nick(), new UserProfile(line.nick(), profile.displayName(), profile.sentAt()));
                send(path, line, profile, owner, usersMade);
            }
            send(path, line, message, owner, sent);
        }
    }

    private Optional<Identity> ownerOf(List<String> keys) {
        return signing.operators().stream().filter(identity -> keys.contains(identity.key().toString())).findFirst();
    }

    /** Ids of messages that MongoDB has. */
    private Set<String> known(List<RawEvent.Message> messages) {
        Map<String, List<String>> ids = messages.stream()
                .collect(Collectors.groupingBy(RawEvent.Message::channel, Collectors.mapping(
                        message -> ChannelRecord.id(message.userId(), message.messageId()), Collectors.toList())));
        Set<String> known = new HashSet<>();
        try {
            for (Map.Entry<String, List<String>> channel : ids.entrySet()) {
                if (!storeIsAway && lookedUp.computeIfAbsent(channel.getKey(), name -> !store.isEmpty(name))) {
                    known.addAll(store.known(channel.getKey(), channel.getValue()));
                }
            }
        } catch (AccessFailure e) {
            storeIsAway = true;
            console.error(e.getMessage() + "; going on without: what was imported before is sent again,"
                    + " and changes nothing in MongoDB");
        }
        return known;
    }

    /** @param owner who has claimed the author's id; empty: nobody */
    private void send(Path path, TranscriptLine line, RawEvent event, Optional<Identity> owner, AtomicLong counter) {
        long what = (linesBefore + line.number()) * (event instanceof RawEvent.Profile ? -1 : 1);
        if (owner.isEmpty() && !isOperatorKnown) {
            isOperatorKnown = true;
            if (isSentBySomeOperator(what, event, counter)) {
                return;
            }
        }
        producer.send(event, owner.or(() -> Optional.ofNullable(operator)).map(Identity::signer).orElse(null),
                told(path, line, what, counter));
    }

    /** Nothing but the pipeline knows its operators: it takes an event that one of them signs, and nobody else's. */
    private boolean isSentBySomeOperator(long what, RawEvent event, AtomicLong counter) {
        for (Identity candidate : signing.operators()) {
            refusedTrial = null;
            producer.send(event, candidate.signer(), (place, e) -> {
                if (e == null) {
                    fates.acknowledged(TRIAL, place);
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
                refused(what, refusedTrial);
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
        if (signing.protector() == null || broken != null) {
            return;
        }
        for (String nick : nicks) {
            UserProfile user = users.get(nick);
            if (user.keys().isEmpty()) {
                long what = CLAIMS + claims.size();
                claims.add(nick);
                producer.send(TranscriptLine.toClaim(digest, user, signing.protector().key(), System.currentTimeMillis()),
                        signing.protector().signer(), (place, e) -> {
                            if (e == null) {
                                claimed.incrementAndGet();
                                fates.acknowledged(what, place);
                                verdicts.sent(place);
                            } else {
                                broken = e;
                            }
                        });
            }
        }
    }

    private Callback told(Path path, TranscriptLine line, long what, AtomicLong counter) {
        return (place, e) -> {
            if (e == null) {
                counter.incrementAndGet();
                fates.acknowledged(what, place);
                verdicts.sent(place);
            } else if (e instanceof RecordTooLargeException) {
                refuse(path, line.number(), kafka.explain(e));
            } else {
                broken = e;
                refuse(path, line.number(), "not acknowledged by Kafka");
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
