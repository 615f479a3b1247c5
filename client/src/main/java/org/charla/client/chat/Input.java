package org.charla.client.chat;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What a person types, understood. A text that starts with a slash is typed with two. */
sealed interface Input {

    /** A message, in the form in which it is sent. */
    record Text(String text) implements Input {
    }

    record Menu() implements Input {
    }

    /** @param argument empty where none was given */
    record Send(String argument) implements Input {
    }

    record Join(String channel) implements Input {
    }

    record Leave() implements Input {
    }

    record Channels() implements Input {
    }

    record Users() implements Input {
    }

    record History(int count) implements Input {
    }

    record Older() implements Input {
    }

    record Nick(String name) implements Input {
    }

    record Search(String text) implements Input {
    }

    record Bell() implements Input {
    }

    record Help() implements Input {
    }

    record Quit() implements Input {
    }

    /** Can't be done; the notice says why. */
    record Wrong(Notice notice, String what) implements Input {
    }

    /** How many messages {@code /history} shows where it is not told. */
    int DEFAULT_COUNT = 20;

    /** The most that {@code /history} shows at once; there is {@code /older} for the rest. */
    int MAX_COUNT = 1_000;

    /** By the name of the command; in the order in which they are offered. */
    Map<String, Function<String, Input>> COMMANDS = Commands.table();

    /** @param line as typed, not blank */
    static Input parse(String line) {
        if (!line.startsWith("/")) {
            return new Text(line);
        }
        if (line.startsWith("//")) {
            return new Text(line.substring(1));
        }
        // What follows the blank behind the command is text, whatever it begins and ends with.
        String[] parts = line.split("\\s", 2);
        Function<String, Input> command = COMMANDS.get(parts[0].toLowerCase(Locale.ROOT));
        return command == null
                ? new Wrong(Notice.UNKNOWN_COMMAND, parts[0])
                : command.apply(parts.length == 1 ? "" : parts[1]);
    }
}
