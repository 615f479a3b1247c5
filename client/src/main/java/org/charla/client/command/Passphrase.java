package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.TextStart;
import picocli.CommandLine.Option;

/** Where a passphrase comes from: a file, the environment, or the person. Never an argument, which others could see. */
final class Passphrase {

    static final String VARIABLE = "CHARLA_PASSPHRASE";

    private static final int LONGEST_FILE = 4_096;

    @Option(names = "--passphrase-file", paramLabel = "FILE")
    private Path file;

    /** The one that a file or the environment holds. */
    Optional<char[]> given(CommonOptions charla) {
        String variable = charla.environment().getOrDefault(VARIABLE, "");
        if (file == null) {
            return variable.isEmpty() ? Optional.empty() : Optional.of(variable.toCharArray());
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LONGEST_FILE);
            int begin = TextStart.markLength(bytes, bytes.length);
            String first = new String(Arrays.copyOfRange(bytes, begin, bytes.length), UTF_8).lines().findFirst().orElse("");
            if (first.isEmpty()) {
                throw new CommandFailure("there is no passphrase in the first line of " + file);
            }
            return Optional.of(first.toCharArray());
        } catch (IOException e) {
            throw new CommandFailure("the passphrase can't be read from " + file, e);
        }
    }

    /** Asks the person, where what is typed is not shown. */
    static char[] ask(Console console, String prompt) {
        return console.secret(prompt).filter(typed -> typed.length > 0).orElseThrow(() -> new CommandFailure(
                "there is no passphrase: type one at a terminal, or give it by --passphrase-file or " + VARIABLE));
    }
}
