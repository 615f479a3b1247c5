package org.charla.client.command;

import java.util.List;
import org.charla.protocol.RawEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;

@Command(name = "edit")
public final class EditCommand extends ChangeCommand {

    @Parameters(index = "2..*", arity = "1", paramLabel = "TEXT", parameterConsumer = Words.class)
    private List<String> text;

    @Override
    void requireGoodArguments(CommandSpec command) {
        Words.requireNoMistypedOption(command, text::contains);
    }

    @Override
    RawEvent.InChannel change(String id, String userId, String channel, String target, long now) {
        return new RawEvent.Edit(id, userId, channel, target, String.join(" ", text), now);
    }
}
