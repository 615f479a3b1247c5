package org.charla.client.text;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.charla.protocol.ChannelRules;

/** What holds in a channel as lines for a person. */
public final class RulesText {

    private RulesText() {
    }

    /**
     * What holds, and who is muted.
     *
     * @param now whose mute has ended by then is not named, in epoch milliseconds
     */
    public static List<String> of(ChannelRules rules, long now, ZoneId zone) {
        List<String> lines = new ArrayList<>(List.of(
                line("channel", rules.channel()),
                line("title", rules.title().isEmpty() ? "none" : HarmlessText.of(rules.title())),
                line("owner", rules.owner().map(MessageText::name).orElse("nobody")),
                line("moderators", rules.moderators().isEmpty() ? "none"
                        : rules.moderators().stream().map(MessageText::name).collect(joining(", "))),
                line("posting", rules.posting().wireName()),
                line("slow-mode", rules.slowModeSeconds() == 0 ? "none" : rules.slowModeSeconds() + " s")));
        rules.muted().stream().filter(mute -> mute.holdsAt(now))
                .forEach(mute -> lines.add(line("muted", MessageText.name(mute.userId()) + until(mute, zone))));
        return lines;
    }

    private static String until(ChannelRules.Mute mute, ZoneId zone) {
        return mute.until().isEmpty() ? "" : " until " + DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(zone)
                .format(Instant.ofEpochMilli(mute.until().getAsLong()));
    }

    private static String line(String what, String value) {
        return String.format("%-12s%s", what, value);
    }
}
