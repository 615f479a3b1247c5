package org.charla.client.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "chat")
public final class ChatCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Option(names = "--channel", paramLabel = "CHANNEL", converter = ChannelName.class)
    private String channel;

    @Option(names = "--name", paramLabel = "DISPLAY-NAME")
    private String name;

    @Override
    public Integer call() throws Exception {
        return charla.chat(charla.settings(), channel, name);
    }
}
