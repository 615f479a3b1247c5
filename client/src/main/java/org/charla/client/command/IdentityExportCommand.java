package org.charla.client.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.charla.client.identity.KeyFolder;
import org.charla.client.identity.PemKey;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.signature.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "export")
public final class IdentityExportCommand implements Callable<Integer> {

    @ParentCommand
    private IdentityCommand identity;

    @Parameters(index = "0", paramLabel = "FILE", arity = "0..1")
    private Path file;

    @Option(names = "--passphrase")
    private boolean passphrase;

    @Mixin
    private Passphrase source;

    @Override
    public Integer call() {
        String userId = identity.settings().user();
        SigningKey key = identity.keys().find(userId).orElseThrow(() -> new CommandFailure(
                "there is no key of " + userId + " here: charla identity create makes one"));
        Optional<char[]> phrase = source.given(identity.charla()).or(this::asked);
        String pem = phrase.map(given -> PemKey.write(key, given)).orElseGet(() -> PemKey.write(key));
        if (file == null) {
            identity.console().line(pem.stripTrailing());
        } else {
            write(pem);
        }
        return 0;
    }

    private Optional<char[]> asked() {
        if (!passphrase) {
            return Optional.empty();
        }
        char[] typed = Passphrase.ask(identity.console(), identity.charla().texts().getString("passphrase"));
        if (!Arrays.equals(typed, Passphrase.ask(
                identity.console(), identity.charla().texts().getString("passphrase.again")))) {
            throw new CommandFailure("these were two different passphrases");
        }
        return Optional.of(typed);
    }

    private void write(String pem) {
        try {
            Files.createFile(file, KeyFolder.forOwner(file.toAbsolutePath().getParent(), "rw-------"));
            Files.writeString(file, pem, US_ASCII);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(file + " is there already: choose another file", e);
        } catch (IOException e) {
            throw new CommandFailure("the key can't be written to " + file + " (" + KeyFolder.reason(e) + ")", e);
        }
    }
}
