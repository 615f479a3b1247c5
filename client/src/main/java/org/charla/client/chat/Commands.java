package org.charla.client.chat;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.charla.access.PlacedMessage;
import org.charla.client.chat.Input.Command;
import org.charla.client.text.Alike;
import org.charla.client.text.Span;
import org.charla.protocol.ChannelRule;

/** The commands of the chat, and how what a person types is read: as one of them, an answer, or a text. */
final class Commands {

    /** How many messages {@code /history} shows where it is not told. */
    private static final int DEFAULT_COUNT = 20;

    /** The most that {@code /history} shows at once; there is {@code /older} for the rest. */
    static final int MAX_COUNT = 1_000;

    /** What takes a title away. */
    private static final String NO_TITLE = "-";
    /** What switches slow mode off. */
    static final String OFF = "off";

    private static final Set<String> YES = Set.of("y", "yes", "s", "si", "sí");

    /** By the name of the command; in the order in which they are offered. */
    private static final Map<String, Function<String, Input>> TABLE = table();

    private Commands() {
    }

    private static Map<String, Function<String, Input>> table() {
        Map<String, Function<String, Input>> table = new LinkedHashMap<>();
        table.put("/join", Commands::join);
        table.put("/leave", argument -> Command.LEAVE);
        table.put("/channels", argument -> Command.CHANNELS);
        table.put("/users", argument -> Command.USERS);
        table.put("/history", Commands::history);
        table.put("/older", argument -> Command.OLDER);
        table.put("/search", argument -> required("/search", argument, new Input.Search(argument.strip())));
        table.put("/nick", argument -> required("/nick", argument, new Input.Nick(argument.strip())));
        table.put("/me", argument -> required("/me", argument, new Input.Text(PlacedMessage.ACTION + argument)));
        table.put("/edit", argument -> none("/edit", argument, new Input.Edit()));
        table.put("/delete", argument -> none("/delete", argument, new Input.Delete()));
        table.put("/reply", Input.Reply::new);
        table.put("/react", argument -> new Input.React(words(argument)));
        table.put("/choose", argument -> new Input.Choose(argument.strip()));
        table.put("/rules", argument -> Command.RULES);
        table.put("/title", Commands::title);
        table.put("/posting", argument -> required("/posting", argument,
                new Input.Rule(ChannelRule.POSTING, argument.strip().toLowerCase(Locale.ROOT))));
        table.put("/slow", Commands::slow);
        table.put("/mute", Commands::mute);
        table.put("/unmute", argument -> person("/unmute", argument, ChannelRule.UNMUTE));
        table.put("/op", argument -> person("/op", argument, ChannelRule.MODERATOR));
        table.put("/deop", argument -> person("/deop", argument, ChannelRule.NO_MODERATOR));
        table.put("/bell", argument -> Command.BELL);
        table.put("/menu", argument -> Command.MENU);
        table.put("/help", argument -> Command.HELP);
        table.put("/quit", argument -> Command.QUIT);
        table.put("/1", argument -> argument.isBlank() ? Command.COMPOSE : new Input.Text(argument));
        table.put("/2", Commands::join);
        table.put("/3", argument -> Command.OLDER);
        table.put("/4", argument -> Command.QUIT);
        return Collections.unmodifiableMap(table);
    }

    /** What they are called, in the order in which they are offered. */
    static Collection<String> names() {
        return TABLE.keySet();
    }

    /**
     * Reads a line.
     *
     * @param asked what it answers; null: nothing was asked
     */
    static Input parse(Question asked, String line) {
        if (asked instanceof Question.Edit && !line.isBlank()) {
            return line.indexOf('\n') < 0 ? textOrCommand(line)
                    : new Input.Text(line.startsWith("//") ? line.substring(1) : line);
        }
        if (asked instanceof Question.SendLines lines) {
            return isYes(line) ? new Input.Text(lines.text()) : new Input.Draft(lines.text());
        }
        if (asked instanceof Question.LeaveUnsent) {
            return isYes(line) ? Command.QUIT_ANYWAY : Command.STAY;
        }
        if (line.isBlank()) {
            return Command.NOTHING;
        }
        int lines = 1 + (int) line.chars().filter(c -> c == '\n').count();
        if (lines > 1) {
            return new Input.Pasted(line, lines);
        }
        if (asked instanceof Question.Choice) {
            return textOrCommand(line.strip().matches("[1-4]") ? "/" + line.strip() : line);
        }
        if (asked instanceof Question.Channel && !line.startsWith("/")) {
            return new Input.Join(channel(line));
        }
        Optional<Substitution> substitution = asked == null ? Substitution.parse(line) : Optional.empty();
        return substitution.<Input>map(Input.Substitute::new).orElseGet(() -> textOrCommand(line));
    }

    private static boolean isYes(String line) {
        return YES.contains(Alike.folded(line.strip()));
    }

    /** What to type so that this text is sent. */
    static String typed(String text) {
        return text.startsWith("/") && !text.startsWith(PlacedMessage.ACTION) ? '/' + text : text;
    }

    /** A text that starts with a slash is typed with two. */
    private static Input textOrCommand(String line) {
        if (!line.startsWith("/")) {
            return new Input.Text(line);
        }
        if (line.startsWith("//")) {
            return new Input.Text(line.substring(1));
        }
        // What follows the blank behind the command is text, whatever it begins and ends with.
        String[] parts = line.split("\\s", 2);
        Function<String, Input> command = TABLE.get(parts[0].toLowerCase(Locale.ROOT));
        return command == null
                ? new Input.Wrong(Notice.UNKNOWN_COMMAND, parts[0])
                : command.apply(parts.length == 1 ? "" : parts[1]);
    }

    private static Input join(String argument) {
        String name = channel(argument);
        return name.isEmpty() ? Command.CHOOSE_CHANNEL : new Input.Join(name);
    }

    /** Channels have no capitals and people write them with a {@code #} in front. */
    private static String channel(String typed) {
        String name = typed.strip().toLowerCase(Locale.ROOT);
        return name.startsWith("#") ? name.substring(1) : name;
    }

    private static Input required(String command, String argument, Input input) {
        return argument.isBlank() ? new Input.Wrong(Notice.ARGUMENT_MISSING, command) : input;
    }

    private static Input none(String command, String argument, Input input) {
        return argument.isBlank() ? input : new Input.Wrong(Notice.ARGUMENT_TOO_MUCH, command);
    }

    private static List<String> words(String argument) {
        return Stream.of(argument.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private static Input title(String argument) {
        String title = argument.strip();
        return title.isEmpty() ? Command.RULES : new Input.Rule(ChannelRule.TITLE, title.equals(NO_TITLE) ? "" : title);
    }

    private static Input slow(String argument) {
        String span = argument.strip().toLowerCase(Locale.ROOT);
        if (span.equals(OFF)) {
            return new Input.Rule(ChannelRule.SLOW_MODE, "0");
        }
        OptionalLong millis = Span.parse(span.matches("[0-9]+") ? span + 's' : span);
        return millis.isEmpty() ? new Input.Wrong(span.isEmpty() ? Notice.ARGUMENT_MISSING : Notice.NO_SPAN,
                        span.isEmpty() ? "/slow" : span)
                : new Input.Rule(ChannelRule.SLOW_MODE, Long.toString(millis.getAsLong() / 1_000));
    }

    private static Input person(String command, String argument, ChannelRule rule) {
        return required(command, argument, new Input.RuleFor(rule, name(argument), OptionalLong.empty()));
    }

    /** A name may have blanks; what stands behind it is for how long, if it can be. */
    private static Input mute(String argument) {
        String typed = argument.strip();
        int blank = typed.lastIndexOf(' ');
        OptionalLong span = blank < 0 ? OptionalLong.empty() : Span.parse(typed.substring(blank + 1));
        return required("/mute", argument, new Input.RuleFor(
                ChannelRule.MUTE, name(span.isEmpty() ? typed : typed.substring(0, blank)), span));
    }

    /** People write names with an {@code @} in front. */
    private static String name(String typed) {
        String name = typed.strip();
        return name.length() > 1 && name.startsWith("@") ? name.substring(1) : name;
    }

    private static Input history(String typed) {
        String argument = typed.strip();
        if (argument.isEmpty()) {
            return new Input.History(DEFAULT_COUNT);
        }
        try {
            int count = Integer.parseInt(argument);
            if (count >= 1 && count <= MAX_COUNT) {
                return new Input.History(count);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        return new Input.Wrong(Notice.NO_COUNT, argument);
    }
}
