package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

class MisbehavingWorkerIT {

    @TempDir
    Path folder;

    private FakeWorker worker;
    private Cli cli;

    @BeforeEach
    void start() throws IOException {
        worker = new FakeWorker();
        cli = Cli.of(worker.url(), folder);
        Files.writeString(folder.resolve("a.json"), "{\"connector.class\":\"A\"}");
        Files.writeString(folder.resolve("b.json"), "{\"connector.class\":\"B\"}");
        Files.writeString(folder.resolve("c.json"), "{\"connector.class\":\"C\"}");
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    @Test
    void waitsOutARebalance() {
        AtomicInteger rebalances = new AtomicInteger(3);
        worker.before(exchange -> exchange.getRequestMethod().equals("PUT") && rebalances.getAndDecrement() > 0
                && FakeWorker.refuse(exchange, 409, "worker rebalance"));
        Cli.Result apply = cli.run("apply");
        assertThat(apply.status()).isZero();
        assertThat(apply.out()).contains("a: created, running, 1 task");
        assertThat(apply.err()).contains("waiting, for ", "worker rebalance");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void doesNotWaitForARebalanceForEver() {
        worker.before(exchange -> exchange.getRequestURI().getPath().equals("/connectors/b/config")
                && FakeWorker.refuse(exchange, 409, "worker rebalance"));
        Cli.Result apply = cli.run("apply", "--timeout", "3");
        assertThat(apply.status()).isEqualTo(1);
        assertThat(apply.out()).contains("a: created, running", "b: NOT DONE: the worker says: worker rebalance",
                "c: created, running");
        assertThat(worker.connectors()).containsOnlyKeys("a", "c");
    }

    @Test
    void waitsOutAnErrorOfTheWorker() {
        AtomicInteger errors = new AtomicInteger(2);
        worker.before(exchange -> errors.getAndDecrement() > 0
                && FakeWorker.refuse(exchange, 500, "Request timed out"));
        assertThat(cli.run("apply").status()).isZero();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void believesAConfigurationThatWasTakenInSpiteOfAnError() {
        worker.after(exchange -> exchange.getRequestURI().getPath().equals("/connectors/a/config")
                && exchange.getRequestMethod().equals("PUT") && FakeWorker.refuse(exchange, 500, "Request timed out"));
        assertThat(cli.run("apply", "--timeout", "1").out()).contains("a: created, running");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysWhatWasDoneAndWhatNotWhenTheWorkerDiesInTheMiddle() {
        worker.after(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/connectors/b/config")) {
                // Stopped from another thread, since stopping waits for this one.
                new Thread(worker::close).start();
                return true;
            }
            return false;
        });
        Cli.Result apply = cli.run("apply", "--timeout", "2");
        assertThat(apply.status()).isEqualTo(4);
        assertThat(apply.out().lines().toList()).satisfiesExactly(
                a -> assertThat(a).startsWith("a: created: whether it runs is not known: "),
                b -> assertThat(b).startsWith("b: UNKNOWN: "),
                c -> assertThat(c).startsWith("c: NOT DONE: "));
    }

    @Test
    void aConnectionThatIsCutOnceIsTriedAgain() {
        AtomicInteger cuts = new AtomicInteger(1);
        worker.after(exchange -> exchange.getRequestURI().getPath().equals("/connectors/b/config")
                && cuts.getAndDecrement() > 0);
        assertThat(cli.run("apply")).satisfies(apply -> {
            assertThat(apply.status()).isZero();
            assertThat(apply.err()).contains("broke off the connection");
        });
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aWorkerThatIsTooSlowIsUnreachable() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        worker.before(exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
        Cli.Result list = cli.run("list", "--timeout", "1");
        end.countDown();
        assertThat(list.status()).isEqualTo(4);
        assertThat(list.err()).contains("gave no answer within 1 s (--timeout)").hasLineCount(1);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aConnectorThatDoesNotComeUpIsNotCalledRunning() {
        worker.taskState("UNASSIGNED");
        Cli.Result apply = cli.run("apply", "--timeout", "1", folder.resolve("a.json").toString());
        assertThat(apply.status()).isEqualTo(1);
        assertThat(apply.out()).isEqualTo(
                "a: created, NOT RUNNING: the connector is RUNNING, its task 0 UNASSIGNED\n");
    }

    @Test
    void somethingElseThanAWorkerIsNotMistakenForOne() {
        worker.before(exchange -> {
            FakeWorker.answer(exchange, 200, "<html>hello</html>");
            return true;
        });
        assertThat(cli.run("list")).satisfies(list -> {
            assertThat(list.status()).isEqualTo(1);
            assertThat(list.err()).contains("is no Kafka Connect: see --connect-url").hasLineCount(1);
        });
    }

    @Test
    void authenticatesAndNeverEchoesThePassword() {
        AtomicReference<String> header = new AtomicReference<>();
        worker.before(exchange -> {
            header.set(exchange.getRequestHeaders().getFirst("Authorization"));
            return header.get() == null && FakeWorker.refuse(exchange, 401, "who are you?");
        });
        assertThat(cli.run("list").err()).contains("connect.username").hasLineCount(1);
        assertThat(cli.run("list").status()).isEqualTo(1);

        assertThat(cli.with(Map.of("username", "alice", "password", "pässword")).run("list").status()).isZero();
        assertThat(header.get()).isEqualTo("Basic " + base64("alice:pässword"));

        Cli inUrl = Cli.of(worker.url().replace("//", "//bob:hunt%40er+2@"), folder);
        assertThat(inUrl.run("list").status()).isZero();
        assertThat(header.get()).isEqualTo("Basic " + base64("bob:hunt@er+2"));
        worker.close();
        Cli.Result down = inUrl.run("list");
        assertThat(down.status()).isEqualTo(4);
        assertThat(down.err()).contains(worker.url()).doesNotContain("hunt", "bob");
    }

    @Test
    void saysThatAWorkerWithoutLog4jHasNoLevels() {
        worker.before(exchange -> {
            FakeWorker.answer(exchange, 200, exchange.getRequestMethod().equals("PUT") ? "[]" : "{}");
            return true;
        });
        for (String[] command : new String[][] {{"loggers"}, {"loggers", "org.x"}, {"loggers", "org.x", "DEBUG"},
            {"loggers", "org.x", "DEBUG", "--cluster"}}) {
            assertThat(cli.run(command)).satisfies(loggers -> {
                assertThat(loggers.status()).isEqualTo(1);
                assertThat(loggers.out()).isEmpty();
                assertThat(loggers.err()).contains("does not log with Log4j").hasLineCount(1);
            });
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysOfEachConnectorWhetherItWasPausedWhenTheWorkerDiesInTheMiddle() {
        cli.run("apply");
        worker.after(exchange -> {
            if (exchange.getRequestURI().getPath().equals("/connectors/b/pause")) {
                new Thread(worker::close).start();
                return true;
            }
            return false;
        });
        Cli.Result pause = cli.run("pause", "a", "b", "c", "--timeout", "1");
        assertThat(pause.status()).isEqualTo(4);
        assertThat(pause.out().lines().toList()).satisfiesExactly(
                a -> assertThat(a).startsWith("a: asked for; whether it has happened is not known: "),
                b -> assertThat(b).startsWith("b: UNKNOWN: "),
                c -> assertThat(c).startsWith("c: NOT DONE: "));
    }

    @Test
    void saysWhichConnectorCanNotBeAskedAbout() {
        // A real worker takes such a name in the body of a POST, and then no request about it, not even to remove it.
        worker.connectors().put("a/b", Map.of("connector.class", "A"));
        assertThat(cli.run("pause", "a/b")).satisfies(pause -> {
            assertThat(pause.status()).isEqualTo(1);
            assertThat(pause.out()).startsWith("a/b: NOT DONE: the worker can't be asked").hasLineCount(1);
        });
        worker.before(exchange -> {
            FakeWorker.answer(exchange, 200, "{\"root\":{\"level\":\"INFO\"}}");
            return true;
        });
        assertThat(cli.run("loggers", "org/x").err()).contains("the worker can't be asked about 'org/x'");
    }

    @Test
    void saysWhichClassCanNotBeAskedAbout() throws IOException {
        Files.writeString(folder.resolve("b.json"), "{\"connector.class\":\"org/x\"}");
        assertThat(cli.run("validate")).satisfies(validate -> {
            assertThat(validate.status()).isEqualTo(1);
            assertThat(validate.out()).contains("a: valid", "b: invalid", "the worker can't be asked about 'org/x'");
        });
    }

    @Test
    void waitsOutAGatewayThatHasNoTime() {
        AtomicInteger busy = new AtomicInteger(2);
        worker.before(exchange -> busy.getAndDecrement() > 0 && FakeWorker.refuse(exchange, 429, ""));
        assertThat(cli.run("apply").status()).isZero();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysWhichConnectorWasNotRemoved() {
        cli.run("apply");
        worker.before(exchange -> exchange.getRequestMethod().equals("DELETE")
                && exchange.getRequestURI().getPath().equals("/connectors/b")
                && FakeWorker.refuse(exchange, 409, "worker rebalance"));
        assertThat(cli.run("delete", "a", "b", "c", "--yes", "--timeout", "1")).satisfies(delete -> {
            assertThat(delete.status()).isEqualTo(1);
            assertThat(delete.out()).isEqualTo("a: removed\n");
            assertThat(delete.err()).endsWith("the connector b was not removed: the worker says: worker rebalance\n");
        });
    }

    @Test
    void watchEndsWithAStatusOfItsOwnWhenTheWorkerIsAway() {
        worker.close();
        assertThat(cli.run("watch", "--for", "0")).satisfies(watch -> {
            assertThat(watch.status()).isEqualTo(4);
            assertThat(watch.out()).contains("worker: unreachable: the Connect worker at", "ended: unreachable\n");
        });
    }

    @Test
    void anOutputThatCanNotBeWrittenIsTold() throws Exception {
        Path err = folder.resolve("err");
        Process list = process(ProcessBuilder.Redirect.to(new File("/dev/full")), err, "list");
        assertThat(list.waitFor()).isEqualTo(1);
        assertThat(err).content().startsWith("charla: the output can't be written").hasLineCount(1);
    }

    @Test
    void watchEndsQuietlyWhenItsReaderHasSeenEnough() throws Exception {
        worker.connectors().put("a", Map.of("connector.class", "A"));
        worker.taskState("FAILED");
        Path err = folder.resolve("err");
        Process watch = process(ProcessBuilder.Redirect.PIPE, err, "watch", "--interval", "1", "--backoff", "0");
        watch.getInputStream().read();
        watch.getInputStream().close();
        assertThat(watch.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(err).isEmptyFile();
    }

    private Process process(ProcessBuilder.Redirect out, Path err, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), CliProcess.class.getName(),
                worker.url()));
        line.addAll(List.of(command));
        return new ProcessBuilder(line).redirectOutput(out).redirectError(err.toFile()).start();
    }

    @Test
    void aUrlThatIsNoneIsNotEchoed() {
        for (String url : List.of("http://bob:hunter#2@host:1", "http://bob:hun ter2@host", "bob:hunter2@host:1",
                "ftp://bob:hunter2@host", "http://bob:hunter2@", "http://bob:hunter2@host:99999", "")) {
            Cli.Result list = Cli.of(url, folder).run("list");
            assertThat(list.status()).isEqualTo(2);
            assertThat(list.err()).contains("http://HOST:PORT").doesNotContain("hun").hasLineCount(1);
        }
    }

    @Test
    void watchDoublesItsWaitsAndGivesUpInTheEnd() {
        worker.connectors().put("a", Map.of("connector.class", "A"));
        worker.taskState("FAILED");
        List<Watch.Event> events = new ArrayList<>();
        List<Long> restarts = new ArrayList<>();
        long start = System.nanoTime();
        int status = new Watch(rest(), new Watch.Rules(Duration.ofMillis(10), Duration.ofMillis(50),
                Duration.ofMillis(200), 4), event -> {
            events.add(event);
            restarts.add((System.nanoTime() - start) / 1_000_000);
        }).run(List.of(), seen -> events.isEmpty() || !events.get(events.size() - 1).event().equals("given-up"));
        assertThat(status).isEqualTo(1);
        assertThat(events).extracting(Watch.Event::event)
                .containsExactly("failed", "restarted", "restarted", "restarted", "restarted", "given-up");
        assertThat(restarts.get(1)).isGreaterThanOrEqualTo(50);
        assertThat(restarts.get(2) - restarts.get(1)).isGreaterThanOrEqualTo(99);
        assertThat(restarts.get(3) - restarts.get(2)).isGreaterThanOrEqualTo(199);
        assertThat(restarts.get(4) - restarts.get(3)).isGreaterThanOrEqualTo(199);
        assertThat(worker.requests()).filteredOn(request -> request.startsWith("POST")).hasSize(4)
                .allMatch(request -> request.equals("POST /connectors/a/restart?includeTasks=true&onlyFailed=true"));
    }

    @Test
    void watchBeginsAfreshWithAConnectorThatWasDeletedAndMadeAgain() {
        for (List<String> watched : List.of(List.of("a"), List.<String>of())) {
            worker.connectors().put("a", Map.of("connector.class", "A"));
            worker.taskState("FAILED");
            List<String> events = new ArrayList<>();
            AtomicInteger lives = new AtomicInteger();
            AtomicInteger looks = new AtomicInteger();
            int status = watch(watched, events, seen -> {
                if (!worker.connectors().containsKey("a")) {
                    worker.connectors().put("a", Map.of("connector.class", "A"));
                } else if (events.contains("given-up") && lives.getAndIncrement() == 0) {
                    worker.connectors().remove("a");
                } else if (events.lastIndexOf("given-up") > events.indexOf("given-up")) {
                    worker.taskState("RUNNING");
                }
                return !events.contains("recovered") && looks.incrementAndGet() < 500;
            });
            assertThat(status).isZero();
            events.remove("gone");
            assertThat(events).containsExactly("failed", "restarted", "given-up", "failed", "restarted", "given-up",
                    "recovered");
        }
    }

    @Test
    void watchRestartsWhatFailsAgainAfterItWasGone() {
        worker.connectors().put("a", Map.of("connector.class", "A"));
        List<String> events = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        watch(List.of("a"), events, seen -> {
            switch (looks.incrementAndGet()) {
                case 1 -> worker.connectors().remove("a");
                case 3 -> worker.connectors().put("a", Map.of("connector.class", "A"));
                case 5 -> worker.taskState("FAILED");
                default -> { }
            }
            return !events.contains("given-up") && looks.get() < 500;
        });
        assertThat(events).containsExactly("gone", "recovered", "failed", "restarted", "given-up");
    }

    @Test
    void watchBeginsAfreshWithAConnectorThatWasConfiguredAnew() {
        worker.connectors().put("a", Map.of("connector.class", "A"));
        worker.taskState("FAILED");
        List<String> events = new ArrayList<>();
        AtomicInteger looks = new AtomicInteger();
        watch(List.of(), events, seen -> {
            if (events.contains("given-up")) {
                worker.connectors().put("a", Map.of("connector.class", "B"));
            }
            return events.lastIndexOf("given-up") == events.indexOf("given-up") && looks.incrementAndGet() < 500;
        });
        assertThat(events).containsExactly("failed", "restarted", "given-up", "failed", "restarted", "given-up");
    }

    private int watch(List<String> connectors, List<String> events, Predicate<Integer> goesOn) {
        Duration wait = Duration.ofMillis(10);
        return new Watch(rest(), new Watch.Rules(wait, wait, wait, 1), event -> events.add(event.event()))
                .run(connectors, goesOn);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aConnectorIsNotCalledRunningWhileItsTasksHaveTheSettingsOfBefore() throws IOException {
        Path file = folder.resolve("a.json");
        cli.run("apply", file.toString());
        worker.taskConfig(worker.connectors().get("a"));
        Files.writeString(file, "{\"connector.class\":\"Z\"}");
        Cli.Result early = cli.run("apply", "--timeout", "1", "--stable", "0", file.toString());
        assertThat(early.status()).isEqualTo(1);
        assertThat(early.out()).endsWith("a: updated, NOT RUNNING: its tasks have the settings of before\n");

        Files.writeString(file, "{\"connector.class\":\"Y\"}");
        worker.taskConfig(null);
        assertThat(cli.run("apply", "--stable", "0", file.toString()).out()).endsWith("a: updated, running, 1 task\n");
    }

    @Test
    void watchOutlivesAWorkerThatIsAway() {
        AtomicInteger looks = new AtomicInteger();
        worker.connectors().put("a", Map.of("connector.class", "A"));
        worker.before(exchange -> looks.get() == 1 && FakeWorker.refuse(exchange, 500, "no"));
        List<String> events = new ArrayList<>();
        int status = new Watch(rest(), new Watch.Rules(Duration.ofMillis(10), Duration.ofMillis(10),
                Duration.ofMillis(10), 1), event -> events.add(event.event()))
                .run(List.of(), seen -> looks.incrementAndGet() < 3);
        assertThat(events).containsExactly("unreachable", "reachable");
        assertThat(status).isZero();
    }

    private ConnectRest rest() {
        return new ConnectRest(ConnectSettings.of(worker.url(), Map.of(), Map.of(), Map.of()), Duration.ofSeconds(1),
                note -> { });
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
