package org.charla.client;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "import", header = "Sends transcripts of earlier conversations.",
        description = {"Transcripts are JSON Lines, plain or gzip: channel, nick, sentAt (ISO 8601 with its offset from"
            + " UTC) and text. A nick becomes a user. What was imported before is not imported again."},
        footer = {"", "Examples:",
            "  charla import ubuntu.jsonl.gz mediawiki.jsonl.gz",
            "  zcat *.gz | grep kubuntu | charla import -",
            "",
            "A line: {\"channel\":\"ubuntu\",\"nick\":\"ada\",\"sentAt\":\"2007-09-14T10:24:21Z\",\"text\":\"hi\"}"})
final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Mixin
    private Format format;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Transcripts; - is standard input.")
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
