package org.charla.client.text;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.charla.access.PlacedMessage;
import org.charla.access.PlacedRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.EventRules;

/**
 * What stands in a channel as lines for a person: when it was sent in the reader's zone, who, and what. All that is said
 * of a message stands in front of the name, or in a line of its own that begins with blanks, where no text can be: so that
 * nobody can write it.
 */
public final class MessageText {

    /**
     * Stands in front of whoever didn't sign, and may be anybody: outside of the name, so that no name can have it, or
     * make one miss it.
     */
    public static final String UNVERIFIED = "?";

    /** As wide as a time and the blank behind it. */
    private static final String INDENT = " ".repeat("2026-11-27 12:17:03 ".length());

    /** How much of a text is quoted, in graphemes. */
    private static final int LONGEST_QUOTE = 40;

    private final DateTimeFormatter time;

    public MessageText(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(zone);
    }

    /** A message as it is by now, on one line. */
    public String of(PlacedMessage placed) {
        return time(placed.message().sentAt()) + ' ' + mark(placed) + said(placed);
    }

    /**
     * A message as it is by now, in front of it what it answers, and behind it the reactions to it.
     *
     * @param known the messages that may be quoted, by their ids
     */
    public List<String> lines(PlacedMessage placed, Function<String, Optional<PlacedMessage>> known) {
        List<String> lines = new ArrayList<>();
        placed.message().replyTo().ifPresent(answered -> lines.add(quote(answered, known)));
        lines.add(of(placed));
        if (!placed.reactions().isEmpty()) {
            lines.add(INDENT + "+ " + counted(placed.reactions()));
        }
        return lines;
    }

    /** A record of a channel, and in front of it a little of what it is about. */
    public List<String> lines(PlacedRecord placed, Function<String, Optional<PlacedMessage>> known) {
        ChannelRecord record = placed.record();
        if (record instanceof ChannelMessage message) {
            return lines(new PlacedMessage(placed.position(), message), known);
        }
        String begin = time(record.sentAt()) + " (" + record.type().wireName() + ") " + speaker(record.author());
        if (record instanceof ChannelRecord.Edit edit) {
            return List.of(quote(edit.target(), known), begin + ' ' + harmless(edit.text()));
        }
        if (record instanceof ChannelRecord.Deletion deletion) {
            // What it said is not to be read again.
            return List.of(quote(deletion.target(), id -> known.apply(id).map(told -> told.after(placed))), begin);
        }
        if (record instanceof ChannelRecord.Reaction reaction) {
            return List.of(quote(reaction.target(), known), begin + ' ' + (reaction.reactions().isEmpty() ? "none any more"
                    : reaction.reactions().stream().map(HarmlessText::of).collect(joining(" "))));
        }
        ChannelRecord.Rule rule = (ChannelRecord.Rule) record;
        return List.of(begin + ' ' + rule.rule().wireName() + ' ' + HarmlessText.of(rule.value())
                + (rule.until().isPresent() ? " until " + time(rule.until().getAsLong()) : ""));
    }

    private static String mark(PlacedMessage placed) {
        if (placed.deleted().isPresent()) {
            String by = placed.deleted().get().by();
            return "(deleted" + (by.equals(placed.message().author().userId()) ? "" : " by " + name(by)) + ") ";
        }
        return placed.edited().isPresent() ? "(edited) " : "";
    }

    private static String said(PlacedMessage placed) {
        Author author = placed.message().author();
        if (placed.isAction()) {
            return (author.verified() ? "" : UNVERIFIED) + "* " + name(author.displayName()) + ' ' + harmless(placed.said());
        }
        return speaker(author) + (placed.deleted().isPresent() ? "" : ' ' + harmless(placed.said()));
    }

    private static String speaker(Author author) {
        return (author.verified() ? "" : UNVERIFIED) + '<' + name(author.displayName()) + '>';
    }

    private String quote(String id, Function<String, Optional<PlacedMessage>> known) {
        return INDENT + "> " + known.apply(id).map(this::of).map(MessageText::cut).orElseGet(() -> HarmlessText.of(id));
    }

    private static String cut(String line) {
        List<String> graphemes = Graphemes.of(line);
        int most = INDENT.length() + LONGEST_QUOTE;
        return graphemes.size() <= most ? line : String.join("", graphemes.subList(0, most - 1)) + "…";
    }

    /** The reactions and how many chose each, the most frequent first. */
    private static String counted(List<PlacedMessage.Reacted> reactions) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        reactions.forEach(reacted -> reacted.reactions().forEach(reaction -> counts.merge(reaction, 1, Integer::sum)));
        return counts.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(count -> HarmlessText.of(count.getKey()) + ' ' + count.getValue()).collect(joining("  "));
    }

    private static String harmless(String text) {
        return HarmlessText.of(IrcFormatting.strip(text));
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
