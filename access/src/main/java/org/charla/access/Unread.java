package org.charla.access;

/**
 * What somebody has not read of a channel.
 *
 * @param count how many messages, without their own
 * @param mentioned whether one of them speaks of them
 */
public record Unread(long count, boolean mentioned) {

    public static final Unread NOTHING = new Unread(0, false);

    Unread and(Unread more) {
        return new Unread(count + more.count, mentioned || more.mentioned);
    }
}
