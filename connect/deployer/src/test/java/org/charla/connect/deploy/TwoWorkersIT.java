package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Against two workers, of which that one dies which shares out the tasks, and to which the other passes changes on. */
class TwoWorkersIT {

    @TempDir
    Path home;

    private final List<Worker> workers = new ArrayList<>();
    @RegisterExtension
    private final ServerFaults faults = new ServerFaults();

    private EmbeddedKafka broker;
    private Worker leader;
    private Worker follower;
    private Cli cli;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedKafka.start(Checkout.BROKER, home.resolve("kafka"), 0, faults);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("letters", 2, (short) 1))).all().get();
        }
        Worker one = startWorker();
        Worker two = startWorker();
        boolean first = two.leader().equals(one.url());
        leader = first ? one : two;
        follower = first ? two : one;
        cli = new Cli(follower.url(), Map.of(), Map.of("bootstrap.servers", broker.bootstrapServers()),
                Files.createDirectory(home.resolve("connectors")), null, "8");
    }

    private Worker startWorker() throws IOException {
        Worker worker = Worker.start(home, broker.bootstrapServers(), Map.of());
        workers.add(worker);
        worker.awaitReady();
        return worker;
    }

    @AfterEach
    void stop() {
        workers.forEach(Worker::close);
        broker.close();
    }

    @Test
    void whatRanOnADeadWorkerIsBroughtToTheOtherAndNothingElseIsSaid() throws Exception {
        declare("a", 2);
        declare("b", 1);
        assertThat(cli.run("apply", "--stable", "1")).satisfies(apply -> {
            assertThat(apply.status()).isZero();
            assertThat(apply.out()).isEqualTo("a: created, running, 2 tasks\nb: created, running, 1 task\n");
        });
        assertThat(workersOfTasks()).containsOnly(leader.id(), follower.id());

        CompletableFuture<Cli.Result> watch =
                CompletableFuture.supplyAsync(() -> cli.run("watch", "--for", "25", "--interval", "1"));
        Files.writeString(cli.folder().resolve("b.json"), settings(1).replace("}", ",\"errors.tolerance\":\"all\"}"));
        CompletableFuture<Cli.Result> during = CompletableFuture.supplyAsync(() -> cli.run("apply", "--stable", "1"));
        await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20)).until(() ->
                cli.run("diff").status() == 0);
        // For some seconds the other one goes on passing changes to it.
        leader.kill();
        Path more = Files.createDirectory(home.resolve("more"));
        Files.writeString(more.resolve("c.json"), settings(2));
        CompletableFuture<Cli.Result> afterwards =
                CompletableFuture.supplyAsync(() -> cli.run("apply", "--stable", "1", more.toString()));

        assertThat(during.get().out()).endsWith("a: unchanged, running, 2 tasks\nb: updated, running, 1 task\n");
        assertThat(workersOfTasks()).containsOnly(follower.id());
        assertThat(during.get().status()).isZero();
        assertThat(afterwards.get().out()).isEqualTo("c: created, running, 2 tasks\n");
        assertThat(workersOfTasks()).hasSize(5).containsOnly(follower.id());
        assertThat(watch.get()).satisfies(result -> {
            assertThat(result.status()).isZero();
            assertThat(result.out()).endsWith("ended: healthy\n").hasLineCount(1);
        });
    }

    private List<String> workersOfTasks() throws Exception {
        List<String> ids = new ArrayList<>();
        for (String line : cli.run("status", "--json").out().lines().toList()) {
            ConnectJson.MAPPER.readTree(line).path("tasks").forEach(task -> ids.add(task.path("worker").asText()));
        }
        return ids;
    }

    private void declare(String name, int tasks) throws Exception {
        Files.writeString(cli.folder().resolve(name + ".json"), settings(tasks));
    }

    private static String settings(int tasks) {
        return "{\"connector.class\":\"org.charla.connect.deploy.ObedientSink\",\"topics\":\"letters\",\"tasks.max\":"
                + tasks + "}";
    }
}
