package org.charla.client.command;

import java.util.concurrent.Callable;
import org.charla.protocol.RawEvent;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that sends what changes a message. */
abstract class ChangeCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Mixin
    private Waiting waiting;

    @Parameters(index = "0", paramLabel = "CHANNEL", converter = ChannelName.class)
    private String channel;

    @Parameters(index = "1", paramLabel = "TARGET", converter = Target.Converter.class)
    private Target target;

    @Spec
    private CommandSpec spec;

    @Override
    public final Integer call() {
        requireGoodArguments(spec);
        Settings settings = charla.settings();
        String meant = target.in(channel, settings);
        try (Sender sender = new Sender(settings, charla.keys(), charla.console(), channel, format.json(),
                waiting.patience())) {
            sender.introduce();
            sender.send(0, (id, userId, now) -> change(id, userId, channel, meant, now));
            return sender.finish() ? 0 : 1;
        }
    }

    /** Throws what is wrong with the arguments, apart from each alone. */
    void requireGoodArguments(CommandSpec command) {
    }

    /** @param target the id of the message that is meant */
    abstract RawEvent.InChannel change(String id, String userId, String channel, String target, long now);
}
