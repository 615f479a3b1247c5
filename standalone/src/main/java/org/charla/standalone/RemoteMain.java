package org.charla.standalone;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.charla.client.Charla;
import org.charla.client.command.Settings;
import org.charla.connect.audit.AuditCommand;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.ConnectorsCommand;
import org.charla.connect.deploy.Terminal;
import picocli.CommandLine;

/**
 * The command line where all servers are elsewhere: the client's commands, {@code connectors} and {@code audit}. It
 * needs the libraries of those alone, so that the client's image holds no broker.
 */
public final class RemoteMain {

    private RemoteMain() {
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return Charla.parseAlike(withConnectors(Charla.commandLine()).addSubcommand(AuditCommand.class));
    }

    /** The client's command line with {@code connectors} in it. */
    static CommandLine withConnectors(CommandLine charla) {
        return Charla.parseAlike(charla.addSubcommand(new ConnectorsCommand(
                () -> connect(((Charla) charla.getCommand()).settings()), Terminal.ofProcess(),
                Path.of(System.getProperty("charla.home", ""), "config", "connectors"))));
    }

    private static ConnectSettings connect(Settings settings) {
        Map<String, String> kafka = new HashMap<>(settings.kafka());
        kafka.put("bootstrap.servers", settings.bootstrapServers());
        return ConnectSettings.of(settings.connectUrl(), settings.connect(), System.getenv(), kafka);
    }
}
