package org.charla.client.chat;

import java.util.Optional;
import java.util.function.Consumer;
import org.charla.access.PlacedMessage;

/**
 * What a person does to messages that are there: changes, takes back, answers, thinks of them. What is returned is to be
 * edited further, where it was not taken.
 */
final class Amendments {

    private final Choice choice;
    private final Outgoing outgoing;
    private final Person person;
    private final View view;
    private final Consumer<Question> asks;

    /** @param asks makes the next line the answer to something */
    Amendments(Choice choice, Outgoing outgoing, Person person, View view, Consumer<Question> asks) {
        this.choice = choice;
        this.outgoing = outgoing;
        this.person = person;
        this.view = view;
        this.asks = asks;
    }

    Optional<String> follow(Input.ToMessage input, String line) {
        if (input instanceof Input.Edit) {
            return edit();
        }
        Optional<PlacedMessage> chosen = choice.chosen();
        if (chosen.isEmpty()) {
            // What it hits is seen before it does.
            Optional<PlacedMessage> meant = input instanceof Input.Delete ? choice.ownLast() : choice.lastOfOthers();
            meant.ifPresentOrElse(this::choose, () -> outgoing.cannot(Notice.NOTHING_TO_CHOOSE));
            return meant.map(placed -> line);
        }
        return isThere(chosen.get()) && !follow(input, chosen.get()) ? Optional.of(line) : Optional.empty();
    }

    void choose(PlacedMessage placed) {
        choice.choose(placed);
        view.say(Notice.CHOSEN, placed.message().author().displayName(), placed.said());
    }

    private boolean follow(Input.ToMessage input, PlacedMessage chosen) {
        if (input instanceof Input.Reply reply && reply.text().isBlank()) {
            return true;
        }
        boolean taken = input instanceof Input.Reply reply ? outgoing.reply(chosen.message(), reply.text())
                : input instanceof Input.React react ? outgoing.react(chosen.message(), react.reactions())
                : outgoing.delete(chosen.message());
        if (taken) {
            choice.clear();
        }
        return taken;
    }

    private boolean isThere(PlacedMessage placed) {
        boolean gone = choice.isGone(placed);
        if (gone || placed.deleted().isPresent()) {
            outgoing.cannot(gone ? Notice.TARGET_REFUSED : Notice.TARGET_DELETED);
            choice.clear();
            return false;
        }
        return true;
    }

    /** The message that is to be edited: the one that is chosen, or the person's last. */
    private Optional<PlacedMessage> toEdit() {
        Optional<PlacedMessage> target = choice.chosen().or(choice::ownLast);
        if (target.isEmpty()) {
            outgoing.cannot(Notice.NOTHING_TO_CHOOSE);
        } else if (!person.wrote(target.get())) {
            outgoing.cannot(Notice.NOT_YOURS);
            return Optional.empty();
        }
        return target.filter(this::isThere);
    }

    private Optional<String> edit() {
        return toEdit().map(target -> {
            choice.clear();
            choice.attend(target);
            asks.accept(new Question.Edit(target));
            return Commands.typed(target.message().text());
        });
    }

    /** Takes the new text of a message, unless that was changed since its text came into the line. */
    Optional<String> edited(Question.Edit asked, String text, String line) {
        PlacedMessage target = choice.asItStands(asked.target());
        if (!choice.isOpen(target)) {
            outgoing.cannot(Notice.TARGET_CLOSED, target.message().channel());
            return Optional.empty();
        }
        if (!isThere(target)) {
            return Optional.empty();
        }
        if (!target.message().text().equals(asked.target().message().text())) {
            view.say(Notice.CHANGED_MEANWHILE, target.message().text());
            asks.accept(new Question.Edit(target));
            return Optional.of(line);
        }
        if (!change(target, text)) {
            asks.accept(asked);
            return Optional.of(line);
        }
        return Optional.empty();
    }

    Optional<String> substitute(Substitution substitution, String line) {
        Optional<PlacedMessage> target = toEdit();
        if (target.isEmpty()) {
            return Optional.empty();
        }
        String text = target.get().message().text();
        Optional<String> changed = substitution.in(text);
        if (changed.isEmpty()) {
            outgoing.cannot(Notice.NOT_IN_IT, substitution.old(), text);
        } else if (change(target.get(), changed.get())) {
            choice.clear();
            return Optional.empty();
        }
        return Optional.of(line);
    }

    private boolean change(PlacedMessage target, String text) {
        if (text.equals(target.message().text())) {
            view.say(Notice.NOT_CHANGED);
            return true;
        }
        return outgoing.edit(target.message(), text);
    }
}
