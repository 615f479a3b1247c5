package org.charla.client.chat;

import java.util.List;
import org.charla.access.PlacedMessage;
import org.charla.access.Speakers;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelRules;

/** A view that gets to know whoever is shown, before they are. */
final class Acquaintance implements View {

    private final View view;
    private final Namesakes namesakes;
    private final KeyWatch watch;

    Acquaintance(View view, Namesakes namesakes, KeyWatch watch) {
        this.view = view;
        this.namesakes = namesakes;
        this.watch = watch;
    }

    private void meet(Author author) {
        namesakes.meet(author);
        watch.spoke(author);
    }

    @Override
    public void messages(List<PlacedMessage> messages) {
        messages.forEach(placed -> meet(placed.message().author()));
        view.messages(messages);
    }

    @Override
    public void past(Past kind, String channel, List<PlacedMessage> messages) {
        messages.forEach(placed -> meet(placed.message().author()));
        view.past(kind, channel, messages);
    }

    @Override
    public void changed(Item.Changed changed) {
        meet(changed.change().record().author());
        changed.target().ifPresent(target -> meet(target.message().author()));
        view.changed(changed);
    }

    @Override
    public void rules(ChannelRules rules) {
        view.rules(rules);
    }

    @Override
    public void speakers(String channel, Speakers speakers) {
        speakers.last().forEach(this::meet);
        view.speakers(channel, speakers);
    }

    @Override
    public void heading(String channel) {
        view.heading(channel);
    }

    @Override
    public void unread(long since) {
        view.unread(since);
    }

    @Override
    public void mentioned() {
        view.mentioned();
    }

    @Override
    public void say(Notice notice, Object... arguments) {
        view.say(notice, arguments);
    }

    @Override
    public void channels(List<String> channels, List<String> open) {
        view.channels(channels, open);
    }
}
