package org.charla.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectWorkerRunningIT {

    private static final Path HOME = Path.of(System.getProperty("charla.home"));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String STATUSES = "connect-status";
    private static final int TASKS = 3;

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    @Test
    void aConnectorRunsWhenEachOfItsTasksDoesWhateverIsWrittenOfThem() throws Exception {
        Path settings = Files.writeString(directory.resolve("connect-worker.properties"),
                "\uFEFF" + Files.readString(HOME.resolve("config/connect-worker.properties")));
        Path config = Files.writeString(directory.resolve("held.json"), """
                \uFEFF{"connector.class":"org.charla.embedded.HeldSink","topics":"letters","tasks.max":"%d"}"""
                .formatted(TASKS));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0,
                (what, cause) -> failures.add(cause))) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("letters", 1, (short) -1), new NewTopic(STATUSES, 1, (short) -1)
                        .configs(Map.of("cleanup.policy", "compact")))).all().get(10, TimeUnit.SECONDS);
            }
            pretendToRun(kafka);
            try (ConnectWorker connect = ConnectWorker.start(settings, Files.createDirectory(directory.resolve("plugins")),
                    kafka.bootstrapServers(), 0, "mongodb://127.0.0.1:1")) {
                CompletableFuture<Void> deployed = CompletableFuture.runAsync(() -> deploy(connect, config));
                try {
                    await().atMost(LIMIT).until(() -> HeldSink.IS_HELD.getCount() == 0 && running(connect) == TASKS);
                    assertNotDone(deployed);
                } finally {
                    HeldSink.LET_GO.countDown();
                }
                deployed.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                connect.requireNotFailed("held");
            }
        }
        assertThat(failures).isEmpty();
    }

    private static void deploy(ConnectWorker connect, Path config) {
        try {
            connect.deploy("held", config, LIMIT);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Several looks long. */
    private static void assertNotDone(CompletableFuture<Void> deployed) {
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(3)).until(() -> !deployed.isDone());
    }

    private static int running(ConnectWorker connect) throws Exception {
        int running = 0;
        JsonNode status = new ObjectMapper().readTree(
                connect.url().resolve("/connectors?expand=status").toURL()).path("held").path("status");
        for (JsonNode task : status.path("tasks")) {
            running += task.path("state").asText().equals("RUNNING") ? 1 : 0;
        }
        return running;
    }

    /** As a worker leaves it that is killed. */
    private static void pretendToRun(EmbeddedKafka kafka) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new StringSerializer(),
                new StringSerializer())) {
            for (int task = 0; task < TASKS; task++) {
                producer.send(new ProducerRecord<>(STATUSES, "status-task-held-" + task,
                        "{\"state\":\"RUNNING\",\"worker_id\":\"gone:1\",\"generation\":1}"))
                        .get(10, TimeUnit.SECONDS);
            }
        }
    }
}
