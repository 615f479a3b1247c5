package org.charla.client.command;

import java.util.ArrayList;
import java.util.List;
import org.charla.protocol.RawEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "react")
public final class ReactCommand extends ChangeCommand {

    @Parameters(index = "2..*", paramLabel = "EMOJI")
    private List<String> reactions = new ArrayList<>();

    @Override
    RawEvent.InChannel change(String id, String userId, String channel, String target, long now) {
        return new RawEvent.Reaction(id, userId, channel, target, reactions, now);
    }
}
