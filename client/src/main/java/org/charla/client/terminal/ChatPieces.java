package org.charla.client.terminal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import org.charla.access.PlacedMessage;
import org.charla.client.chat.Item;
import org.charla.client.text.Difference;
import org.charla.client.text.Graphemes;
import org.charla.client.text.MessageText;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.MessageRef;
import org.charla.protocol.RawEvent;
import org.jline.utils.AttributedString;

/**
 * How messages are shown that answer others, were changed or taken back, and what is told of such changes. What the chat
 * says about them stands where no name and no text can: in front of the author, or at the beginning of a line.
 */
final class ChatPieces {

    /** In front of who changed a message, took one back, thinks something of one, or ruled. */
    private static final String EDITED = "~";
    private static final String DELETED = "-";
    private static final String REACTED = "+";
    private static final String RULED = "!";

    /** In front of the message that is answered. */
    private static final String ANSWERED = ">";

    private static final int EXCERPT = 40;
    /** The longest text that is shown anew when it was changed, and how much around the change where it is longer. */
    private static final int SHOWN_ANEW = 200;
    private static final int AROUND = 20;

    private static final int MOST_EMOJI = 12;
    private static final int MOST_NAMES = 5;
    private static final int MOST_MUTED = 20;

    private final Phrases phrases;
    private final Layout layout;
    private final Predicate<PlacedMessage> mentionsMe;
    private final Layout.Ids ids;
    private final Function<String, Optional<PlacedMessage>> known;

    /** @param known finds a message of the channel that is shown by its id, as it stands */
    ChatPieces(Phrases phrases, Layout layout, Predicate<PlacedMessage> mentionsMe, Layout.Ids ids,
            Function<String, Optional<PlacedMessage>> known) {
        this.phrases = phrases;
        this.layout = layout;
        this.mentionsMe = mentionsMe;
        this.ids = ids;
        this.known = known;
    }

    /** A message as it stands: below what it answers, above what people think of it. */
    List<AttributedString> message(PlacedMessage placed, int width) {
        List<AttributedString> lines = new ArrayList<>();
        boolean deleted = placed.deleted().isPresent();
        placed.message().replyTo().filter(target -> !deleted).ifPresent(target -> lines.add(answered(target, width)));
        lines.addAll(layout.message(placed, deleted ? DELETED : placed.edited().isPresent() ? EDITED : "",
                deleted ? deletion(placed) : placed.said(), mentionsMe.test(placed), ids, width));
        if (!placed.reactions().isEmpty()) {
            lines.add(layout.beside(REACTED, reactions(placed), width));
        }
        return lines;
    }

    private String deletion(PlacedMessage placed) {
        String by = placed.deleted().map(PlacedMessage.Deleted::by).orElse("");
        return by.equals(placed.message().author().userId()) ? phrases.get("shown.deleted")
                : phrases.get("shown.deleted.by", MessageText.name(by));
    }

    private AttributedString answered(String target, int width) {
        return known.apply(target).map(placed -> quoted(placed, width)).orElseGet(() -> layout.beside(ANSWERED,
                '<' + MessageText.name(authorOf(target)) + "> " + phrases.get("shown.missing"), width));
    }

    /** A message as it is quoted, in one line. */
    AttributedString quoted(PlacedMessage placed, int width) {
        return layout.beside(ANSWERED, quote(placed), width);
    }

    private String quote(PlacedMessage placed) {
        return layout.named(placed.message().author(), ids) + ' '
                + (placed.deleted().isPresent() ? deletion(placed) : firstLine(placed.said()));
    }

    private static String authorOf(String target) {
        return MessageRef.parse(target).map(MessageRef::userId).orElse(target);
    }

    private static String firstLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    /** Each emoji, how many chose it, and some of them. */
    private static String reactions(PlacedMessage placed) {
        Map<String, List<String>> users = new LinkedHashMap<>();
        placed.reactions().forEach(reacted -> reacted.reactions().forEach(
                emoji -> users.computeIfAbsent(emoji, none -> new ArrayList<>()).add(reacted.userId())));
        StringBuilder shown = new StringBuilder();
        users.entrySet().stream().sorted((one, other) -> other.getValue().size() - one.getValue().size())
                .limit(MOST_EMOJI).forEach(entry -> shown.append(shown.isEmpty() ? "" : "  ").append(entry.getKey())
                        .append(' ').append(entry.getValue().size()).append(" (")
                        .append(some(entry.getValue(), MOST_NAMES)).append(')'));
        return users.size() > MOST_EMOJI ? shown + " …" : shown.toString();
    }

    private static String some(List<String> userIds, int most) {
        String names = String.join(", ", userIds.stream().limit(most).map(MessageText::name).toList());
        return userIds.size() > most ? names + ", +" + (userIds.size() - most) : names;
    }

    /** What is told of a change, in a line of its own that quotes little. */
    List<AttributedString> changed(Item.Changed changed, int width) {
        ChannelRecord record = changed.change().record();
        Optional<PlacedMessage> target = changed.target();
        boolean mention = target.filter(before -> record instanceof ChannelRecord.Edit)
                .filter(before -> mentionsMe.test(before.after(changed.change()))).isPresent();
        return switch (record.type()) {
            case EDIT -> deed(record, EDITED, edit((ChannelRecord.Edit) record, target), mention, width);
            case DELETION -> deed(record, DELETED, deletion((ChannelRecord.Deletion) record, target), false, width);
            case REACTION -> deed(record, REACTED, reaction((ChannelRecord.Reaction) record, target), false, width);
            case RULE -> deed(record, RULED, rule((ChannelRecord.Rule) record), false, width);
            case MESSAGE, PROFILE, PROFILE_REMOVAL -> List.of();
        };
    }

    private List<AttributedString> deed(ChannelRecord record, String sign, String what, boolean mention, int width) {
        return layout.deed(record.sentAt(), sign, record.author(), what, mention, ids, width);
    }

    private String edit(ChannelRecord.Edit edit, Optional<PlacedMessage> target) {
        if (target.isEmpty()) {
            return phrases.get("changed.edit.older");
        }
        String before = target.get().message().text();
        Difference difference = Difference.between(before, edit.text());
        return phrases.get("changed.edit", around(edit.text(), difference),
                layout.excerpt(firstLine(difference.before().isBlank() ? before : difference.before()), EXCERPT));
    }

    /** The text, where it is long only what was changed and a little around it. */
    private static String around(String text, Difference difference) {
        List<String> graphemes = Graphemes.of(text);
        if (graphemes.size() <= SHOWN_ANEW) {
            return text;
        }
        int begin = Math.max(0, difference.begin() - AROUND);
        int end = Math.min(graphemes.size(), Math.min(difference.end() + AROUND, begin + SHOWN_ANEW));
        return (begin > 0 ? "…" : "") + String.join("", graphemes.subList(begin, end))
                + (end < graphemes.size() ? "…" : "");
    }

    private String deletion(ChannelRecord.Deletion deletion, Optional<PlacedMessage> target) {
        if (target.isEmpty()) {
            return phrases.get("changed.deletion.older", MessageText.name(authorOf(deletion.target())));
        }
        Author author = target.get().message().author();
        String time = layout.moment(target.get().message().sentAt(), deletion.sentAt());
        return author.userId().equals(deletion.author().userId()) ? phrases.get("changed.deletion", time)
                : phrases.get("changed.deletion.other", time, layout.named(author, ids));
    }

    private String reaction(ChannelRecord.Reaction reaction, Optional<PlacedMessage> target) {
        String what = target.map(placed -> layout.excerpt(quote(placed), EXCERPT)).orElseGet(() ->
                phrases.get("changed.older", MessageText.name(authorOf(reaction.target()))));
        return reaction.reactions().isEmpty() ? phrases.get("changed.reaction.none", what)
                : phrases.get("changed.reaction", String.join(" ", reaction.reactions()), what);
    }

    private String rule(ChannelRecord.Rule rule) {
        String key = "ruled." + rule.rule();
        return switch (rule.rule()) {
            case TITLE -> phrases.get(rule.value().isEmpty() ? key + ".none" : key, rule.value());
            case SLOW_MODE -> phrases.get(rule.value().equals("0") ? key + ".none" : key, rule.value());
            case POSTING -> phrases.get(key, posting(rule.value()));
            case MUTE -> until(key, MessageText.name(rule.value()), rule.until());
            case UNMUTE, MODERATOR, NO_MODERATOR, OWNER -> phrases.get(key, MessageText.name(rule.value()));
        };
    }

    private String posting(String value) {
        return ChannelRules.Posting.named(value).map(posting -> phrases.get("posting." + posting)).orElse(value);
    }

    /** A phrase whose last argument is until when, or for ever. */
    String until(String key, Object... arguments) {
        Object[] all = arguments.clone();
        OptionalLong until = (OptionalLong) arguments[arguments.length - 1];
        all[arguments.length - 1] = until.isPresent()
                ? phrases.get("until", layout.moment(until.getAsLong(), System.currentTimeMillis()))
                : phrases.get("for.ever");
        return phrases.get(key, all);
    }

    /** What holds in a channel, a line each. */
    String rules(ChannelRules rules) {
        List<String> lines = new ArrayList<>();
        lines.add(rules.title().isEmpty() ? phrases.get("rules.untitled", rules.channel())
                : phrases.get("rules.title", rules.channel(), rules.title()));
        lines.add(rules.owner().map(owner -> phrases.get("rules.owner", MessageText.name(owner)))
                .orElseGet(() -> phrases.get("rules.unowned")));
        if (!rules.moderators().isEmpty()) {
            lines.add(phrases.get("rules.moderators", some(rules.moderators(), ChannelRules.MAX_MODERATORS)));
        }
        lines.add(phrases.get("rules.posting", phrases.get("posting." + rules.posting())));
        if (rules.slowModeSeconds() > 0) {
            lines.add(phrases.get("rules.slow", rules.slowModeSeconds()));
        }
        List<ChannelRules.Mute> muted =
                rules.muted().stream().filter(mute -> mute.holdsAt(System.currentTimeMillis())).toList();
        muted.stream().limit(MOST_MUTED).forEach(mute ->
                lines.add(until("rules.muted", MessageText.name(mute.userId()), mute.until())));
        if (muted.size() > MOST_MUTED) {
            lines.add(phrases.get("rules.muted.more", muted.size() - MOST_MUTED));
        }
        return String.join("\n", lines);
    }

    /** What is on its way, in few words. */
    String pending(RawEvent.InChannel event) {
        if (event instanceof RawEvent.Message message) {
            return message.text();
        } else if (event instanceof RawEvent.Edit edit) {
            return EDITED + ' ' + edit.text();
        } else if (event instanceof RawEvent.Deletion deletion) {
            return DELETED + ' ' + known.apply(deletion.target()).map(this::quote).orElse("");
        } else if (event instanceof RawEvent.Reaction reaction) {
            return REACTED + ' ' + String.join(" ", reaction.reactions());
        }
        RawEvent.Rule rule = (RawEvent.Rule) event;
        return RULED + ' ' + rule.rule().wireName() + ' ' + rule.value();
    }
}
