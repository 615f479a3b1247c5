package org.charla.client.command;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.charla.client.terminal.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "revoke")
public final class IdentityRevokeCommand implements Callable<Integer> {

    @ParentCommand
    private IdentityCommand identity;

    @Parameters(index = "0", paramLabel = "KEY|FINGERPRINT")
    private String key;

    @Option(names = "--own")
    private boolean own;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Least.One.class)
    private int timeout;

    @Mixin
    private Format format;

    @Override
    public Integer call() {
        new KeyChange(identity, Duration.ofSeconds(timeout)).apply(this::without, format);
        return 0;
    }

    private List<String> without(String ownKey, List<String> keys) {
        String revoked = keys.stream().filter(one -> one.equals(key) || Identities.fingerprint(one).equals(key))
                .findFirst().orElseThrow(() -> new CommandFailure(key + " is none of this user's keys: "
                        + (keys.isEmpty() ? "there are none, since nobody has claimed the id"
                                : "they are " + Identities.fingerprints(keys))));
        if (keys.size() == 1) {
            throw new CommandFailure("this is the only key, without which nobody could write as this user:"
                    + " add another one first (charla identity add-key)");
        }
        if (revoked.equals(ownKey) && !own) {
            throw new CommandFailure("this is the key of this machine, which could not write as this user any more:"
                    + " say --own if that is meant");
        }
        return keys.stream().filter(one -> !one.equals(revoked)).toList();
    }
}
