package org.charla.client.chat;

import java.util.ArrayList;
import java.util.List;
import org.charla.access.PlacedMessage;
import org.charla.access.Speakers;
import org.charla.protocol.ChannelRules;

/** What a conversation shows: the views one after the other, and all that was told. */
final class Seen implements View {

    /** What was shown of a channel from its heading on. */
    static final class Look {

        final String channel;
        final List<PlacedMessage> messages = new ArrayList<>();
        final List<PlacedMessage> older = new ArrayList<>();
        final List<Item.Changed> changes = new ArrayList<>();
        /** All of it, and pages of the past, in the order in which it was shown. */
        final List<Item> all = new ArrayList<>();
        final List<Notice> notices = new ArrayList<>();
        boolean unread;
        /** Since when what comes next had not been read. */
        long since;
        /** How many messages stand in front of that. */
        int readBefore;
        /** The one in front of the gap with which this one begins; null where it begins with the channel's heading. */
        private final Look inFront;

        private Look(String channel, Look inFront) {
            this.channel = channel;
            this.inFront = inFront;
        }

        /** Whether this was said since the channel's heading. */
        boolean wasToldOf(Notice notice) {
            return notices.contains(notice) || inFront != null && inFront.wasToldOf(notice);
        }
    }

    record Told(Notice notice, List<Object> arguments) {
    }

    final List<Look> looks = new ArrayList<>();
    final List<Told> told = new ArrayList<>();
    final List<PlacedMessage> past = new ArrayList<>();
    Speakers speakers;
    ChannelRules rules;
    List<String> channels;
    int rung;

    Look last() {
        return looks.get(looks.size() - 1);
    }

    List<String> texts() {
        return last().messages.stream().map(placed -> placed.message().text()).toList();
    }

    List<Notice> notices() {
        return told.stream().map(Told::notice).toList();
    }

    @Override
    public void heading(String channel) {
        looks.add(new Look(channel, null));
    }

    @Override
    public void messages(List<PlacedMessage> messages) {
        if (!messages.isEmpty()) {
            last().messages.addAll(messages);
            messages.forEach(placed -> last().all.add(new Item.Said(placed)));
        }
    }

    @Override
    public void changed(Item.Changed changed) {
        last().changes.add(changed);
        last().all.add(changed);
    }

    @Override
    public void rules(ChannelRules given) {
        rules = given;
    }

    @Override
    public void unread(long since) {
        last().unread = true;
        last().since = since;
        last().readBefore = last().messages.size();
    }

    @Override
    public void past(Past kind, String channel, List<PlacedMessage> messages) {
        past.clear();
        past.addAll(messages);
        if (!looks.isEmpty()) {
            messages.forEach(placed -> last().all.add(new Item.Said(placed)));
        }
        if (kind == Past.OLDER) {
            last().older.addAll(0, messages);
        }
    }

    @Override
    public void mentioned() {
        rung++;
    }

    @Override
    public void say(Notice notice, Object... arguments) {
        told.add(new Told(notice, List.of(arguments)));
        if (!looks.isEmpty()) {
            last().notices.add(notice);
            if (notice == Notice.GAP) {
                looks.add(new Look(last().channel, last()));
            }
        }
    }

    @Override
    public void speakers(String channel, Speakers given) {
        speakers = given;
    }

    @Override
    public void channels(List<String> given, List<String> open) {
        channels = given;
    }
}
