package org.charla.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.charla.client.terminal.Console;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in their shells, where these are installed. */
class CompletionScriptTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void isAScriptOfItsShell(String shell) throws Exception {
        for (String language : new String[] {"en", "es"}) {
            assertThat(run(shell, "-n", script(shell, language).toString())).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "charla h, history",
        "charla --user send s, send",
        "charla --user send --config send im, import",
        "charla history '', general random",
        "charla history general '', ''",
        "charla send ra, random",
        "charla edit ra, random",
        "charla export general '', general random",
        "charla rules general mo, moderator",
        "charla rules ge, general",
        "charla rules general title '', ''",
        "charla tail general '', general random",
        "charla send general --n, --name",
        "charla history --b, --before --bootstrap-servers",
        "charla completion '', bash zsh fish"})
    void completesInBash(String typed, String completed) throws Exception {
        Path charla = Files.writeString(folder.resolve("charla"), "#!/bin/sh\nprintf 'general\\tthe title\\tada\\nrandom\\n'\n");
        assertThat(charla.toFile().setExecutable(true)).isTrue();

        assertThat(run("bash", "-c", "source " + script("bash", "en") + "; COMP_WORDS=(" + typed.replaceFirst("^charla",
                charla.toString()) + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _charla; echo ${COMPREPLY[*]}"))
                .isEqualTo(completed + "\n");
    }

    @ParameterizedTest
    @CsvSource({"charla hi, history", "charla send general --wa, --wait", "charla --user send us, users"})
    void completesInFish(String typed, String completed) throws Exception {
        assertThat(run("fish", "-c", "source " + script("fish", "en") + "; complete -C '" + typed + "'"))
                .matches(completed + "\t.*\n");
    }

    @Test
    void offersRulesInFishAndZshWhereOneIsExpectedAlone() throws Exception {
        String fish = "function charla; echo general; end; source " + script("fish", "en")
                + "; complete -C 'charla rules %s'";
        assertThat(run("fish", "-c", fish.formatted("general sl"))).isEqualTo("slow-mode\n");
        assertThat(run("fish", "-c", fish.formatted("sl"))).isEmpty();
        assertThat(run("fish", "-c", fish.formatted("general title sl"))).isEmpty();

        String zsh = "compdef() { }; _describe() { echo $items / $names }; source " + script("zsh", "en")
                + "; charla() { echo general }; words=(charla rules %s ''); CURRENT=$#words; PREFIX=; _charla";
        assertThat(run("zsh", "-f", "-c", zsh.formatted(""))).isEqualTo("/ general\n");
        assertThat(run("zsh", "-f", "-c", zsh.formatted("general")))
                .startsWith("title posting slow-mode").endsWith(" /\n");
        assertThat(run("zsh", "-f", "-c", zsh.formatted("general title"))).isEqualTo("/\n");
    }

    @Test
    void offersNoChannelsWhereKafkaIsAway() throws Exception {
        Path charla = Files.writeString(folder.resolve("charla"), "#!/bin/sh\necho broken >&2; exit 1\n");
        assertThat(charla.toFile().setExecutable(true)).isTrue();

        assertThat(run("bash", "-c", "source " + script("bash", "en") + "; COMP_WORDS=(" + charla + " tail '');"
                + " COMP_CWORD=2; _charla; echo ${COMPREPLY[*]}")).isEqualTo("\n");
    }

    private Path script(String shell, String language) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(Charla.commandLine(Map.of(), new Console(new ByteArrayInputStream(new byte[0]), out, out, false, false, false))
                .execute("completion", shell, "--lang", language)).isZero();
        return Files.writeString(folder.resolve("script"), out.toString(UTF_8));
    }

    /** What a shell prints, errors included. */
    private static String run(String... command) throws IOException, InterruptedException {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, command[0]))), command[0] + " is not installed");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return printed;
    }
}
