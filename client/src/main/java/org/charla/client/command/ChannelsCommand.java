package org.charla.client.command;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.charla.access.AccessFailure;
import org.charla.access.ExistingRules;
import org.charla.access.KafkaAccess;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.JsonLine;
import org.charla.protocol.ChannelRules;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(name = "channels")
public final class ChannelsCommand implements Callable<Integer> {

    @ParentCommand
    private CommonOptions charla;

    @Mixin
    private Format format;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "8", converter = Least.One.class)
    private int timeout;

    @Override
    public Integer call() {
        KafkaAccess kafka = charla.settings().kafkaAccess();
        List<String> channels = kafka.channels(Duration.ofSeconds(timeout));
        Map<String, ChannelRules> rules = channels.isEmpty() ? Map.of() : rules(kafka);
        for (String channel : channels) {
            ChannelRules ruled = rules.getOrDefault(channel, ChannelRules.none(channel));
            charla.console().line(format.json() ? json(ruled) : text(ruled));
        }
        return 0;
    }

    /** The list is worth having without them, too. */
    private Map<String, ChannelRules> rules(KafkaAccess kafka) {
        try {
            return new ExistingRules(kafka).all();
        } catch (AccessFailure e) {
            charla.console().error(e.getMessage() + "; the list is without titles and owners");
            return Map.of();
        }
    }

    private static String text(ChannelRules rules) {
        if (rules.title().isEmpty() && rules.owner().isEmpty()) {
            return rules.channel();
        }
        return rules.channel() + '\t' + HarmlessText.of(rules.title()) + '\t'
                + rules.owner().map(HarmlessText::of).orElse("");
    }

    private static String json(ChannelRules rules) {
        return JsonLine.of(fields -> {
            fields.writeStringField("channel", rules.channel());
            if (!rules.title().isEmpty()) {
                fields.writeStringField("title", rules.title());
            }
            if (rules.owner().isPresent()) {
                fields.writeStringField("owner", rules.owner().get());
            }
        });
    }
}
