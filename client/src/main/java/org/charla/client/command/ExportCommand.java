package org.charla.client.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.charla.access.Store;
import org.charla.client.transcript.TranscriptExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "export")
public final class ExportCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Parameters(paramLabel = "CHANNEL", arity = "1..*", converter = ChannelName.class)
    private List<String> channels;

    @Override
    public Integer call() {
        List<String> distinct = channels.stream().distinct().toList();
        Settings settings = charla.settings();
        try (Store store = settings.store()) {
            distinct.forEach(channel -> StoredChannel.require(channel, store, settings, charla.console()));
            new TranscriptExport(store, charla.console(), charla.userOption()).run(distinct);
        }
        return 0;
    }
}
