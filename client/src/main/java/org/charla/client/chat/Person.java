package org.charla.client.chat;

import org.charla.access.PlacedMessage;

/** Who takes part: the names that this person goes by, and so which messages are theirs, or speak of them. */
final class Person {

    private final String userId;
    private String displayName;
    /** The name before that, in case the pipeline refuses the new one. */
    private String lastName;
    private Mentions mentions;

    Person(String userId, String displayName) {
        this.userId = userId;
        this.displayName = userId;
        goBy(displayName);
    }

    String userId() {
        return userId;
    }

    String displayName() {
        return displayName;
    }

    void goBy(String name) {
        lastName = displayName;
        displayName = name;
        mentions = new Mentions(userId, displayName);
    }

    /** Goes by the name before the last one again. */
    void goBack() {
        goBy(lastName);
    }

    boolean wrote(PlacedMessage placed) {
        return placed.message().author().userId().equals(userId);
    }

    /** Whether somebody else speaks of the person. */
    boolean isMeantBy(PlacedMessage placed) {
        return !wrote(placed) && mentions.in(placed.message().text());
    }
}
