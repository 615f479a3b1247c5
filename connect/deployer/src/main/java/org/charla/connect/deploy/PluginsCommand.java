package org.charla.connect.deploy;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "plugins",
        header = "Lists what the worker can load: connectors, converters, transformations, predicates.")
final class PluginsCommand extends ConnectorsSubcommand {

    @Override
    int run() {
        List<ConnectRest.Plugin> plugins = connect().plugins();
        List<List<String>> text = new ArrayList<>();
        text.add(List.of("TYPE", "VERSION", "CLASS"));
        plugins.forEach(plugin -> text.add(List.of(plugin.type(),
                plugin.version() == null ? "-" : plugin.version(), plugin.className())));
        printTable(plugins, text);
        return ExitStatus.DONE;
    }
}
