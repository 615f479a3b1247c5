package org.charla.client.command;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.charla.protocol.signature.UserKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "add-key")
public final class IdentityAddKeyCommand implements Callable<Integer> {

    @ParentCommand
    private IdentityCommand identity;

    @Parameters(index = "0", paramLabel = "KEY", converter = PublicKey.class)
    private UserKey key;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Least.One.class)
    private int timeout;

    @Mixin
    private Format format;

    @Override
    public Integer call() {
        new KeyChange(identity, Duration.ofSeconds(timeout)).apply(
                (own, keys) -> Stream.concat(keys.isEmpty() ? Stream.of(own) : keys.stream(), Stream.of(key.toString()))
                        .distinct().toList(), format);
        return 0;
    }
}
