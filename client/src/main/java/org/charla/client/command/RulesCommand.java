package org.charla.client.command;

import java.time.ZoneId;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.charla.access.ExistingRules;
import org.charla.access.KafkaAccess;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.text.JsonLine;
import org.charla.client.text.RulesText;
import org.charla.protocol.ChannelRule;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.RawEvent;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "rules")
public final class RulesCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Mixin
    private Waiting waiting;

    @Parameters(index = "0", paramLabel = "CHANNEL", converter = ChannelName.class)
    private String channel;

    @Parameters(index = "1", arity = "0..1", paramLabel = "RULE", converter = RuleName.class,
            completionCandidates = RuleName.All.class)
    private ChannelRule rule;

    @Parameters(index = "2", arity = "0..1", paramLabel = "VALUE")
    private String value;

    @Option(names = "--until", paramLabel = "TIME", converter = Moment.class)
    private Long until;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (rule == null && until == null) {
            return show(charla.settings().kafkaAccess());
        }
        if (value == null) {
            throw new MissingParameterException(spec.commandLine(),
                    spec.positionalParameters().stream().filter(parameter -> parameter.index().min() > (rule == null ? 0 : 1))
                            .map(CommandLine.Model.ArgSpec.class::cast).toList(), "missing");
        }
        try (Sender sender = new Sender(charla.settings(), charla.keys(), charla.console(), channel, format.json(),
                waiting.patience())) {
            sender.introduce();
            OptionalLong end = until == null ? OptionalLong.empty() : OptionalLong.of(until);
            sender.send(0, (id, userId, now) -> new RawEvent.Rule(id, userId, channel, rule, value, end, now));
            return sender.finish() ? 0 : 1;
        }
    }

    private int show(KafkaAccess kafka) {
        ChannelRules rules = new ExistingRules(kafka).find(channel).orElseGet(() -> {
            if (!kafka.channels(KafkaAccess.PATIENCE).contains(channel)) {
                throw new CommandFailure("there is no channel #" + channel);
            }
            return ChannelRules.none(channel);
        });
        if (format.json()) {
            charla.console().line(JsonLine.of(rules));
        } else {
            RulesText.of(rules, System.currentTimeMillis(), ZoneId.systemDefault()).forEach(charla.console()::line);
        }
        return 0;
    }
}
