package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.charla.embedded.EmbeddedKafka;
import org.charla.testing.Checkout;
import org.charla.testing.ServerFaults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConnectorsOnARealWorkerIT {

    private static final String SINK =
            "\"connector.class\":\"org.charla.connect.deploy.ObedientSink\",\"topics\":\"letters\"";

    @TempDir
    static Path home;

    @RegisterExtension
    private static final ServerFaults faults = new ServerFaults();

    private static EmbeddedKafka broker;
    private static Worker worker;
    private static Path secrets;
    private static KafkaProducer<String, String> producer;

    @TempDir
    Path folder;

    private Cli cli;

    @BeforeAll
    static void start() throws Exception {
        secrets = Files.writeString(home.resolve("secrets.properties"), "seven=hunter2\nlong=correct horse\n");
        broker = EmbeddedKafka.start(Checkout.BROKER, home.resolve("kafka"), 0, faults);
        worker = Worker.start(home, broker.bootstrapServers(),
                Map.of("config.providers.file.param.allowed.paths", secrets.toString()));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("letters", 2, (short) 1))).all().get();
        }
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t",
                "transaction.timeout.ms", 10_000), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        worker.awaitReady();
    }

    @AfterAll
    static void stop() {
        producer.close();
        worker.close();
        broker.close();
    }

    @BeforeEach
    void useFolder() {
        cli = new Cli(worker.url(), Map.of(), Map.of("bootstrap.servers", broker.bootstrapServers()), folder, null,
                "0.5");
    }

    @AfterEach
    void removeConnectors() throws Exception {
        Map<String, ConnectRest.Info> infos;
        try {
            infos = rest().infos();
        } catch (UnreachableException e) {
            return;
        }
        infos.keySet().forEach(rest()::delete);
    }

    @Test
    void appliesAFolderThenFindsItEqual() throws Exception {
        declare("a", SINK + ",\"tasks.max\":2");
        declare("b", SINK);
        assertThat(cli.run("diff", "--json")).satisfies(diff -> {
            assertThat(diff.status()).isEqualTo(3);
            assertThat(diff.out()).contains("\"connector\":\"a\",\"difference\":\"new\"");
        });

        assertThat(cli.run("apply")).isEqualTo(new Cli.Result(0,
                "a: created, running, 2 tasks\nb: created, running, 1 task\n", ""));

        assertThat(cli.run("diff")).isEqualTo(new Cli.Result(0, "a: same\nb: same\n", ""));
        assertThat(cli.run("apply", "--dry-run").status()).isZero();
        assertThat(cli.run("list").out()).contains("NAME").containsPattern("a +sink +RUNNING +2/2 +yes");
        assertThat(cli.run("apply", "--json").out()).contains(
                "{\"connector\":\"a\",\"action\":\"unchanged\",\"running\":true,\"tasks\":2}");
    }

    @Test
    void takesWhatCurlDeployedFromTheSameFileForEqual() throws Exception {
        Path file = declare("a", SINK + ",\"tasks.max\":2");
        HttpResponse<String> put = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create(worker.url() + "/connectors/a/config"))
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofFile(file)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(put.statusCode()).isEqualTo(201);

        assertThat(cli.run("diff")).isEqualTo(new Cli.Result(0, "a: same\n", ""));
        assertThat(cli.run("apply").out()).isEqualTo("a: unchanged, running, 2 tasks\n");
    }

    @Test
    void showsAndAppliesAChange() throws Exception {
        declare("a", SINK + ",\"tasks.max\":2");
        cli.run("apply");
        declare("a", SINK + ",\"tasks.max\":1,\"size\":3");

        assertThat(cli.run("apply", "--dry-run")).isEqualTo(new Cli.Result(3,
                "a: changed\n  + size = 3\n  ~ tasks.max = 2 -> 1\n", ""));
        assertThat(rest().config("a").orElseThrow()).containsEntry("tasks.max", "2");
        assertThat(cli.run("apply")).isEqualTo(new Cli.Result(0,
                "a: changed\n  + size = 3\n  ~ tasks.max = 2 -> 1\na: updated, running, 1 task\n", ""));
    }

    @Test
    void changesNothingWhenOneFileIsInvalid() throws Exception {
        declare("a", SINK);
        Path wrong = declare("b", SINK + ",\"tasks.max\":\"many\",\"size\":10");

        Cli.Result validate = cli.run("validate", wrong.toString());
        assertThat(validate.status()).isEqualTo(1);
        assertThat(validate.out()).startsWith("b: invalid\n").contains("tasks.max: Invalid value many",
                "size: Invalid value 10");
        assertThat(cli.run("apply")).satisfies(apply -> {
            assertThat(apply.status()).isEqualTo(1);
            assertThat(apply.err()).isEqualTo("charla: nothing was changed\n");
        });
        assertThat(rest().infos()).isEmpty();
    }

    @Test
    void namesAPluginThatTheWorkerDoesNotHave() throws Exception {
        declare("a", "\"connector.class\":\"no.SuchSink\",\"topics\":\"letters\"");
        Cli.Result validate = cli.run("validate");
        assertThat(validate.status()).isEqualTo(1);
        assertThat(validate.out()).contains("connector.class", "no such plugin");
        assertThat(cli.run("plugins").out()).contains("org.charla.connect.deploy.ObedientSink");
        assertThat(cli.run("plugins", "--json").out()).contains("{\"class\":\"org.charla.connect.deploy.ObedientSink\","
                + "\"type\":\"sink\",\"version\":\"1\"}");
    }

    @Test
    void tellsAMongoDbThatDoesNotAnswerFromAWrongSetting() throws Exception {
        String mongo = "\"connector.class\":\"com.mongodb.kafka.connect.MongoSinkConnector\",\"topics\":\"letters\","
                + "\"database\":\"chat\","
                + "\"connection.uri\":\"mongodb://alice:hunter2@127.0.0.1:1/?connectTimeoutMS=200\"";
        declare("a", mongo);
        Cli.Result down = cli.run("validate", "--json");
        assertThat(down.status()).isEqualTo(4);
        assertThat(down.out()).contains("\"result\":\"unreachable\"", "\"setting\":\"connection.uri\"")
                .doesNotContain("hunter2");
        String said = "a: can't be validated: connection.uri: MongoDB does not answer the worker; start it, or correct"
                + " the address, and try again\n";
        assertThat(cli.run("validate")).isEqualTo(new Cli.Result(4, said, ""));
        assertThat(cli.run("apply")).isEqualTo(new Cli.Result(4, said, "charla: nothing was changed\n"));

        declare("a", mongo + ",\"tasks.max\":0");
        assertThat(cli.run("validate")).satisfies(wrong -> {
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.out()).startsWith("a: invalid\n");
        });
    }

    @Test
    void printsNoSecretWhateverHappens() throws Exception {
        declare("a", SINK + ",\"opener\":\"hunter2\"");
        declare("b", SINK + ",\"opener\":\"${file:" + secrets + ":seven}\"");
        declare("e", SINK + ",\"opener\":\"${env:SEVEN}\"");
        declare("c", SINK + ",\"opener\":\"swordfish\",\"my.api.key\":\"swordfish\",\"at\":\"http://u:swordfish@h/\"");
        declare("d", SINK + ",\"opener\":\"${file:" + secrets + ":long}\"");
        for (String[] command : new String[][] {{"validate"}, {"validate", "--json"}, {"diff"}, {"diff", "--json"},
            {"apply", "--dry-run"}, {"apply", "--json"}}) {
            Cli.Result result = cli.run(command);
            assertThat(result.status()).isNotZero();
            assertThat(result.out() + result.err()).doesNotContain("hunter2", "swordfish", "correct horse");
        }
        assertThat(cli.run("validate").out()).contains("opener: Invalid value ***");
        assertThat(cli.run("diff").out()).contains("opener = ***", "opener = ${file:" + secrets + ":long}",
                "my.api.key = ***", "at = http://***@h/");

        Files.delete(folder.resolve("a.json"));
        Files.delete(folder.resolve("b.json"));
        Files.delete(folder.resolve("e.json"));
        assertThat(cli.run("apply").status()).isZero();
        declare("c", SINK + ",\"opener\":\"sword-fish\",\"my.api.key\":\"x\",\"at\":\"http://u:x@h/\"");
        Cli.Result changed = cli.run("diff");
        assertThat(changed.out()).contains("opener = *** -> *** (differs in what is masked)",
                "at = http://***@h/ -> http://***@h/ (differs").doesNotContain("swordfish", "sword-fish");
        assertThat(cli.run("status", "--json", "--trace").out()).doesNotContain("swordfish");
        assertThat(rest().config("d").orElseThrow()).containsEntry("opener", "${file:" + secrets + ":long}");
    }

    @Test
    void reportsTheRootCauseOfAFailedTaskThenRestartsIt() throws Exception {
        Path fault = Files.createFile(home.resolve("fault-restart"));
        declare("a", SINK + ",\"fail.while\":\"" + fault + "\"");

        assertThat(cli.run("apply")).isEqualTo(new Cli.Result(1,
                "a: created, NOT RUNNING: task 0: java.io.IOException: disk full\n", ""));
        assertThat(cli.run("apply").out()).startsWith("a: unchanged, NOT RUNNING: task 0: ");
        Cli.Result status = cli.run("status", "a");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("task 0: FAILED on ", "\n    java.io.IOException: disk full\n")
                .doesNotContain("at org.");
        assertThat(cli.run("status", "a", "--trace").out())
                .contains("gave up", "    at org.", "mongodb://***@db").doesNotContain("hunter2");
        assertThat(cli.run("status", "a", "--json").out()).contains("\"cause\":\"java.io.IOException: disk full\"");
        assertThat(cli.run("restart", "a", "--failed").status()).isEqualTo(1);

        Files.delete(fault);
        assertThat(cli.run("restart", "a", "--failed")).isEqualTo(new Cli.Result(0, "a: running, 1 task\n", ""));
    }

    @Test
    void aMendedFileBringsAFailedConnectorBack() throws Exception {
        Path fault = Files.createFile(home.resolve("fault-apply"));
        declare("a", SINK + ",\"fail.while\":\"" + fault + "\"");
        cli.run("apply");
        declare("a", SINK);
        assertThat(cli.run("apply").out()).endsWith("a: updated, running, 1 task\n");
    }

    @Test
    void pausesStopsAndResumes() throws Exception {
        declare("a", SINK);
        cli.run("apply");
        assertThat(cli.run("pause", "a")).isEqualTo(new Cli.Result(0, "a: paused\n", ""));
        assertThat(cli.run("status").status()).isZero();
        assertThat(cli.run("stop", "a", "--json").out()).isEqualTo(
                "{\"connector\":\"a\",\"state\":\"STOPPED\",\"tasks\":0}\n");
        assertThat(cli.run("apply")).isEqualTo(new Cli.Result(1,
                "a: unchanged, NOT RUNNING: stopped (charla connectors resume a)\n", ""));
        assertThat(cli.run("resume", "a")).isEqualTo(new Cli.Result(0, "a: running, 1 task\n", ""));
        assertThat(cli.run("restart", "a").out()).isEqualTo("a: running, 1 task\n");
        assertThat(cli.run("pause", "nobody")).isEqualTo(new Cli.Result(1, "",
                "charla: there is no connector nobody on the worker; there are a\n"));
    }

    @Test
    void showsLagAndOffsetsAndResetsThemWhileStopped() throws Exception {
        declare("lagging", SINK);
        cli.run("apply");
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("letters", 0, "k", "v"));
        producer.commitTransaction();
        await().atMost(Duration.ofSeconds(10)).until(() -> cli.run("offsets", "lagging").out().contains("letters"));
        // One record and one marker; the sink stands before the marker and is not behind.
        assertThat(cli.run("offsets", "lagging").out()).contains("topic letters, partition 0: offset 1\n");
        assertThat(cli.run("status", "lagging").out()).contains("lag 0\n");

        assertThat(cli.run("offsets", "lagging", "--reset", "--yes").err()).contains("is not stopped");
        cli.run("stop", "lagging");
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("letters", 0, "k", "v"));
        producer.commitTransaction();
        assertThat(cli.run("status", "lagging", "--json").out()).containsPattern("\"lag\":[23]");
        assertThat(cli.run("offsets", "lagging", "--reset")).satisfies(reset -> {
            assertThat(reset.status()).isEqualTo(1);
            assertThat(reset.err()).contains("--yes");
        });
        assertThat(cli.answering("n\n").run("offsets", "lagging", "--reset").err()).contains("nothing was done");
        assertThat(cli.run("offsets", "lagging").out()).contains("offset 1");
        assertThat(cli.answering("yes\n").run("offsets", "lagging", "--reset").status()).isZero();
        assertThat(cli.run("offsets", "lagging").out()).isEmpty();
    }

    @Test
    void prunesOnlyWhatAnApplyDeployedUnlessAPersonSaysSo() throws Exception {
        declare("kept", SINK);
        Path dropped = declare("dropped", SINK);
        rest().put("foreign", Map.of("connector.class", "org.charla.connect.deploy.ObedientSink", "topics", "letters"));
        cli.run("apply");
        Files.delete(dropped);

        assertThat(cli.run("apply", "--prune", "--dry-run")).satisfies(dryRun -> {
            assertThat(dryRun.status()).isEqualTo(3);
            assertThat(dryRun.out()).contains("dropped: would be removed\n",
                    "foreign: would be removed, after a question: no apply deployed it\n");
        });
        assertThat(cli.run("apply", "--prune").status()).as("without a terminal").isEqualTo(1);
        assertThat(rest().infos()).containsOnlyKeys("kept", "dropped", "foreign");

        Cli.Result prune = cli.run("apply", "--prune", "--yes");
        assertThat(prune.status()).isZero();
        assertThat(prune.out()).contains("dropped: removed\n");
        assertThat(prune.err()).contains("foreign stays");
        assertThat(rest().infos()).containsOnlyKeys("kept", "foreign");

        assertThat(cli.answering("y\n").run("apply", "--prune").out()).contains("foreign: removed\n");
        assertThat(rest().infos()).containsOnlyKeys("kept");
        assertThat(cli.run("apply", "--prune", folder.resolve("kept.json").toString()).status()).isEqualTo(2);
    }

    @Test
    void deletesAfterAYes() throws Exception {
        declare("a", SINK);
        cli.run("apply");
        assertThat(cli.run("delete", "a").status()).as("without a terminal").isEqualTo(1);
        assertThat(cli.answering("\n").run("delete", "a").err()).endsWith("nothing was done\n");
        assertThat(rest().infos()).containsOnlyKeys("a");
        assertThat(cli.answering("y\n").run("delete", "a").out()).isEqualTo("a: removed\n");
        assertThat(rest().infos()).isEmpty();
    }

    @Test
    void twoAppliesAtOnceLeaveOneDeclarationAndTellTheTruth() throws Exception {
        declare("a", SINK + ",\"tasks.max\":1");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("a.json"), "{" + SINK + ",\"tasks.max\":2}");
        CompletableFuture<Cli.Result> one = CompletableFuture.supplyAsync(() -> cli.run("apply", "--stable", "1.5"));
        Cli.Result two = cli.run("apply", other.toString(), "--stable", "1.5");

        String left = rest().config("a").orElseThrow().get("tasks.max");
        Cli.Result winner = left.equals("1") ? one.get() : two;
        Cli.Result loser = left.equals("1") ? two : one.get();
        assertThat(winner).satisfies(result -> {
            assertThat(result.status()).isZero();
            assertThat(result.out()).contains("running, " + left + " task");
        });
        assertThat(loser.out()).contains("somebody else has changed it meanwhile");
        assertThat(loser.status()).isEqualTo(1);
    }

    @Test
    void aLoggerThatIsSetToDebugLogsMore() throws Exception {
        String logger = "org.apache.kafka.connect.runtime.distributed.DistributedHerder";
        assertThat(cli.run("loggers", logger)).isEqualTo(new Cli.Result(0, logger + ": INFO\n", ""));
        assertThat(worker.log().contains(" DEBUG ")).isFalse();
        assertThat(cli.run("loggers", logger, "DEBUG", "--cluster")).isEqualTo(
                new Cli.Result(0, logger + ": DEBUG\n", ""));
        await().atMost(Duration.ofSeconds(5)).until(() -> cli.run("loggers", "--json").out()
                .contains("{\"logger\":\"" + logger + "\",\"level\":\"DEBUG\"}"));
        declare("a", SINK);
        cli.run("apply");
        assertThat(worker.log().contains(" DEBUG ")).isTrue();
        assertThat(cli.run("loggers", logger, "INFO").status()).isZero();
        assertThat(cli.run("loggers", logger).out()).isEqualTo(logger + ": INFO\n");
        assertThat(cli.run("loggers", logger, "LOUD").status()).isEqualTo(2);
    }

    @Test
    void saysThatTheWorkerSpeaksNoTls() {
        assertThat(Cli.of(worker.url().replace("http:", "https:"), folder).run("list")).satisfies(list -> {
            assertThat(list.status()).isEqualTo(4);
            assertThat(list.err()).contains("http:// alone").hasLineCount(1);
        });
    }

    @Test
    void aTaskThatFailsSoonAfterItsStartIsNotCalledRunning() throws Exception {
        declare("a", SINK + ",\"fail.after.ms\":700");
        assertThat(cli.run("apply", "--stable", "2.5")).isEqualTo(new Cli.Result(1,
                "a: created, NOT RUNNING: task 0: java.io.IOException: disk full\n", ""));
    }

    @Test
    void writesNothingButJsonObjectsWhereJsonIsAskedFor() throws Exception {
        declare("plain", SINK);
        Path wrong = Files.createDirectory(folder.resolve("wrong"));
        Files.writeString(wrong.resolve("b.json"), "{" + SINK + ",\"size\":10}");
        String[][] commands = {{"validate"}, {"validate", wrong.toString()}, {"diff"}, {"apply", "--dry-run"},
            {"apply", wrong.toString()}, {"apply"}, {"apply", "--prune", "--dry-run"}, {"list"}, {"status"},
            {"status", "nobody"}, {"offsets", "plain"}, {"offsets", "plain", "--reset", "--yes"}, {"pause", "plain"},
            {"stop", "plain"}, {"offsets", "plain", "--reset", "--yes"}, {"resume", "plain"}, {"restart", "plain"},
            {"restart", "plain", "--failed"}, {"plugins"}, {"loggers"}, {"loggers", "org.charla", "INFO"},
            {"watch", "--for", "0"}, {"delete", "plain"}, {"delete", "plain", "--yes"}, {"delete", "plain", "--yes"},
            {"apply", "none.json"}};
        for (String[] command : commands) {
            Cli.Result result = cli.run(Stream.concat(Stream.of("--json"), Stream.of(command)).toArray(String[]::new));
            String what = String.join(" ", command) + " -> " + result;
            assertThat(result.out().lines()).as(what).allSatisfy(
                    line -> assertThat(ConnectJson.MAPPER.readTree(line).isObject()).isTrue());
            assertThat(result.err().lines()).as(what).allMatch(line -> line.startsWith("charla: ")).hasSizeLessThan(2);
            // A connector that has read nothing has no offsets.
            assertThat(result.out() + result.err()).as(what).matches(said -> !said.isEmpty()
                    || command[0].equals("offsets"));
        }
    }

    @Test
    void refusesInOneLineFilesThatDeclareNothing() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        for (Path path : List.of(empty, folder.resolve("none.json"), Files.writeString(folder.resolve("a.json"), "no"),
                Files.writeString(folder.resolve(".json"), "{}"), Files.createFile(folder.resolve("a.yaml")))) {
            for (String command : List.of("validate", "diff", "apply")) {
                assertThat(cli.run(command, path.toString())).satisfies(result -> {
                    assertThat(result.status()).isEqualTo(1);
                    assertThat(result.out()).isEmpty();
                    assertThat(result.err()).contains(path.toString()).hasLineCount(1);
                });
            }
        }
    }

    @Test
    void aNameMayHoldAlmostAnything() throws Exception {
        String name = "ñ of #1? a+b&c=d;e\"f";
        declare(name, SINK);
        assertThat(cli.run("apply").out()).isEqualTo(name + ": created, running, 1 task\n");
        assertThat(cli.run("status", name).out()).startsWith(name + ": RUNNING");
        assertThat(cli.run("pause", name).out()).isEqualTo(name + ": paused\n");
        assertThat(cli.run("offsets", name).status()).isZero();
        assertThat(cli.run("delete", "--yes", name).out()).isEqualTo(name + ": removed\n");
    }

    @Test
    void watchRestartsWhatFailsAndEndsHealthy() throws Exception {
        Path fault = Files.createFile(home.resolve("fault-watch"));
        declare("a", SINK + ",\"fail.while\":\"" + fault + "\"");
        cli.run("apply");
        CompletableFuture<Cli.Result> watch = CompletableFuture.supplyAsync(
                () -> cli.run("watch", "--for", "4", "--interval", "1", "--backoff", "1"));
        await().atMost(Duration.ofSeconds(5)).until(() -> rest().states().containsKey("a"));
        Files.delete(fault);
        Cli.Result result = watch.get();
        assertThat(result.out()).contains("a: failed: task 0: java.io.IOException: disk full",
                "a: restarted: number 1 of 10", "a: recovered: running, 1 task", "ended: healthy");
        assertThat(result.status()).isZero();
    }

    @Test
    void aWatchThatIsToldToEndEndsWithTheHealth() throws Exception {
        Path fault = Files.createFile(home.resolve("fault-end"));
        declare("a", SINK + ",\"fail.while\":\"" + fault + "\"");
        cli.run("apply");
        Path log = home.resolve("watch.log");
        assertThat(end(watch(log), log, "\"restarted\"")).as("while it fails").isEqualTo(1);
        Process second = watch(log);
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.readString(log).contains("\"restarted\""));
        Files.delete(fault);
        assertThat(end(second, log, "\"recovered\"")).as("when it runs").isZero();
        assertThat(Files.readAllLines(log)).allSatisfy(line -> assertThat(ConnectJson.MAPPER.readTree(line).path("time")
                .asText()).endsWith("Z"));
        assertThat(Files.readString(log)).endsWith("\"event\":\"ended\",\"detail\":\"healthy\"}\n");
    }

    private Process watch(Path log) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), CliProcess.class.getName(),
                worker.url(), "watch", "--json", "--interval", "1", "--backoff", "1")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    /**
     * Tells it to end, once it has logged that; returns its status. By SIGTERM, which takes the way of a Ctrl-C: what a
     * shell starts in the background ignores that one, and so would all that a build in the background starts.
     */
    private static int end(Process process, Path log, String logged) throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.readString(log).contains(logged));
        process.destroy();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aKilledWorkerIsReportedAsIs() throws Exception {
        declare("a", SINK);
        assertThat(cli.run("apply").status()).isZero();
        declare("a", SINK + ",\"size\":2");
        CompletableFuture<Cli.Result> apply = CompletableFuture.supplyAsync(
                () -> cli.run("apply", "--timeout", "3", "--stable", "5"));
        await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(20))
                .until(() -> "2".equals(rest().config("a").orElseThrow().get("size")));
        worker.kill();
        Cli.Result result = apply.get();
        assertThat(result.status()).isEqualTo(4);
        assertThat(result.out()).contains("a: updated: whether it runs is not known: the Connect worker at");
        assertThat(cli.run("apply")).satisfies(later -> {
            assertThat(later.status()).isEqualTo(4);
            assertThat(later.err()).startsWith("charla: the Connect worker at").hasLineCount(1);
        });
    }

    private Path declare(String name, String settings) throws IOException {
        return Files.writeString(folder.resolve(name + ".json"), "{" + settings + "}");
    }

    private static ConnectRest rest() {
        return new ConnectRest(ConnectSettings.of(worker.url(), Map.of(), Map.of(), Map.of()), Duration.ofSeconds(10),
                note -> { });
    }
}
