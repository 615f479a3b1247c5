package org.charla.client.terminal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.charla.access.PlacedMessage;
import org.charla.client.text.Graphemes;
import org.charla.client.text.HarmlessText;
import org.charla.client.text.IrcFormatting;
import org.charla.client.text.MessageText;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Lays out what is said as lines of a terminal, none wider than it is unless the address of a page is. */
final class Layout {

    /** Colours of the 256 that can be read on black and on white. */
    private static final int[] NICK_COLOURS = {32, 35, 37, 64, 97, 130, 132, 136, 160, 166, 168, 172};

    private static final int LONGEST_NICK = 24;
    private static final int NARROW = 60;
    private static final int INDENT = 2;
    private static final int TAB = 4;

    private final boolean colour;
    private final ZoneId zone;
    private final DateTimeFormatter time;
    private final DateTimeFormatter date;
    private final ToIntFunction<String> columns;

    /** @param columns tells how many columns a text has on the terminal */
    Layout(Locale locale, ZoneId zone, boolean colour, ToIntFunction<String> columns) {
        this.colour = colour;
        this.columns = columns;
        this.zone = zone;
        // A language without a country says nothing about how its speakers write the time.
        this.time = (locale.getCountry().isEmpty() ? DateTimeFormatter.ofPattern("HH:mm")
                : DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT)).withLocale(locale).withZone(zone);
        this.date = DateTimeFormatter.ofLocalizedDate(FormatStyle.FULL).withLocale(locale);
    }

    /** Knows who could be taken for another. */
    interface Ids {

        /**
         * What stands beside the name of such an author.
         *
         * @param cut whether only the beginning of the name is shown
         */
        Optional<String> beside(Author author, boolean cut);
    }

    /** The day of a time. */
    LocalDate day(long epochMillis) {
        return LocalDate.ofInstant(instant(epochMillis), zone);
    }

    /** A time of the past, in epoch milliseconds, as a part of a sentence; with its day where that is not today. */
    String moment(long at) {
        LocalDate day = LocalDate.ofInstant(instant(at), zone);
        return (day.equals(LocalDate.now(zone)) ? "" : name(day) + ", ") + time(at);
    }

    String name(LocalDate day) {
        return date.format(day);
    }

    /**
     * A message, whatever it holds.
     *
     * @param sign what stands in front of the author, where no name and no text can stand; may be empty
     * @param said what is shown as its text
     * @param mention whether it speaks of the reader
     */
    List<AttributedString> message(PlacedMessage placed, String sign, String said, boolean mention, Ids ids, int width) {
        return line(placed.message().sentAt(), sign, placed.message().author(), placed.isAction(), said, mention, ids,
                width);
    }

    /** What somebody did at a time, as {@link #message} is shown. */
    List<AttributedString> deed(long sentAt, String sign, Author author, String what, boolean mention, Ids ids,
            int width) {
        return line(sentAt, sign, author, false, what, mention, ids, width);
    }

    private List<AttributedString> line(long sentAt, String sign, Author author, boolean action, String said,
            boolean mention, Ids ids, int width) {
        String name = MessageText.name(author.displayName());
        int longest = width < NARROW ? LONGEST_NICK / 2 : LONGEST_NICK;
        String nick = cut(name, longest);
        AttributedStringBuilder prefix = new AttributedStringBuilder();
        prefix.styled(style(AttributedStyle::faint), time(sentAt));
        prefix.styled(style(style -> style.bold().foreground(AttributedStyle.YELLOW)), mention ? "»" : " ");
        prefix.append(sign).append(author.verified() ? "" : MessageText.UNVERIFIED);
        prefix.append(action ? "* " : "<");
        prefix.styled(style(style -> colourOf(author.userId(), mention ? style.bold() : style)), nick);
        // It is cut where there would be no room for the text.
        int room = Math.min(longest, width - Wrapping.NARROWEST - columns(prefix.toString()) - " ()> ".length() - 1);
        ids.beside(author, !nick.equals(name))
                .ifPresent(id -> prefix.append(" (").append(cut(MessageText.name(id), room)).append(')'));
        prefix.append(action ? " " : "> ");
        return hanging(prefix.toAttributedString(), said, style(style -> mention ? style.bold() : style), width);
    }

    /** An author's name with what keeps it apart from others', on one line. */
    String named(Author author, Ids ids) {
        String name = cut(MessageText.name(author.displayName()), LONGEST_NICK);
        return (author.verified() ? "" : MessageText.UNVERIFIED) + '<' + name + ids.beside(author, !name.equals(
                MessageText.name(author.displayName()))).map(id -> " (" + MessageText.name(id) + ')').orElse("") + '>';
    }

    /** What stands above or below a message and belongs to it, in one line that begins as no text can. */
    AttributedString beside(String mark, String text, int width) {
        return new AttributedString(cut(mark + ' ' + HarmlessText.of(IrcFormatting.strip(text)), width - 1),
                style(AttributedStyle::faint));
    }

    /** A time of day, and the day where that isn't this one. */
    String moment(long epochMillis, long now) {
        String clock = time(epochMillis);
        return day(epochMillis).equals(day(now)) ? clock
                : DateTimeFormatter.ISO_LOCAL_DATE.format(day(epochMillis)) + ' ' + clock;
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

    /** What stands in front of the line that is typed: it has some room behind it, or begins a line of its own. */
    List<AttributedString> question(String text, int width) {
        List<AttributedString> lines = new ArrayList<>();
        for (String line : Wrapping.wrap(HarmlessText.of(text), width - 1, width - 1, columns)) {
            lines.add(new AttributedString(line, style(AttributedStyle::bold)));
        }
        if (columns(text) >= width && columns(lines.get(lines.size() - 1).toString()) > width * 2 / 3) {
            lines.add(AttributedString.EMPTY);
        }
        return lines;
    }

    /** What stands for something that can't be laid out. */
    List<AttributedString> unshowable() {
        return List.of(new AttributedString("-- \uFFFD", style(AttributedStyle::faint)));
    }

    /** The text on one line, if need be shortened to so many columns. */
    String excerpt(String text, int most) {
        return cut(HarmlessText.of(text), most);
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
    private List<AttributedString> hanging(AttributedString prefix, String text, AttributedStyle style, int width) {
        int given = columns(prefix.toString());
        int indent = given <= width / 3 ? given : INDENT;
        int others = width - 1 - indent;
        List<AttributedString> lines = new ArrayList<>();
        AttributedString head = prefix;
        for (String line : text.split("\\R", -1)) {
            String shown = expanded(HarmlessText.withTabs(IrcFormatting.strip(line)));
            int room = lines.isEmpty() ? width - 1 - given : others;
            for (String part : Wrapping.wrap(shown, room, others, columns)) {
                // What is wider than a line goes on at the margin, as the terminal breaks it.
                AttributedString start = !lines.isEmpty() && columns(part) > others ? AttributedString.EMPTY : head;
                lines.add(new AttributedStringBuilder().append(start).styled(style, part).toAttributedString());
                head = new AttributedString(" ".repeat(indent));
            }
        }
        return lines;
    }

    /** The text with blanks up to the next stop in place of tabs. */
    private String expanded(String text) {
        if (text.indexOf('\t') < 0) {
            return text;
        }
        StringBuilder blanks = new StringBuilder();
        int column = 0;
        for (String part : text.split("(?<=\t)")) {
            String plain = part.replace("\t", "");
            blanks.append(plain);
            column += columns(plain);
            if (part.endsWith("\t")) {
                int stop = TAB - column % TAB;
                blanks.append(" ".repeat(stop));
                column += stop;
            }
        }
        return blanks.toString();
    }

    int columns(String text) {
        return columns.applyAsInt(text);
    }

    /** The text, if need be shortened to so many columns. */
    private String cut(String text, int most) {
        if (columns(text) <= most) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int room = Math.max(1, most) - 1;
        for (String grapheme : Graphemes.of(text)) {
            room -= columns(grapheme);
            if (room < 0) {
                break;
            }
            cut.append(grapheme);
        }
        return cut.append('…').toString();
    }
}
