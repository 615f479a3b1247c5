package org.charla.client.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.charla.access.Store;
import org.charla.client.transcript.ImportSummary;
import org.charla.client.transcript.TranscriptImport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
                        new TranscriptImport(settings.kafkaAccess(), store, charla.console())) {
            summary = transcripts.run(files);
        }
        charla.console().line(format.json() ? summary.toJson() : summary.toText());
        return summary.refused() == 0 && summary.completed() ? 0 : 1;
    }
}
