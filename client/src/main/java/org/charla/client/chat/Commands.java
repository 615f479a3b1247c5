package org.charla.client.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.charla.access.PlacedMessage;

/** The commands of the chat and how their arguments are read. */
final class Commands {

    private Commands() {
    }

    static Map<String, Function<String, Input>> table() {
        Map<String, Function<String, Input>> table = new LinkedHashMap<>();
        table.put("/join", argument -> new Input.Join(channel(argument)));
        table.put("/leave", argument -> new Input.Leave());
        table.put("/channels", argument -> new Input.Channels());
        table.put("/users", argument -> new Input.Users());
        table.put("/history", Commands::history);
        table.put("/older", argument -> new Input.Older());
        table.put("/search", argument -> required("/search", argument, new Input.Search(argument.strip())));
        table.put("/nick", argument -> required("/nick", argument, new Input.Nick(argument.strip())));
        table.put("/me", argument -> required("/me", argument, new Input.Text(PlacedMessage.ACTION + argument)));
        table.put("/bell", argument -> new Input.Bell());
        table.put("/menu", argument -> new Input.Menu());
        table.put("/help", argument -> new Input.Help());
        table.put("/quit", argument -> new Input.Quit());
        table.put("/1", Input.Send::new);
        table.put("/2", argument -> new Input.Join(channel(argument)));
        table.put("/3", argument -> new Input.Older());
        table.put("/4", argument -> new Input.Quit());
        return Collections.unmodifiableMap(table);
    }

    /** Channels have no capitals and people write them with a {@code #} in front. */
    static String channel(String typed) {
        String name = typed.strip().toLowerCase(Locale.ROOT);
        return name.startsWith("#") ? name.substring(1) : name;
    }

    private static Input required(String command, String argument, Input input) {
        return argument.isBlank() ? new Input.Wrong(Notice.ARGUMENT_MISSING, command) : input;
    }

    private static Input history(String typed) {
        String argument = typed.strip();
        if (argument.isEmpty()) {
            return new Input.History(Input.DEFAULT_COUNT);
        }
        try {
            int count = Integer.parseInt(argument);
            if (count >= 1 && count <= Input.MAX_COUNT) {
                return new Input.History(count);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        return new Input.Wrong(Notice.NO_COUNT, argument);
    }
}
