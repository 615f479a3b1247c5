package org.charla.client.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.charla.client.text.JsonLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "channels")
public final class ChannelsCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "8", converter = Least.One.class)
    private int timeout;

    @Override
    public Integer call() {
        for (String channel : charla.settings().kafkaAccess().channels(Duration.ofSeconds(timeout))) {
            charla.console().line(format.json()
                    ? JsonLine.of(fields -> fields.writeStringField("channel", channel))
                    : channel);
        }
        return 0;
    }
}
