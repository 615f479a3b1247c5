package org.charla.client.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.charla.client.text.Lines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "send")
public final class SendCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Mixin
    private Waiting waiting;

    @Parameters(index = "0", paramLabel = "CHANNEL")
    private String channel;

    @Parameters(index = "1..*", paramLabel = "TEXT", parameterConsumer = Words.class)
    private List<String> text;

    @Option(names = "--name", paramLabel = "DISPLAY-NAME")
    private String name;

    @Option(names = "--reply-to", paramLabel = "TARGET", converter = Target.Converter.class)
    private Target replyTo;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Words.requireNoMistypedOption(spec, this::isWord);
        Settings settings = charla.settings();
        Optional<String> answered = Optional.ofNullable(replyTo).map(target -> target.in(channel, settings));
        try (Sender sender = new Sender(settings, charla.keys(), charla.console(), channel, format.json(),
                waiting.patience())) {
            sender.introduce(name);
            if (text != null) {
                sender.send(0, String.join(" ", text), answered);
            } else {
                sendLines(sender, answered);
            }
            return sender.finish() ? 0 : 1;
        }
    }

    private boolean isWord(String argument) {
        return argument.equals(channel) || text != null && text.contains(argument);
    }

    private void sendLines(Sender sender, Optional<String> answered) {
        Lines lines = new Lines(charla.console().in());
        long number = 0;
        try {
            for (Lines.Line line = lines.next(); line != null && !sender.isStopped(); line = lines.next()) {
                number = line.number();
                if (line.problem() == null) {
                    sender.send(number, line.text(), answered);
                } else {
                    sender.refused(number, line.problem());
                }
            }
        } catch (IOException e) {
            sender.refused(number + 1, "standard input can't be read any further: " + e.getMessage());
        }
    }
}
