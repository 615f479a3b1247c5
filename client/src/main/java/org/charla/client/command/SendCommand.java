package org.charla.client.command;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.charla.client.text.Lines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

@Command(name = "send")
public final class SendCommand implements Callable<Integer> {

    private static final Pattern MAYBE_OPTION = Pattern.compile("--?\\p{L}[\\p{L}\\p{N}-]*(=.*)?", Pattern.DOTALL);

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Parameters(index = "0", paramLabel = "CHANNEL")
    private String channel;

    @Parameters(index = "1..*", paramLabel = "TEXT", parameterConsumer = Words.class)
    private List<String> text;

    @Option(names = "--name", paramLabel = "DISPLAY-NAME")
    private String name;

    @Option(names = "--wait")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "30", converter = Least.One.class)
    private int timeout;

    @Spec
    private CommandSpec spec;

    /** Lets words that look like options and are none be words: {@code -5 degrees}, and {@code -h is a letter}. */
    public static void takeTextsAsTheyAre(CommandLine send) {
        send.setPosixClusteredShortOptionsAllowed(false);
        send.setUnmatchedOptionsArePositionalParams(true);
    }

    @Override
    public Integer call() {
        requireNoMistypedOption();
        try (Sender sender = new Sender(charla.settings(), charla.keys(), charla.console(), channel, format.json(),
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

    /** Takes a word as it is, where picocli takes one that begins like an option for one. */
    private static final class Words implements IParameterConsumer {

        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec text, CommandSpec send) {
            List<String> words = text.getValue() == null ? new ArrayList<>() : text.getValue();
            words.add(arguments.pop());
            text.setValue(words);
        }
    }

    /** What may be an option with a slip in it would be sent to everybody. */
    private void requireNoMistypedOption() {
        List<String> mistyped = spec.commandLine().getParseResult().originalArgs().stream()
                .takeWhile(argument -> !argument.equals("--"))
                .filter(argument -> MAYBE_OPTION.matcher(argument).matches() && isWord(argument)
                        && !spec.optionsMap().containsKey(argument))
                .toList();
        if (!mistyped.isEmpty()) {
            throw new UnmatchedArgumentException(spec.commandLine(), mistyped);
        }
    }

    private boolean isWord(String argument) {
        return argument.equals(channel) || text != null && text.contains(argument);
    }

    private void sendLines(Sender sender) {
        Lines lines = new Lines(charla.console().in());
        long number = 0;
        try {
            for (Lines.Line line = lines.next(); line != null && !sender.isStopped(); line = lines.next()) {
                number = line.number();
                if (line.problem() == null) {
                    sender.send(number, line.text());
                } else {
                    sender.refused(number, line.problem());
                }
            }
        } catch (IOException e) {
            sender.refused(number + 1, "standard input can't be read any further: " + e.getMessage());
        }
    }
}
