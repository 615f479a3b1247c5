package org.charla.client.chat;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.charla.access.PlacedMessage;
import org.charla.client.chat.Input.Command;
import org.charla.client.text.Alike;

/** The commands of the chat, and how what a person types is read: as one of them, an answer, or a text. */
final class Commands {

    /** How many messages {@code /history} shows where it is not told. */
    private static final int DEFAULT_COUNT = 20;

    /** The most that {@code /history} shows at once; there is {@code /older} for the rest. */
    static final int MAX_COUNT = 1_000;

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
        return textOrCommand(line);
    }

    private static boolean isYes(String line) {
        return YES.contains(Alike.folded(line.strip()));
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
