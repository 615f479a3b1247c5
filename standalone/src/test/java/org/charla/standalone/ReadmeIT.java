package org.charla.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands that README shows, as a newcomer runs them beside a standalone, in order: blocks of {@code sh} as they
 * are, and of {@code console} what stands behind {@code $}. Blocks of {@code text} are shown only.
 */
class ReadmeIT {

    private static final Path REPOSITORY = Path.of(System.getProperty("charla.home")).toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$");
    private static final int LIMIT_S = 60;

    @TempDir
    static Path directory;
    private static StandaloneProcess standalone;

    @BeforeAll
    static void start() throws IOException {
        standalone = new StandaloneProcess(Files.createDirectory(directory.resolve("standalone"))).start().awaitReady();
        Files.createDirectory(directory.resolve("home"));
        Path checkout = Files.createDirectory(directory.resolve("checkout"));
        for (String path : List.of("charla", "config")) {
            Files.createSymbolicLink(checkout.resolve(path), REPOSITORY.resolve(path));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        standalone.close();
    }

    @TestFactory
    Stream<DynamicTest> everyCommandEndsWell() throws IOException {
        List<MatchResult> blocks = BLOCK.matcher(Files.readString(REPOSITORY.resolve("README.md"))).results().toList();
        assertThat(blocks.stream().map(block -> block.group(1))).isSubsetOf("sh", "console", "text");
        List<String> scripts = blocks.stream().filter(block -> !block.group(1).equals("text"))
                .map(block -> block.group(1).equals("sh") ? block.group(2) : typed(block.group(2))).toList();
        assertThat(scripts).hasSizeGreaterThan(5).noneMatch(String::isBlank);
        return scripts.stream().map(script -> DynamicTest.dynamicTest(script.lines().findFirst().orElseThrow(),
                () -> run(script)));
    }

    /** Of a session, what was typed: behind a prompt, and on the lines that go on after a backslash. */
    private static String typed(String session) {
        List<String> typed = new ArrayList<>();
        boolean goesOn = false;
        for (String line : session.lines().toList()) {
            if (goesOn || line.startsWith("$ ")) {
                typed.add(goesOn ? line : line.substring(2));
                goesOn = line.endsWith("\\");
            }
        }
        return String.join("\n", typed);
    }

    private static void run(String script) throws Exception {
        assumeTrue(!script.contains("kcat") || System.getenv("CI") != null || isThere("kcat"), "there is no kcat");
        Path said = directory.resolve("said");
        // What README calls by its usual address is elsewhere here.
        String here = script.replace("localhost:9092", standalone.bootstrapServers())
                .replace("http://localhost:8083", standalone.connectUrl());
        ProcessBuilder shell = new ProcessBuilder("bash", "-e", "-x", "-o", "pipefail", "-c", here)
                .directory(directory.resolve("checkout").toFile())
                .redirectErrorStream(true).redirectOutput(said.toFile());
        shell.environment().keySet().removeIf(name -> name.startsWith("CHARLA_") || name.startsWith("XDG_"));
        shell.environment().put("HOME", directory.resolve("home").toString());
        shell.environment().put("CHARLA_BOOTSTRAP_SERVERS", standalone.bootstrapServers());
        shell.environment().put("CHARLA_MONGODB_URI", standalone.mongodbUri());
        shell.environment().put("CHARLA_CONNECT_URL", standalone.connectUrl());
        Process process = shell.start();
        boolean hasEnded = process.waitFor(LIMIT_S, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(said, UTF_8);
        assertThat(hasEnded).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, program))
                .anyMatch(Files::isExecutable);
    }
}
