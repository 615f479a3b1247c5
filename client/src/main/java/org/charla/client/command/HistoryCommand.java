package org.charla.client.command;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.charla.access.AccessFailure;
import org.charla.access.PlacedMessage;
import org.charla.access.Store;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.text.JsonLine;
import org.charla.client.text.MessageText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "history")
public final class HistoryCommand implements Callable<Integer> {

    /** How long Kafka is waited for where MongoDB has nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Parameters(paramLabel = "CHANNEL", converter = ChannelName.class)
    private String channel;

    @Option(names = "-n", paramLabel = "N", defaultValue = "20", converter = Least.Zero.class)
    private int count;

    @Option(names = "--before", paramLabel = "POSITION")
    private Long before;

    @Override
    public Integer call() {
        MessageText text = new MessageText(ZoneId.systemDefault());
        Settings settings = charla.settings();
        try (Store store = settings.store()) {
            List<PlacedMessage> messages = store.history(channel, count, before == null ? Long.MAX_VALUE : before);
            for (PlacedMessage placed : messages) {
                charla.console().line(format.json() ? JsonLine.of(placed) : text.of(placed));
            }
            if (messages.isEmpty() && store.isEmpty(channel)) {
                if (!isInKafka(settings)) {
                    throw new CommandFailure("there is no channel #" + channel);
                }
                charla.console().error("MongoDB has no message of #" + channel + " yet: is the sink running?");
            }
        }
        return 0;
    }

    /** Nothing in MongoDB may also mean that the sink has not come so far. A Kafka that is away makes no difference. */
    private boolean isInKafka(Settings settings) {
        try {
            return settings.kafkaAccess().channels(PATIENCE).contains(channel);
        } catch (AccessFailure e) {
            return false;
        }
    }
}
