package org.charla.connect.audit;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.charla.access.Store;
import org.charla.client.command.ChannelName;
import org.charla.client.command.CommonOptions;
import org.charla.client.command.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * Compares channels, users and what holds in channels with what the sinks wrote of them. To be added to the client's command
 * line; the sink's classes are needed when it runs, not before. Exit status: 0 all is equal, 1 it is not, or can't be judged,
 * 2 wrong usage.
 */
@Command(name = "audit")
public final class AuditCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Parameters(paramLabel = "CHANNEL", arity = "0..*", converter = ChannelName.class)
    private List<String> channels;

    @Option(names = "--repair")
    private boolean repair;

    @Option(names = "--json")
    private boolean json;

    @Override
    public Integer call() {
        Settings settings = charla.settings();
        Report report = json ? new JsonReport(charla.console()) : new TextReport(charla.console(), charla.texts());
        Path connectors = Path.of(System.getProperty("charla.home", ""), "config", "connectors");
        try (Store store = settings.store();
                Audit audit = new Audit(settings.kafkaAccess(), store, connectors, repair, report)) {
            boolean isEqual = channels == null ? audit.all() : audit.of(channels.stream().distinct().toList());
            report.ended();
            return isEqual ? 0 : 1;
        }
    }
}
