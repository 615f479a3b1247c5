package org.charla.standalone;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.charla.client.Charla;
import org.charla.client.Settings;
import org.charla.connect.deploy.ConnectSettings;
import org.charla.connect.deploy.ConnectorsCommand;
import org.charla.connect.deploy.Terminal;
import picocli.CommandLine;

/** The whole command line: the client's commands, {@code connectors} and {@code standalone}. */
public final class Main {

    private Main() {
    }

    /** Runs a command and ends the process with its status. */
    public static void main(String[] args) {
        CommandLine charla = Charla.commandLine();
        charla.addSubcommand(new ConnectorsCommand(() -> connect(((Charla) charla.getCommand()).settings()),
                Terminal.ofProcess(), Path.of(System.getProperty("charla.home", ""), "config", "connectors")));
        charla.addSubcommand(StandaloneCommand.class);
        System.exit(charla.execute(args));
    }

    private static ConnectSettings connect(Settings settings) {
        Map<String, String> kafka = new HashMap<>(settings.kafka());
        kafka.put("bootstrap.servers", settings.bootstrapServers());
        return ConnectSettings.of(settings.connectUrl(), settings.connect(), System.getenv(), kafka);
    }
}
