package org.charla.client;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "channels")
final class ChannelsCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Mixin
    private Format format;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "8")
    private int timeout;

    @Override
    public Integer call() {
        for (String channel : new KafkaAccess(charla.settings()).channels(Duration.ofSeconds(timeout))) {
            charla.console().line(format.json()
                    ? JsonLine.of(fields -> fields.writeStringField("channel", channel))
                    : channel);
        }
        return 0;
    }
}
