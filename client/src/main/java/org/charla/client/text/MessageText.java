package org.charla.client.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.charla.access.PlacedMessage;
import org.charla.protocol.EventRules;

/** A message as a line for a person: when it was sent in the reader's zone, who, and what. */
public final class MessageText {

    /**
     * Stands in front of whoever didn't sign, and may be anybody: outside of the name, so that no name can have it, or
     * make one miss it.
     */
    public static final String UNVERIFIED = "?";

    private final DateTimeFormatter time;

    public MessageText(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(zone);
    }

    public String of(PlacedMessage placed) {
        String name = name(placed.message().author().displayName());
        return time(placed.message().sentAt()) + ' ' + (placed.message().author().verified() ? "" : UNVERIFIED)
                + (placed.isAction() ? "* " + name + ' ' : '<' + name + "> ")
                + HarmlessText.of(IrcFormatting.strip(placed.said()));
    }

    /** An author's name as it is shown: without what looks like its end, behind which a text would begin. */
    public static String name(String name) {
        return HarmlessText.of(name.replace('<', '‹').replace('>', '›'));
    }

    /** MongoDB may hold what other programs wrote: times that no calendar goes back to. */
    private String time(long epochMillis) {
        return epochMillis < EventRules.EARLIEST_DATE ? "long ago" : time.format(Instant.ofEpochMilli(epochMillis));
    }
}
