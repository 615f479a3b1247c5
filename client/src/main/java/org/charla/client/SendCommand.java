package org.charla.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "send")
final class SendCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Mixin
    private Format format;

    @Parameters(index = "0", paramLabel = "CHANNEL")
    private String channel;

    @Parameters(index = "1..*", paramLabel = "TEXT")
    private List<String> text;

    @Option(names = "--name", paramLabel = "DISPLAY-NAME")
    private String name;

    @Option(names = "--wait")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30")
    private int timeout;

    @Override
    public Integer call() throws IOException {
        try (Sender sender = new Sender(charla.settings(), charla.console(), channel, format.json(),
                wait ? Duration.ofSeconds(timeout) : null)) {
            sender.introduce(name);
            if (text != null) {
                sender.send(0, String.join(" ", text));
            } else {
                sendLines(sender);
            }
            return sender.finish() ? 0 : 1;
        }
    }

    private void sendLines(Sender sender) throws IOException {
        Lines lines = new Lines(charla.console().in());
        for (Lines.Line line = lines.next(); line != null && !sender.isStopped(); line = lines.next()) {
            if (line.problem() == null) {
                sender.send(line.number(), line.text());
            } else {
                sender.refused(line.number(), line.problem());
            }
        }
    }
}
