package org.charla.benchmark;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.charla.protocol.Topics;
import org.charla.streams.StreamsAppConfig;
import org.charla.streams.TopicCatalogue;

/**
 * A broker's folder with all topics made and {@code chat.raw} filled. It is made once; each run gets a copy, so that all
 * contenders find the same bytes on a broker of the same age.
 */
final class Backlog {

    private static final int TOPICS_AT_ONCE = 500;

    private final Path folder;
    private final Workload workload;
    private final long events;

    private Backlog(Path folder, Workload workload, long events) {
        this.folder = folder;
        this.workload = workload;
        this.events = events;
    }

    /** Makes it in a new folder below {@code work}. */
    static Backlog make(Path work, Workload workload, long events) throws Exception {
        Path folder = work.resolve("backlog-" + workload.name() + "-" + workload.channels() + "-" + workload.users()
                + "-" + events);
        delete(folder);
        try (Broker broker = Broker.start(folder, work.resolve("broker.log"))) {
            makeTopics(broker.bootstrapServers(), workload);
            fill(broker.bootstrapServers(), workload, 0, events);
        }
        return new Backlog(folder, workload, events);
    }

    Workload workload() {
        return workload;
    }

    long events() {
        return events;
    }

    /** Starts a broker on a copy. */
    Broker broker(Path copy, Path log) throws IOException, InterruptedException {
        copyTo(copy);
        return Broker.start(copy, log);
    }

    /** Starts a broker, whose JVM has these options, on a copy. */
    Broker broker(Path copy, Path log, List<String> options) throws IOException, InterruptedException {
        copyTo(copy);
        return Broker.start(copy, log, options);
    }

    /** Copies it for a broker of somebody else's. */
    void copyTo(Path copy) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(copy.resolve(folder.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, copy.resolve(folder.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    void delete() throws IOException {
        delete(folder);
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The topics as the streams app makes them, those of the channels too. */
    static void makeTopics(String bootstrapServers, Workload workload) throws ExecutionException, InterruptedException {
        TopicCatalogue catalogue = StreamsAppConfig.of(new Properties(), Map.of()).topics();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(catalogue.core()).all().get();
            List<NewTopic> channels = IntStream.range(0, workload.channels())
                    .mapToObj(channel -> catalogue.channel(workload.channel(channel))).toList();
            for (int from = 0; from < channels.size(); from += TOPICS_AT_ONCE) {
                admin.createTopics(channels.subList(from, Math.min(from + TOPICS_AT_ONCE, channels.size()))).all().get();
            }
            awaitLeaders(admin, catalogue.core());
        }
    }

    /**
     * A topic is created before its leader is at work: a batch that it refuses so long and one behind that, which it takes,
     * are never put in order again, since a partition that knows nothing of a producer takes any sequence number first.
     */
    private static void awaitLeaders(Admin admin, List<NewTopic> topics) throws ExecutionException, InterruptedException {
        admin.listOffsets(topics.stream().flatMap(topic -> IntStream.range(0, topic.numPartitions())
                .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()))).all().get();
    }

    /** Writes events {@code from} (inclusive) to {@code to} (exclusive) and waits until the broker has them. */
    static void fill(String bootstrapServers, Workload workload, long from, long to) {
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrapServers,
                "linger.ms", "20", "batch.size", "262144", "acks", "all"),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(Topics.RAW, workload.key(i), workload.value(i)),
                        (metadata, error) -> failure.compareAndSet(null, error));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("chat.raw was not filled", failure.get());
        }
    }
}
