package org.charla.client.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.charla.access.Identity;
import org.charla.access.Store;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.transcript.ImportSummary;
import org.charla.client.transcript.TranscriptImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "import")
public final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*")
    private List<Path> files;

    @Option(names = "--operator", paramLabel = "USER-ID")
    private String operator;

    @Option(names = "--protect")
    private boolean protect;

    @Override
    public Integer call() {
        if (files.stream().filter(TranscriptImport::isStandardInput).count() > 1) {
            throw new ParameterException(spec.commandLine(), "standard input can be read once",
                    spec.positionalParameters().get(0), "- -");
        }
        ImportSummary summary;
        Settings settings = charla.settings();
        try (Store store = settings.store();
                TranscriptImport transcripts =
                        new TranscriptImport(settings.kafkaAccess(), store, charla.console(), signing(settings))) {
            summary = transcripts.run(files);
        }
        charla.console().line(format.json() ? summary.toJson() : summary.toText());
        return summary.refused() == 0 && summary.completed() ? 0 : 1;
    }

    private TranscriptImport.Signing signing(Settings settings) {
        Identities identities = new Identities(charla.keys(), settings.realm());
        List<String> users = operator != null ? List.of(operator)
                : Stream.of(settings.user(), Settings.MACHINE_USER).distinct().toList();
        List<Identity> operators = users.stream().map(identities::here).flatMap(Optional::stream).toList();
        if (operator != null && operators.isEmpty()) {
            throw new CommandFailure("there is no key of " + operator + " here (charla identity show --user "
                    + operator + ")");
        }
        return new TranscriptImport.Signing(operators, operator != null, protect
                ? operators.stream().findFirst().orElseGet(() -> identities.of(settings.user(), Optional.empty())) : null);
    }
}
