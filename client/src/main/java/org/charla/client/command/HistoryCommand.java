package org.charla.client.command;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.charla.access.PlacedMessage;
import org.charla.access.Store;
import org.charla.client.text.JsonLine;
import org.charla.client.text.MessageText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "history")
public final class HistoryCommand implements Callable<Integer> {

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
            if (format.json()) {
                messages.forEach(placed -> charla.console().line(JsonLine.of(placed)));
            } else {
                Map<String, PlacedMessage> answered = store.answered(channel, messages);
                messages.forEach(placed -> text.lines(placed, id -> Optional.ofNullable(answered.get(id)))
                        .forEach(charla.console()::line));
            }
            if (messages.isEmpty()) {
                StoredChannel.require(channel, store, settings, charla.console());
            }
        }
        return 0;
    }
}
