package org.charla.client.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
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

@Command(name = "import")
public final class IdentityImportCommand implements Callable<Integer> {

    private static final Path STANDARD_INPUT = Path.of("-");

    @ParentCommand
    private IdentityCommand identity;

    @Parameters(index = "0", paramLabel = "FILE")
    private Path file;

    @Option(names = "--replace")
    private boolean replace;

    @Mixin
    private Passphrase source;

    @Mixin
    private Format format;

    @Override
    public Integer call() {
        String userId = identity.settings().user();
        KeyFolder keys = identity.keys();
        SigningKey key = key(text());
        if (replace) {
            keys.replace(userId, key);
        } else if (!keys.add(userId, key)
                && keys.find(userId).filter(here -> here.publicKey().equals(key.publicKey())).isEmpty()) {
            throw new CommandFailure("there is another key of " + userId + " already: " + keys.file(userId)
                    + "; --replace puts this one in its place, which is gone then unless you export it first");
        }
        identity.show(userId, key.publicKey(), format);
        return 0;
    }

    private String text() {
        try (InputStream in = file.equals(STANDARD_INPUT) ? identity.console().in() : new FileInputStream(file.toFile())) {
            return new String(in.readNBytes(PemKey.LONGEST + 1), US_ASCII);
        } catch (IOException e) {
            throw new CommandFailure("there is no file to read at " + file, e);
        }
    }

    private SigningKey key(String text) {
        try {
            if (!PemKey.isLocked(text)) {
                return PemKey.read(text);
            }
            return PemKey.read(text, source.given(identity.charla()).orElseGet(() ->
                    Passphrase.ask(identity.console(), identity.charla().texts().getString("passphrase"))));
        } catch (PemKey.UnfitException e) {
            throw new CommandFailure(file + " can't be imported: " + e.getMessage(), e);
        }
    }
}
