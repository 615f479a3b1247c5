package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Accepted;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;

/**
 * Sends transcripts: each nick's profile ahead of its first message, the messages in the order of the files, without
 * waiting for one another. To be used once, by one thread.
 */
final class TranscriptImport implements AutoCloseable {

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
    private final Producer<byte[], byte[]> producer;
    private final TranscriptLine.IdDigest digest = new TranscriptLine.IdDigest();

    /** Users that exist, or whose profile is on its way. */
    private final Set<String> users;

    /** Whether there may be messages in MongoDB, by channel: what was empty at the start holds no duplicates. */
    private final Map<String, Boolean> lookedUp = new HashMap<>();

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong usersMade = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private long duplicates;
    private boolean storeIsAway;

    /** What ends the import before the files do. */
    private volatile Exception broken;

    /** Begins with the users that there are; fails if Kafka doesn't answer. */
    TranscriptImport(Settings settings, Console console) {
        this.console = console;
        this.kafka = new KafkaAccess(settings);
        this.store = new Store(settings.mongodbUri());
        this.users = new ExistingUsers(kafka).ids();
        this.producer = kafka.producer(TUNING);
    }

    /**
     * Sends what the files hold and waits until all of it is acknowledged.
     *
     * @throws CommandFailure if one of the files can't be read at all, before anything is sent
     */
    ImportSummary run(List<Path> files) {
        Progress progress = new Progress(console, totalBytes(files));
        long bytesBefore = 0;
        for (Path file : files) {
            bytesBefore += read(file, progress, bytesBefore);
        }
        producer.flush();
        progress.end();
        if (broken != null) {
            console.error(kafka.explain(broken) + "; import the same files again to go on:"
                    + " what MongoDB has by then is skipped");
        }
        return new ImportSummary(
                sent.get(), duplicates, usersMade.get(), refused.get(), progress.millis(), broken == null);
    }

    private static long totalBytes(List<Path> files) {
        long total = 0;
        for (Path file : files) {
            if (file.equals(TranscriptFile.STANDARD_INPUT)) {
                continue;
            }
            if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw new CommandFailure("there is no file to read at " + file);
            }
            total += file.toFile().length();
        }
        return files.contains(TranscriptFile.STANDARD_INPUT) ? 0 : total;
    }

    private long read(Path path, Progress progress, long bytesBefore) {
        long number = 0;
        long bytes = 0;
        List<TranscriptLine> batch = new ArrayList<>(BATCH);
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
        return bytes;
    }

    private void add(Path path, Lines.Line line, List<TranscriptLine> batch) {
        try {
            if (line.problem() != null) {
                refuse(path, line.number(), line.problem());
            } else {
                batch.add(TranscriptLine.parse(line.number(), line.text()));
            }
        } catch (TranscriptLine.UnfitException e) {
            refuse(path, line.number(), e.getMessage());
        }
    }

    private void send(Path path, List<TranscriptLine> lines) {
        List<RawEvent.Message> messages = lines.stream().map(line -> line.toMessage(digest)).toList();
        Set<String> known = known(messages);
        for (int i = 0; i < lines.size() && broken == null; i++) {
            RawEvent.Message message = messages.get(i);
            if (known.contains(ChannelMessage.id(message.userId(), message.messageId()))) {
                duplicates++;
                continue;
            }
            TranscriptLine line = lines.get(i);
            if (users.add(line.nick())) {
                introduce(path, line);
            }
            send(path, line, message, sent);
        }
    }

    /** A nick that can't be a user's id gets no profile: the message is refused for that very reason. */
    private void introduce(Path path, TranscriptLine line) {
        long now = System.currentTimeMillis();
        RawEvent.Profile profile = line.toProfile(digest, now);
        if (EventRules.judge(profile.userId().getBytes(UTF_8), Wire.write(profile), now) instanceof Accepted) {
            send(path, line, profile, usersMade);
        }
    }

    /** Ids of messages that MongoDB has. */
    private Set<String> known(List<RawEvent.Message> messages) {
        Map<String, List<String>> ids = messages.stream()
                .filter(message -> Topics.isChannelName(message.channel()))
                .collect(Collectors.groupingBy(RawEvent.Message::channel, Collectors.mapping(
                        message -> ChannelMessage.id(message.userId(), message.messageId()), Collectors.toList())));
        Set<String> known = new HashSet<>();
        try {
            for (Map.Entry<String, List<String>> channel : ids.entrySet()) {
                if (!storeIsAway && lookedUp.computeIfAbsent(channel.getKey(), name -> !store.isEmpty(name))) {
                    known.addAll(store.known(channel.getKey(), channel.getValue()));
                }
            }
        } catch (CommandFailure e) {
            storeIsAway = true;
            console.error(e.getMessage() + "; going on without: what was imported before is sent again,"
                    + " and changes nothing in MongoDB");
        }
        return known;
    }

    private void send(Path path, TranscriptLine line, RawEvent event, AtomicLong counter) {
        Callback callback = (metadata, e) -> {
            if (e == null) {
                counter.incrementAndGet();
            } else if (e instanceof RecordTooLargeException) {
                refuse(path, line.number(), "the message is larger than Kafka takes");
            } else {
                broken = e;
                refuse(path, line.number(), "not acknowledged by Kafka");
            }
        };
        producer.send(new ProducerRecord<>(Topics.RAW, event.userId().getBytes(UTF_8), Wire.write(event)), callback);
    }

    private void refuse(Path path, long line, String reason) {
        refused.incrementAndGet();
        console.errorLine(path + ":" + line + ": " + reason);
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        store.close();
    }
}
