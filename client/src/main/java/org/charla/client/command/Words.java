package org.charla.client.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Takes the words of a text as they are, where picocli takes one that begins like an option for one. */
public final class Words implements IParameterConsumer {

    private static final Pattern MAYBE_OPTION = Pattern.compile("--?\\p{L}[\\p{L}\\p{N}-]*(=.*)?", Pattern.DOTALL);

    /** Lets words that look like options and are none be words: {@code -5 degrees}, and {@code -h is a letter}. */
    public static void takeAsTheyAre(CommandLine command) {
        command.setPosixClusteredShortOptionsAllowed(false);
        command.setUnmatchedOptionsArePositionalParams(true);
    }

    /**
     * What may be an option with a slip in it would be sent to everybody.
     *
     * @param isWord whether an argument was taken for a word
     * @throws UnmatchedArgumentException if there is one
     */
    static void requireNoMistypedOption(CommandSpec command, Predicate<String> isWord) {
        List<String> mistyped = command.commandLine().getParseResult().originalArgs().stream()
                .takeWhile(argument -> !argument.equals("--"))
                .filter(argument -> MAYBE_OPTION.matcher(argument).matches() && isWord.test(argument)
                        && !command.optionsMap().containsKey(argument))
                .toList();
        if (!mistyped.isEmpty()) {
            throw new UnmatchedArgumentException(command.commandLine(), mistyped);
        }
    }

    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec text, CommandSpec command) {
        List<String> words = text.getValue() == null ? new ArrayList<>() : text.getValue();
        words.add(arguments.pop());
        text.setValue(words);
    }
}
