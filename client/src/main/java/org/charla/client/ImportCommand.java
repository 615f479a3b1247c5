package org.charla.client;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "import")
final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Mixin
    private Format format;

    @Parameters(paramLabel = "FILE", arity = "1..*")
    private List<Path> files;

    @Override
    public Integer call() {
        ImportSummary summary;
        try (TranscriptImport transcripts = new TranscriptImport(charla.settings(), charla.console())) {
            summary = transcripts.run(files);
        }
        charla.console().line(format.json() ? summary.toJson() : summary.toText());
        return summary.refused() == 0 && summary.completed() ? 0 : 1;
    }
}
