package org.charla.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A terminal with a shell in it, which a test types into and looks at: tmux. */
final class TmuxTerminal implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SESSION = "test";

    private final Path socket;

    /**
     * Opens one with a shell, or skips the test where there is no tmux; in CI that is a failure.
     *
     * @param directory for its socket, and where the chat keeps what it remembers; keys are kept beside it, for all terminals
     */
    TmuxTerminal(Path directory, int columns, int rows) throws Exception {
        boolean missing = !Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Path.of(folder, "tmux").toFile().canExecute());
        if (missing && Boolean.parseBoolean(System.getenv("CI"))) {
            throw new AssertionError("no tmux: install it");
        }
        Assumptions.assumeFalse(missing, "no tmux on the PATH");
        socket = directory.resolve("tmux");
        Files.createDirectories(directory);
        tmux("-f", "/dev/null", "new-session", "-d", "-s", SESSION, "-x", Integer.toString(columns), "-y",
                Integer.toString(rows), "env", "-u", "TMUX", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC", "PS1=$ ",
                "XDG_STATE_HOME=" + directory, "XDG_DATA_HOME=" + directory.getParent(), "sh");
        awaitLine("$");
    }

    /** Types a line and, when it is there, ends it: as a person does, and not all at once. */
    TmuxTerminal enter(String line) throws Exception {
        String end = withoutBlanks(line.substring(line.offsetByCodePoints(line.length(),
                -Math.min(10, line.codePointCount(0, line.length())))));
        return type(line).await(screen -> assertThat(withoutBlanks(String.join("", screen))).contains(end))
                .press("Enter");
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s", "");
    }

    /** Runs a command of the shell on an empty screen. */
    TmuxTerminal command(String line) throws Exception {
        return enter("clear").await(screen -> assertThat(screen).containsExactly("$")).enter(line);
    }

    TmuxTerminal type(String text) throws Exception {
        if (!text.isEmpty()) {
            tmux("send-keys", "-t", SESSION, "-l", text);
        }
        return this;
    }

    /** @param keys as tmux calls them */
    TmuxTerminal press(String... keys) throws Exception {
        List<String> command = new ArrayList<>(List.of("send-keys", "-t", SESSION));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
        return this;
    }

    /** As a terminal does when somebody pastes. */
    TmuxTerminal paste(String text) throws Exception {
        tmux("set-buffer", text);
        tmux("paste-buffer", "-p", "-t", SESSION);
        return this;
    }

    /** As a terminal does that doesn't tell what is pasted. */
    TmuxTerminal pasteAsIfTyped(String text) throws Exception {
        tmux("set-buffer", text);
        tmux("paste-buffer", "-t", SESSION);
        return this;
    }

    /** Whether the bell has rung since nobody looked. */
    boolean hasRung() throws Exception {
        return tmux("display-message", "-p", "-t", SESSION, "#{window_bell_flag}").strip().equals("1");
    }

    /** Gives the window another size and waits until programs can learn of it: tmux draws first, and tells them later. */
    TmuxTerminal resize(int columns, int rows) throws Exception {
        tmux("resize-window", "-t", SESSION, "-x", Integer.toString(columns), "-y", Integer.toString(rows));
        String tty = tmux("display-message", "-p", "-t", SESSION, "#{pane_tty}").strip();
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).untilAsserted(
                () -> assertThat(run("stty", "-F", tty, "size").strip()).isEqualTo(rows + " " + columns));
        return this;
    }

    /** What stands on the screen, without what is blank below and to the right of it. */
    List<String> screen() {
        try {
            return tmux("capture-pane", "-p", "-t", SESSION).stripTrailing().lines().map(String::stripTrailing).toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the last line begins so. */
    TmuxTerminal awaitPrompt(String start) {
        return await(screen -> assertThat(screen).last().asString().startsWith(start));
    }

    /** Waits until there is such a line. */
    TmuxTerminal awaitLine(String line) {
        return await(screen -> assertThat(screen).contains(line));
    }

    /** Waits until a line matches. */
    TmuxTerminal awaitMatch(String regex) {
        return await(screen -> assertThat(screen).anyMatch(line -> line.matches(regex)));
    }

    TmuxTerminal await(Consumer<List<String>> assertion) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertion.accept(screen()));
        return this;
    }

    private String tmux(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.onExit().completeOnTimeout(null, LIMIT.toSeconds(), TimeUnit.SECONDS).join()).isNotNull();
        assertThat(process.exitValue()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }

    @Override
    public void close() throws IOException {
        tmux("kill-server");
    }
}
