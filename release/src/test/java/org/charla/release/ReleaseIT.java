package org.charla.release;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that the build makes, unpacked by somebody who has Java and nothing else. */
class ReleaseIT {

    private static final Path ARCHIVE = Path.of(System.getProperty("charla.archive"));
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("ready: kafka (\\S+), connect \\S+, mongodb (\\S+)");

    @TempDir
    static Path directory;
    private static Path installation;

    @TempDir
    Path home;

    private record Ended(int status, List<String> out, List<String> err) {
    }

    @BeforeAll
    static void unpack() throws Exception {
        Process tar = new ProcessBuilder("tar", "-xzf", ARCHIVE.toString(), "-C", directory.toString()).inheritIO().start();
        assertThat(tar.waitFor()).isZero();
        installation = directory.resolve(ARCHIVE.getFileName().toString().replace(".tar.gz", ""));
    }

    @Test
    void chatsFromAFolderThatNobodyMayWriteAndKeepsItsDataAtHome() throws Exception {
        List<Path> before = setWritable(false);
        Path out = home.resolve("out");
        Path err = home.resolve("err");
        Process standalone = charla(out, err, Map.of(), "standalone", "--no-chat", "--kafka-port", "0", "--connect-port", "0",
                "--mongodb-port", "0");
        try {
            await().atMost(LIMIT).until(() -> !standalone.isAlive() || !lines(out).isEmpty());
            assertThat(lines(out)).as(() -> lines(err).toString()).singleElement().asString().matches(READY);
            assertThat(home.resolve(".local/share/charla/kafka")).isDirectory();
            Matcher ready = READY.matcher(lines(out).get(0));
            assertThat(ready.matches()).isTrue();
            Map<String, String> servers = Map.of("CHARLA_BOOTSTRAP_SERVERS", ready.group(1), "CHARLA_MONGODB_URI",
                    ready.group(2), "CHARLA_USER", "ada");

            assertThat(run(servers, "send", "general", "hola", "--wait")).isEqualTo(new Ended(0, List.of(), List.of()));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(run(servers, "history", "general").out())
                    .singleElement().asString().endsWith(" <ada> hola"));
            await().atMost(LIMIT).untilAsserted(() -> assertThat(run(servers, "audit")).isEqualTo(new Ended(0, List.of(
                    "general: equal: messages 1, documents 1", "chat.users: equal: keys 1, documents 1",
                    "chat.channels: equal: keys 1, documents 1"), List.of())));
        } finally {
            standalone.destroy();
            assertThat(standalone.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
        // Root may write everywhere, and so has an archive of classes made behind its back.
        await().atMost(LIMIT).until(() -> setWritable(true).stream().noneMatch(file -> file.toString().endsWith(".lock")));
        assertThat(setWritable(true)).filteredOn(file -> !file.toString().endsWith(".jsa")).isEqualTo(before);
    }

    @Test
    void runsThroughALinkOnThePathAndSaysWhichVersionItIs() throws Exception {
        Path link = Files.createSymbolicLink(home.resolve("charla"), installation.resolve("bin/charla"));
        Process process = start(home.resolve("out"), home.resolve("err"), Map.of(), List.of(link.toString(), "--version"));
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(lines(home.resolve("out"))).as(() -> lines(home.resolve("err")).toString()).singleElement()
                .isEqualTo(installation.getFileName().toString().replaceFirst("-", " "));
    }

    @Test
    void saysWhatToDoWhereNothingTellsWhereDataBelongs() throws Exception {
        Ended ended = run(Map.of("HOME", ""), "standalone", "--no-chat", "--kafka-port", "0", "--connect-port", "0",
                "--mongodb-port", "0");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).singleElement().asString().contains("HOME", "--data-dir");
    }

    @Test
    void holdsEachJarOnceAndWhatItsUsersAndTheirShellsLookFor() throws Exception {
        try (Stream<Path> files = Files.walk(installation)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar") && !Files.isSymbolicLink(file)).toList();
            assertThat(jars.stream().map(Path::getFileName)).doesNotHaveDuplicates().hasSizeGreaterThan(100);
        }
        for (String libraries : List.of("lib/client", "lib/standalone")) {
            try (Stream<Path> files = Files.list(installation.resolve(libraries))) {
                assertThat(files).isNotEmpty().allMatch(file -> file.toString().endsWith(".jar"));
            }
        }
        try (Stream<Path> plugin = Files.list(installation.resolve("plugins/charla-connect"))) {
            assertThat(plugin.filter(Files::isSymbolicLink)).isNotEmpty().allSatisfy(link -> assertThat(link).exists());
        }
        assertThat(List.of("LICENSE", "THIRD-PARTY-NOTICES", "licenses/EPL-2.0.txt", "config/streams.properties",
                "config/connect-worker.properties", "config/connectors/users-sink.json",
                "share/bash-completion/completions/charla", "share/zsh/site-functions/_charla",
                "share/fish/vendor_completions.d/charla.fish"))
                .allSatisfy(file -> assertThat(installation.resolve(file)).isNotEmptyFile());
        assertThat(installation.resolve("config/connect-worker.properties")).content()
                .containsPattern("(?m)^plugin.path=plugins$");
        assertThat(installation.resolve("THIRD-PARTY-NOTICES")).content().contains("org.rocksdb:rocksdbjni:");
    }

    @Test
    void hasAPageOfTheManualForEachCommandInBothLanguages() {
        for (String command : List.of("charla", "charla-send", "charla-audit", "charla-standalone", "charla-connectors-apply")) {
            assertThat(installation.resolve("share/man/man1/" + command + ".1")).content()
                    .startsWith(".TH \"").contains(".SH \"NAME\"\n" + command.replace("-", "\\-") + " \\- ",
                            ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\n");
            assertThat(installation.resolve("share/man/es/man1/" + command + ".1")).content()
                    .contains(".SH \"NOMBRE\"\n", ".SH \"OPCIONES\"\n");
        }
        assertThat(installation.resolve("share/man/man1/charla-send.1")).content()
                .contains(".SH \"EXAMPLES\"\n.nf\n\\&charla send general hola a todos\n");
    }

    /** @return what is there */
    private static List<Path> setWritable(boolean isWritable) {
        try (Stream<Path> files = Files.walk(installation)) {
            List<Path> all = files.sorted().toList();
            all.forEach(file -> file.toFile().setWritable(isWritable));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        Path out = home.resolve("command-out");
        Path err = home.resolve("command-err");
        Process process = charla(out, err, environment, arguments);
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(() -> lines(err).toString()).isTrue();
        return new Ended(process.exitValue(), lines(out), lines(err));
    }

    private Process charla(Path out, Path err, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(installation.resolve("bin/charla").toString()));
        command.addAll(List.of(arguments));
        return start(out, err, environment, command);
    }

    /** With Java and the system's own tools: no Maven, no settings of the person who tests. */
    private Process start(Path out, Path err, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile())
                .redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", "/usr/bin:/bin",
                "HOME", home.toString(), "LC_ALL", "C.UTF-8"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
