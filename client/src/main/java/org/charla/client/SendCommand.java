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

@Command(name = "send", header = "Sends a message, or each line of standard input as one.",
        footer = {"", "Examples:",
            "  charla send general hola a todos",
            "  charla send general hola --user alice --name Alice --wait",
            "  fortune | charla send general               a line a message",
            "  charla send general -- -1 is negative       a text that looks like an option"})
final class SendCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Mixin
    private Format format;

    @Parameters(index = "0", paramLabel = "CHANNEL", description = "The channel; its first message makes it.")
    private String channel;

    @Parameters(index = "1..*", paramLabel = "TEXT",
            description = "The text; without one, each line of standard input is a message.")
    private List<String> text;

    @Option(names = "--name", paramLabel = "DISPLAY-NAME",
            description = "The name that you go by from now on (your user id).")
    private String name;

    @Option(names = "--wait", description = "Wait until each message is in its channel, or refused.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30",
            description = "How long --wait waits for a message (30).")
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
