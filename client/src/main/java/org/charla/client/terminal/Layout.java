package org.charla.client.terminal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.charla.client.chat.PlacedMessage;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.IrcFormatting;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Lays out what is said as lines of a terminal, none wider than it is. */
final class Layout {

    /** Colours of the 256 that can be read on black and on white. */
    private static final int[] NICK_COLOURS = {32, 35, 37, 64, 97, 130, 132, 136, 160, 166, 168, 172};

    private static final int LONGEST_NICK = 24;
    private static final int NARROW = 60;
    private static final int INDENT = 2;

    private final boolean colour;
    private final ZoneId zone;
    private final DateTimeFormatter time;
    private final DateTimeFormatter date;

    Layout(Locale locale, ZoneId zone, boolean colour) {
        this.colour = colour;
        this.zone = zone;
        // A language without a country says nothing about how its speakers write the time.
        this.time = (locale.getCountry().isEmpty() ? DateTimeFormatter.ofPattern("HH:mm")
                : DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT)).withLocale(locale).withZone(zone);
        this.date = DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(locale);
    }

    /** The day on which it was sent. */
    LocalDate day(PlacedMessage placed) {
        return LocalDate.ofInstant(instant(placed.message().sentAt()), zone);
    }

    String name(LocalDate day) {
        return date.format(day);
    }

    /**
     * A message, whatever it holds.
     *
     * @param mention whether it speaks of the reader
     */
    List<AttributedString> message(PlacedMessage placed, boolean mention, int width) {
        ChannelMessage.Author author = placed.message().author();
        boolean action = placed.isAction();
        String nick = cut(HarmlessText.of(author.displayName()), width < NARROW ? LONGEST_NICK / 2 : LONGEST_NICK);
        AttributedStringBuilder prefix = new AttributedStringBuilder();
        prefix.styled(style(AttributedStyle::faint), time(placed.message().sentAt()));
        prefix.styled(style(style -> style.bold().foreground(AttributedStyle.YELLOW)), mention ? "»" : " ");
        prefix.append(action ? "* " : "<");
        prefix.styled(style(style -> colourOf(author.userId(), mention ? style.bold() : style)), nick);
        prefix.append(action ? " " : "> ");
        return hanging(prefix.toAttributedString(), placed.said(),
                style(style -> mention ? style.bold() : style), width);
    }

    /** A notice, its lines marked as such. */
    List<AttributedString> notice(String text, int width) {
        List<AttributedString> lines = new ArrayList<>();
        text.lines().forEach(line -> lines.addAll(hanging(
                new AttributedString("-- ", style(AttributedStyle::faint)), line, style(AttributedStyle::faint), width)));
        return lines;
    }

    /** Something that went wrong with what the person did. */
    List<AttributedString> problem(String text, int width) {
        AttributedStyle red = style(style -> style.foreground(AttributedStyle.RED));
        return hanging(new AttributedString("!! ", red), text, red, width);
    }

    /** A line across the screen with a title in it. */
    AttributedString rule(String title, int width) {
        String cut = cut(HarmlessText.of(title), Math.max(1, width - 6));
        int rest = Math.max(0, width - 1 - 4 - columns(cut));
        return new AttributedString("-- " + cut + " " + "-".repeat(rest), style(AttributedStyle::faint));
    }

    /** A message on its way, in one line. */
    AttributedString pending(String mark, String text, int width) {
        return new AttributedString(cut(mark + ' ' + HarmlessText.of(IrcFormatting.strip(text)), width - 1),
                style(AttributedStyle::faint));
    }

    AttributedStyle style(UnaryOperator<AttributedStyle> change) {
        return colour ? change.apply(AttributedStyle.DEFAULT) : AttributedStyle.DEFAULT;
    }

    private AttributedStyle colourOf(String userId, AttributedStyle style) {
        return style.foreground(NICK_COLOURS[Math.floorMod(userId.hashCode(), NICK_COLOURS.length)]);
    }

    private String time(long epochMillis) {
        return time.format(instant(epochMillis));
    }

    /** MongoDB may hold what other programs wrote: calendars are trusted with nothing earlier than the year 1. */
    private static Instant instant(long epochMillis) {
        return Instant.ofEpochMilli(Math.max(EventRules.EARLIEST_DATE, epochMillis));
    }

    /** The lines of a text behind a prefix, and below each other under the text. */
    private static List<AttributedString> hanging(AttributedString prefix, String text, AttributedStyle style,
            int width) {
        int given = prefix.columnLength();
        int indent = given <= width / 3 ? given : INDENT;
        List<AttributedString> lines = new ArrayList<>();
        AttributedString head = prefix;
        int room = width - 1 - given;
        for (String line : text.split("\\R", -1)) {
            for (String part : Wrapping.wrap(HarmlessText.of(IrcFormatting.strip(line)), room, width - 1 - indent)) {
                lines.add(new AttributedStringBuilder().append(head).styled(style, part).toAttributedString());
                head = new AttributedString(" ".repeat(indent));
                room = width - 1 - indent;
            }
        }
        return lines;
    }

    private static int columns(String text) {
        return new AttributedString(text).columnLength();
    }

    /** The text, if need be shortened to so many columns. */
    private static String cut(String text, int columns) {
        return columns(text) <= columns ? text
                : new AttributedString(text).columnSubSequence(0, Math.max(1, columns) - 1) + "…";
    }
}
