package org.charla.client.command;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "tail")
public final class TailCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Parameters(paramLabel = "CHANNEL", arity = "1..*", converter = ChannelName.class)
    private List<String> channels;

    @Option(names = "-n", paramLabel = "N", defaultValue = "10", converter = Least.Zero.class)
    private int count;

    @Override
    public Integer call() {
        Set<String> distinct = new LinkedHashSet<>(channels);
        new Tail(charla.settings(), charla.console(), format.json()).run(distinct, count);
        return 0;
    }
}
