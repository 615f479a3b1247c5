package org.charla.client;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.charla.client.chat.PlacedMessage;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.IrcFormatting;

/** A message as a line for a person: when it was sent in the reader's zone, who, and what. */
final class MessageText {

    private static final long EARLIEST = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();

    private final DateTimeFormatter time;

    MessageText(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(zone);
    }

    String of(PlacedMessage placed) {
        String name = HarmlessText.of(placed.message().author().displayName());
        return time(placed.message().sentAt()) + (placed.isAction() ? " * " + name + ' ' : " <" + name + "> ")
                + HarmlessText.of(IrcFormatting.strip(placed.said()));
    }

    /** The pipeline takes any time of the past, also one that no calendar goes back to. */
    private String time(long epochMillis) {
        return epochMillis < EARLIEST ? "long ago" : time.format(Instant.ofEpochMilli(epochMillis));
    }
}
