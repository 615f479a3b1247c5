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

@Command(name = "history", header = "Shows messages of a channel from MongoDB, oldest first.",
        footer = {"", "Examples:",
            "  charla history general                      the last 20 messages",
            "  charla history general -n 100 --json        the last 100, a JSON object a line",
            "  charla history general --before 4711        the 20 in front of position 4711"})
final class HistoryCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Format format;

    @Parameters(paramLabel = "CHANNEL", converter = Channels.class, description = "The channel.")
    private String channel;

    @Option(names = "-n", paramLabel = "N", defaultValue = "20", description = "How many messages (20).")
    private int count;

    @Option(names = "--before", paramLabel = "POSITION",
            description = "Only messages in front of this position, which --json shows.")
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
