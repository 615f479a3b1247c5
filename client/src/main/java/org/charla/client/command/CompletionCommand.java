package org.charla.client.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "completion")
public final class CompletionCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL")
    private CompletionScript shell;

    @Override
    public Integer call() {
        charla.translate(spec);
        shell.of(spec.root()).lines().forEach(charla.console()::line);
        return 0;
    }
}
