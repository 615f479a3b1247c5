package org.charla.client.command;

import java.util.concurrent.Callable;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.signature.SigningKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

@Command(name = "create")
public final class IdentityCreateCommand implements Callable<Integer> {

    @ParentCommand
    private IdentityCommand identity;

    @Mixin
    private Format format;

    @Override
    public Integer call() {
        String userId = identity.settings().user();
        SigningKey key = SigningKey.generate();
        if (!identity.keys().add(userId, key)) {
            throw new CommandFailure("there is a key of " + userId + " already: " + identity.keys().file(userId)
                    + " (charla identity show)");
        }
        identity.show(userId, key.publicKey(), format);
        return 0;
    }
}
