package org.charla.client;

import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.charla.client.chat.PlacedMessage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "history")
final class HistoryCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Format format;

    @Parameters(paramLabel = "CHANNEL", converter = Channels.class)
    private String channel;

    @Option(names = "-n", paramLabel = "N", defaultValue = "20")
    private int count;

    @Option(names = "--before", paramLabel = "POSITION")
    private Long before;

    @Override
    public Integer call() {
        if (count < 0) {
            throw new ParameterException(spec.commandLine(), "-n must not be negative");
        }
        MessageText text = new MessageText(ZoneId.systemDefault());
        try (Store store = new Store(charla.settings().mongodbUri())) {
            for (PlacedMessage placed : store.history(channel, count, before == null ? Long.MAX_VALUE : before)) {
                charla.console().line(format.json() ? JsonLine.of(placed) : text.of(placed));
            }
        }
        return 0;
    }
}
