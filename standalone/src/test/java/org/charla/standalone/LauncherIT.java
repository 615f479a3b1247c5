package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.charla.standalone.StandaloneProcess.Ended;
import org.charla.testing.Checkout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./charla} itself, in checkouts that were just built or never, in all kinds of places and environments. */
class LauncherIT {

    private static final Path REPOSITORY = Checkout.HOME;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Asks nobody, and has an archive of classes made. */
    private static final String[] SHORT = {"channels", "--bootstrap-servers", "127.0.0.1:1", "--config", "config"};

    @TempDir
    Path directory;
    private Path home;

    @BeforeEach
    void makeAHome() throws IOException {
        home = Files.createDirectories(directory.resolve("home"));
        Files.writeString(directory.resolve("config"), "kafka.default.api.timeout.ms=200\nkafka.request.timeout.ms=200\n");
    }

    @Test
    void asksANewUserForANameAlsoWhenTheClassesWereArchivedBehindHisBack() throws Exception {
        Path checkout = built(directory.resolve("checkout"));
        Ended first = run(checkout, Map.of(), SHORT);
        assertThat(first.err()).as(first::toString).singleElement().asString().contains("Kafka at 127.0.0.1:1");
        awaitArchive(checkout);
        assertThat(home).isEmptyDirectory();

        try (TmuxTerminal terminal = new TmuxTerminal(directory.resolve("terminal"), 80, 24)) {
            terminal.command("env -u XDG_STATE_HOME HOME=" + home + " " + checkout.resolve("charla") + " chat "
                    + "--bootstrap-servers 127.0.0.1:1").awaitPrompt("Your name [");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C.UTF-8", "C", "es_XX.UTF-8"})
    void startsInAFolderOfAnyName(String locale) throws Exception {
        Path checkout = built(directory.resolve("a, b;c%20%d{x}${HOME}\\n *#=\"')(ñ[é]?&@!~\n "));
        Ended client = run(checkout, Map.of("LC_ALL", locale), SHORT);
        assertThat(client.err()).as(client::toString).singleElement().asString().contains("Kafka at 127.0.0.1:1");
        awaitArchive(checkout);
        Ended other = run(checkout, Map.of("LC_ALL", locale), "connectors", "list", "--connect-url", "http://127.0.0.1:1",
                "--config", Files.createFile(checkout.resolve("ñ")).toString());
        assertThat(other.err()).as(other::toString).singleElement().asString().contains("127.0.0.1:1");
    }

    @Test
    void saysWhyItCannotStartInAFolderWithAColon() throws Exception {
        Ended ended = run(built(directory.resolve("a:b")), Map.of(), "--version").requireStatus(1);
        assertThat(ended.err()).singleElement().asString().contains("a:b", "move it");
    }

    @Test
    void isNotLedAstrayByItsEnvironment() throws Exception {
        built(directory.resolve("checkout"));
        Files.createDirectories(directory.resolve("elsewhere/checkout"));
        Ended ended = start(List.of("sh", "checkout/charla", "--version"), Map.of(
                "CDPATH", directory.resolve("elsewhere").toString(), "IFS", "/", "POSIXLY_CORRECT", "1",
                "SHELLOPTS", "noclobber:noglob:errexit", "TMPDIR", "/nonexistent", "ENV", "/nonexistent"));
        assertThat(ended.requireStatus(0).out()).singleElement().asString().startsWith("charla 1.0.0");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void saysInOneLineThatItCannotBuildInsteadOfWaitingForEver() throws Exception {
        Path checkout = built(directory.resolve("checkout"));
        Files.delete(checkout.resolve("standalone/target/built"));
        Files.createFile(checkout.resolve(".charla-build"));
        Ended ended = run(checkout, Map.of(), "--version").requireStatus(1);
        assertThat(ended.err()).singleElement().asString().startsWith("charla: ").contains(checkout.toString());
    }

    @Test
    void saysOfABuildThatFailsWhatCanBeReadInAFile() throws Exception {
        Path checkout = built(directory.resolve("checkout"));
        Files.delete(checkout.resolve("standalone/target/built"));
        Files.delete(checkout.resolve("pom.xml"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Ended ended = run(checkout, Map.of("TERM", "xterm-256color"), "--version").requireStatus(1);
        assertThat(ended.err()).last().isEqualTo("charla: the build failed, see above");
        assertThat(ended.err()).noneMatch(line -> line.contains("\033"));
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void waitsForTheBuildOfALauncherThatWasKilledInsteadOfBuildingBesideIt() throws Exception {
        Path checkout = built(directory.resolve("checkout"));
        Path built = checkout.resolve("standalone/target/built");
        Files.delete(built);
        Path tools = Files.createDirectories(directory.resolve("tools"));
        Path maven = tools.resolve("mvn");
        Path begun = directory.resolve("begun");
        Path goOn = directory.resolve("goOn");
        Files.writeString(maven, "#!/bin/sh\necho begun >> '" + begun + "'\nuntil [ -e '" + goOn
                + "' ]; do sleep 0.1; done\n: > '" + built + "'\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = Map.of("PATH", tools + ":" + System.getenv("PATH"));

        Process killed = process(List.of(checkout.resolve("charla").toString(), "--version"), environment, "killed").start();
        await().atMost(LIMIT).until(() -> Files.exists(begun) && namesAnother(checkout.resolve(".charla-build"), killed));
        killed.destroyForcibly().waitFor();
        Process next = process(List.of(checkout.resolve("charla").toString(), "--version"), environment, "next").start();
        await().atMost(LIMIT).until(() -> Files.readString(directory.resolve("next.err")).contains("waiting for process"));
        Files.createFile(goOn);
        assertThat(next.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(next.exitValue()).isZero();
        assertThat(begun).hasContent("begun");
        assertThat(checkout.resolve(".charla-build")).doesNotExist();
    }

    private static boolean namesAnother(Path lock, Process process) throws IOException {
        return !Files.readSymbolicLink(lock).toString().equals(String.valueOf(process.pid()));
    }

    /** Otherwise a build after a change of versions leaves both of a library on the class path. */
    @ParameterizedTest
    @ValueSource(strings = {"streams-app/target/lib", "connect/target/plugin/charla-connect", "client/target/lib",
        "standalone/target/lib"})
    void findsEachLibraryInOneVersion(String folder) throws IOException {
        try (Stream<Path> jars = Files.list(REPOSITORY.resolve(folder))) {
            assertThat(jars.map(jar -> jar.getFileName().toString().replaceFirst("-[0-9].*", ""))).doesNotHaveDuplicates();
        }
    }

    /** What a checkout needs that is built and in which no command has run yet. */
    private static Path built(Path checkout) throws IOException {
        Files.createDirectories(checkout);
        Files.copy(REPOSITORY.resolve("charla"), checkout.resolve("charla"));
        for (String path : List.of("pom.xml", "config", "connect", "protocol", "streams-app")) {
            Files.createSymbolicLink(checkout.resolve(path), REPOSITORY.resolve(path));
        }
        for (String module : List.of("client", "standalone")) {
            Path target = Files.createDirectories(checkout.resolve(module).resolve("target"));
            for (String path : List.of("pom.xml", "src", "target/lib", "target/charla-" + module + ".jar")) {
                Files.createSymbolicLink(checkout.resolve(module).resolve(path), REPOSITORY.resolve(module).resolve(path));
            }
            if (module.equals("standalone")) {
                Files.createFile(target.resolve("built"));
            }
        }
        return checkout;
    }

    private Ended run(Path checkout, Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(checkout.resolve("charla").toString()));
        command.addAll(List.of(arguments));
        return start(command, environment);
    }

    private Ended start(List<String> command, Map<String, String> environment) throws Exception {
        Process process = process(command, environment, "run").start();
        boolean hasEnded = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        process.destroyForcibly();
        Ended ended = new Ended(process.waitFor(), Files.readAllLines(directory.resolve("run.out"), UTF_8),
                Files.readAllLines(directory.resolve("run.err"), UTF_8));
        assertThat(hasEnded).as(ended::toString).isTrue();
        return ended;
    }

    /** @param name of the files that it writes to: NAME.out, NAME.err */
    private ProcessBuilder process(List<String> command, Map<String, String> environment, String name) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .redirectError(directory.resolve(name + ".err").toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("XDG_") || key.startsWith("CHARLA_"));
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    /** Waits until it is there, whole, and nothing that its making left beside it. */
    private static void awaitArchive(Path checkout) {
        await().atMost(LIMIT).untilAsserted(() -> {
            try (Stream<Path> files = Files.list(checkout.resolve("client/target"))) {
                assertThat(files.filter(file -> file.getFileName().toString().startsWith("classes-"))).singleElement()
                        .satisfies(file -> assertThat(file).isNotEmptyFile().hasExtension("jsa"));
            }
        });
    }
}
