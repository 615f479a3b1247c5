package org.charla.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "chat", header = "Chats at this terminal.",
        footer = {"", "Examples:",
            "  charla chat",
            "  charla chat --user alice --channel general",
            "  charla chat --lang es"})
final class ChatCommand implements Callable<Integer> {

    @ParentCommand
    private Charla charla;

    @Option(names = "--channel", paramLabel = "CHANNEL", converter = Channels.class,
            description = "The channel to begin with (the one of last time, or you are asked).")
    private String channel;

    @Option(names = "--name", paramLabel = "DISPLAY-NAME",
            description = "The name that you go by from now on (the one you have, or your user id).")
    private String name;

    @Override
    public Integer call() throws Exception {
        return charla.chat(charla.settings(), channel, name);
    }
}
