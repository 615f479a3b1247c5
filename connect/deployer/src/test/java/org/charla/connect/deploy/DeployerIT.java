package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.charla.embedded.ConnectWorker;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a program deploys with, on the worker that the standalone starts. */
class DeployerIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String STATUSES = "connect-status";
    private static final int TASKS = 3;

    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    @TempDir
    Path directory;

    @Test
    void aConnectorRunsWhenEachOfItsTasksDoesWhateverIsWrittenOfThem() throws Exception {
        Path settings = Files.writeString(directory.resolve("connect-worker.properties"),
                "\uFEFF" + Files.readString(Checkout.WORKER));
        Path config = Files.writeString(directory.resolve("held.json"), """
                \uFEFF{"connector.class":"org.charla.connect.deploy.HeldSink","topics":"letters","tasks.max":"%d"}"""
                .formatted(TASKS));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Checkout.BROKER, directory.resolve("kafka"), 0, faults)) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic("letters", 1, (short) -1), new NewTopic(STATUSES, 1, (short) -1)
                        .configs(Map.of("cleanup.policy", "compact")))).all().get(10, TimeUnit.SECONDS);
            }
            pretendToRun(kafka);
            try (ConnectWorker worker = ConnectWorker.start(settings, Files.createDirectory(directory.resolve("plugins")),
                    kafka.bootstrapServers(), 0, "mongodb://127.0.0.1:1")) {
                CompletableFuture<List<String>> deployed =
                        CompletableFuture.supplyAsync(() -> apply(worker, config, LIMIT));
                try {
                    await().atMost(LIMIT).until(() ->
                            HeldSink.IS_HELD.getCount() == 0 && running(worker).equals(Set.of(0, 1)));
                    assertNotDone(deployed);
                    assertThatThrownBy(() -> apply(worker, config, Duration.ofSeconds(1)))
                            .isInstanceOf(DeployException.class)
                            .hasMessageStartingWith("the connectors don't run: held: unchanged, NOT RUNNING: ");
                } finally {
                    HeldSink.LET_GO.countDown();
                }
                assertThat(deployed.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).containsExactly("held");
                worker.requireNotFailed("held");
            }
        }
    }

    private static List<String> apply(ConnectWorker worker, Path config, Duration limit) {
        return Deployer.apply(ConnectSettings.of(worker.url().toString(), Map.of(), Map.of(), Map.of()),
                List.of(config), limit, note -> { });
    }

    /** Several looks long. */
    private static void assertNotDone(CompletableFuture<?> deployed) {
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(3)).until(() -> !deployed.isDone());
    }

    /** The tasks of which the worker says so. */
    private static Set<Integer> running(ConnectWorker worker) throws Exception {
        Set<Integer> running = new HashSet<>();
        JsonNode status;
        try (InputStream answer = worker.url().resolve("/connectors?expand=status").toURL().openStream()) {
            status = ConnectJson.MAPPER.readTree(answer).path("held").path("status");
        }
        for (JsonNode task : status.path("tasks")) {
            if (task.path("state").asText().equals("RUNNING")) {
                running.add(task.path("id").asInt());
            }
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
