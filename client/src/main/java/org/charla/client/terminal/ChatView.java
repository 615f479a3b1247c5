package org.charla.client.terminal;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.charla.access.Speakers;
import org.charla.client.chat.Item;
import org.charla.client.chat.Notice;
import org.charla.client.chat.Question;
import org.charla.client.chat.StatusLine;
import org.charla.client.chat.View;
import org.charla.client.text.MessageText;
import org.charla.protocol.ChannelRules;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a conversation as lines of a terminal, all that was said since the last {@link #flush} at once. */
final class ChatView implements View {

    /** How many messages on their way are shown, in a line each. */
    private static final int PENDING_SHOWN = 4;

    private static final int EXCERPT = 60;
    private static final int LONGEST_ANSWERED = 16;

    private static final Logger LOG = LoggerFactory.getLogger(ChatView.class);

    private final Tty tty;
    private final Phrases phrases;
    private final Layout layout;
    private final Layout.Ids ids;
    private final ChatPieces pieces;
    private final List<AttributedString> lines = new ArrayList<>();
    private LocalDate day;

    ChatView(Tty tty, Phrases phrases, Layout layout, Predicate<PlacedMessage> mentionsMe, Layout.Ids ids,
            Function<String, Optional<PlacedMessage>> known) {
        this.tty = tty;
        this.phrases = phrases;
        this.layout = layout;
        this.ids = ids;
        this.pieces = new ChatPieces(phrases, layout, mentionsMe, ids, known);
    }

    /** Shows what was said, and how things stand. */
    void flush(StatusLine status) {
        List<AttributedString> said = List.copyOf(lines);
        lines.clear();
        tty.show(said, drawn(() -> prompt(status)));
    }

    /** What is drawn, or something in its place: a fault of ours or of a library is no reason to end. */
    private List<AttributedString> drawn(Supplier<List<AttributedString>> drawing) {
        try {
            return drawing.get();
        } catch (RuntimeException e) {
            LOG.error("Can't draw this", e);
            return layout.unshowable();
        }
    }

    private void draw(Supplier<List<AttributedString>> drawing) {
        lines.addAll(drawn(drawing));
    }

    @Override
    public void heading(String channel) {
        rule('#' + channel);
        day = null;
    }

    @Override
    public void messages(List<PlacedMessage> messages) {
        messages.forEach(placed -> draw(() -> {
            List<AttributedString> message = dated(placed.message().sentAt());
            message.addAll(pieces.message(placed, tty.columns()));
            return message;
        }));
    }

    @Override
    public void changed(Item.Changed changed) {
        draw(() -> {
            List<AttributedString> change = dated(changed.change().record().sentAt());
            change.addAll(pieces.changed(changed, tty.columns()));
            return change;
        });
    }

    /** The day, where what is to follow is of another one than what was before. */
    private List<AttributedString> dated(long sentAt) {
        List<AttributedString> dated = new ArrayList<>();
        LocalDate sent = layout.day(sentAt);
        if (!sent.equals(day)) {
            dated.add(layout.rule(layout.name(sent), tty.columns()));
            day = sent;
        }
        return dated;
    }

    @Override
    public void unread(long since) {
        rule(since == 0 ? phrases.get("rule.unread") : phrases.get("rule.unreadSince", layout.moment(since)));
    }

    @Override
    public void past(Past kind, String channel, List<PlacedMessage> messages) {
        LocalDate now = day;
        rule(phrases.get("rule." + kind, '#' + channel));
        day = null;
        messages(messages);
        rule(phrases.get("rule.end"));
        day = now;
    }

    private void rule(String title) {
        draw(() -> List.of(layout.rule(title, tty.columns())));
    }

    @Override
    public void say(Notice notice, Object... arguments) {
        draw(() -> said(notice, arguments));
    }

    private List<AttributedString> said(Notice notice, Object... arguments) {
        return switch (notice) {
            case REFUSED -> problem(phrases.get("notice.REFUSED", arguments[0],
                    phrases.rejection((String) arguments[0], (String) arguments[1]), excerpt((String) arguments[2])));
            case NOT_SENT -> problem(phrases.get("notice.NOT_SENT", arguments[0], excerpt((String) arguments[1])));
            case CHOSEN, CHANGED_MEANWHILE, NOT_IN_IT -> {
                Object[] excerpts = arguments.clone();
                excerpts[arguments.length - 1] = excerpt((String) arguments[arguments.length - 1]);
                String text = phrases.of(notice, excerpts);
                yield notice == Notice.CHOSEN ? notice(text) : problem(text);
            }
            case MUTED_HERE -> problem(pieces.until("notice.MUTED_HERE", arguments));
            case MUTED_BY -> problem(pieces.until("notice.MUTED_BY", arguments));
            case UNKNOWN_COMMAND, ARGUMENT_MISSING, ARGUMENT_TOO_MUCH, NO_SPAN, NOTHING_TO_CHOOSE, NOT_YOURS,
                    TARGET_DELETED, TARGET_REFUSED, TARGET_CLOSED, SLOWED, RULES_UNKNOWN, SEVERAL_CALLED, NOBODY_CALLED, WHO_IS_UNSURE,
                    NO_COUNT, INVALID_CHANNEL, NO_CHANNEL, NOT_LEFT, QUEUE_FULL, DISCONNECTED, NO_PIPELINE,
                    STILL_OPENING, DENIED, HISTORY_AWAY, CHANNELS_AWAY, UNREADABLE, OTHER_KEY, LEFT_OFF_FOREIGN,
                    LEFT_OFF_DAMAGED, LEFT_OFF_AWAY ->
                    problem(phrases.of(notice, arguments));
            default -> notice(phrases.of(notice, arguments));
        };
    }

    private List<AttributedString> problem(String text) {
        return layout.problem(text, tty.columns());
    }

    private List<AttributedString> notice(String text) {
        return layout.notice(text, tty.columns());
    }

    private String excerpt(String text) {
        return layout.excerpt(text.lines().findFirst().orElse(""), EXCERPT);
    }

    @Override
    public void mentioned() {
        tty.ring();
    }

    @Override
    public void speakers(String channel, Speakers speakers) {
        StringBuilder names = new StringBuilder();
        speakers.last().forEach(author -> {
            String id = ids.beside(author, false)
                    .orElse(author.displayName().equals(author.userId()) ? "" : author.userId());
            names.append(names.isEmpty() ? "" : ", ").append(author.verified() ? "" : MessageText.UNVERIFIED)
                    .append(author.displayName()).append(id.isEmpty() ? "" : " (" + id + ')');
        });
        int more = speakers.count() - speakers.last().size();
        draw(() -> notice(phrases.get("speakers", '#' + channel, speakers.count(), names.toString(), more)));
    }

    @Override
    public void rules(ChannelRules rules) {
        draw(() -> notice(pieces.rules(rules)));
    }

    @Override
    public void channels(List<String> channels, List<String> open) {
        StringBuilder names = new StringBuilder();
        channels.forEach(channel -> names.append(names.isEmpty() ? "" : ", ").append('#').append(channel)
                .append(open.contains(channel) ? "*" : ""));
        draw(() -> notice(phrases.get("channels", channels.size(), names.toString())));
    }

    private List<AttributedString> prompt(StatusLine status) {
        List<AttributedString> prompt = new ArrayList<>(pending(status));
        AttributedString state = state(status);
        if (state.length() > 0) {
            prompt.add(state);
        }
        status.chosen().ifPresent(chosen -> prompt.add(pieces.quoted(chosen, tty.columns())));
        prompt.addAll(question(status));
        return prompt;
    }

    private List<AttributedString> pending(StatusLine status) {
        List<AttributedString> shown = new ArrayList<>();
        List<StatusLine.Pending> pending = status.pending();
        for (StatusLine.Pending message : pending.subList(0, Math.min(PENDING_SHOWN, pending.size()))) {
            String name = message.event().channel();
            String channel = name.equals(status.channel()) ? "" : '#' + name + ' ';
            shown.add(layout.beside(message.sent() ? "…" : "||",
                    channel + pieces.pending(message.event()).replace('\n', ' '), tty.columns()));
        }
        if (pending.size() > PENDING_SHOWN) {
            shown.add(layout.beside("…", phrases.get("pending.more", pending.size() - PENDING_SHOWN), tty.columns()));
        }
        return shown;
    }

    /** The other channels, and what is not as it should be; empty when there is nothing to tell. */
    private AttributedString state(StatusLine status) {
        AttributedString trouble = new AttributedString(trouble(status),
                layout.style(style -> style.foreground(AttributedStyle.RED)));
        int room = tty.columns() - 1;
        AttributedString state = joined(tabs(status, tab -> true), trouble);
        if (layout.columns(state.toString()) > room) {
            // Too many for a line: those where there is something to see.
            state = joined(tabs(status, tab -> tab.current() || tab.unread() > 0), trouble);
        }
        return layout.columns(state.toString()) <= room ? state
                : joined(state.columnSubSequence(0, room - 1), new AttributedString("…"), "");
    }

    private AttributedString tabs(StatusLine status, Predicate<StatusLine.Tab> shown) {
        AttributedStringBuilder tabs = new AttributedStringBuilder();
        if (status.tabs().size() > 1) {
            for (int i = 0; i < status.tabs().size(); i++) {
                StatusLine.Tab tab = status.tabs().get(i);
                if (shown.test(tab)) {
                    AttributedStyle style = layout.style(base -> tab.current() ? base.bold()
                            : tab.mentioned() ? base.bold().foreground(AttributedStyle.YELLOW)
                            : tab.unread() > 0 ? base : base.faint());
                    tabs.append(tabs.length() == 0 ? "[" : " ").styled(style, (i + 1) + ":#" + tab.channel()
                            + (tab.unread() > 0 ? "(" + tab.unread() + (tab.mentioned() ? "»" : "") + ")" : ""));
                }
            }
            tabs.append("]");
        }
        return tabs.toAttributedString();
    }

    private static AttributedString joined(AttributedString left, AttributedString right) {
        return joined(left, right, left.length() == 0 || right.length() == 0 ? "" : " ");
    }

    private static AttributedString joined(AttributedString left, AttributedString right, String between) {
        return new AttributedStringBuilder().append(left).append(between).append(right).toAttributedString();
    }

    private String trouble(StatusLine status) {
        long waiting = status.pending().stream().filter(message -> !message.sent()).count();
        if (status.connection() == Connection.UP) {
            return status.stalled() ? phrases.get("state.STALLED")
                    : status.slowFor() > 0 ? phrases.get("state.SLOW", status.slowFor()) : "";
        }
        return phrases.get("state." + status.connection(), waiting);
    }

    private List<AttributedString> question(StatusLine status) {
        Question question = status.question();
        String text;
        if (question instanceof Question.Choice) {
            text = phrases.get("question.choice");
        } else if (question instanceof Question.Channel) {
            text = phrases.get("question.channel");
        } else if (question instanceof Question.Text) {
            text = phrases.get("question.text", status.channel());
        } else if (question instanceof Question.SendLines lines) {
            text = phrases.get("question.lines", lines.lines());
        } else if (question instanceof Question.LeaveUnsent leave) {
            text = phrases.get("question.leave", leave.count());
        } else if (question instanceof Question.Edit edit) {
            text = phrases.get("question.edit", edit.target().message().channel());
        } else if (status.chosen().isPresent()) {
            text = phrases.get("question.reply", status.channel(), layout.excerpt(
                    status.chosen().get().message().author().displayName(), LONGEST_ANSWERED));
        } else {
            text = status.channel() == null ? "> " : '#' + status.channel() + "> ";
        }
        return layout.question(text, tty.columns());
    }
}
