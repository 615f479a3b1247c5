package org.charla.client.text;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.charla.access.PlacedMessage;
import org.charla.protocol.EventRules;

/** A message as a line for a person: when it was sent in the reader's zone, who, and what. */
public final class MessageText {

    private final DateTimeFormatter time;

    public MessageText(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(zone);
    }

    public String of(PlacedMessage placed) {
        String name = HarmlessText.of(placed.message().author().displayName());
        return time(placed.message().sentAt()) + (placed.isAction() ? " * " + name + ' ' : " <" + name + "> ")
                + HarmlessText.of(IrcFormatting.strip(placed.said()));
    }

    /** MongoDB may hold what other programs wrote: times that no calendar goes back to. */
    private String time(long epochMillis) {
        return epochMillis < EventRules.EARLIEST_DATE ? "long ago" : time.format(Instant.ofEpochMilli(epochMillis));
    }
}
