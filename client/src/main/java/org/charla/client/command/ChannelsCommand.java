package org.charla.client.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.charla.client.text.JsonLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "channels")
public final class ChannelsCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Format format;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "8")
    private int timeout;

    @Override
    public Integer call() {
        Least.require(1, spec, "--timeout", timeout);
        for (String channel : charla.settings().kafkaAccess().channels(Duration.ofSeconds(timeout))) {
            charla.console().line(format.json()
                    ? JsonLine.of(fields -> fields.writeStringField("channel", channel))
                    : channel);
        }
        return 0;
    }
}
