package org.charla.client.command;

import org.charla.protocol.RawEvent;
import picocli.CommandLine.Command;

@Command(name = "delete")
public final class DeleteCommand extends ChangeCommand {

    @Override
    RawEvent.InChannel change(String id, String userId, String channel, String target, long now) {
        return new RawEvent.Deletion(id, userId, channel, target, now);
    }
}
