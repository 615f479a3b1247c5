package org.charla.proof;

import java.util.List;

/**
 * The fields of a raw event, by the names that the contract has for them; those that its type has none of, or that are
 * absent, are null.
 */
record Event(Type type, String messageId, String userId, String channel, String text, String replyTo, String target,
        List<String> reactions, String rule, String value, Long until, String displayName, List<String> keys,
        long sentAt) {

    enum Type {
        MESSAGE("message"), EDIT("edit"), DELETION("deletion"), REACTION("reaction"), RULE("rule"), PROFILE("profile"),
        PROFILE_REMOVAL("profile-removal");

        private final String wireName;

        Type(String wireName) {
            this.wireName = wireName;
        }

        @Override
        public String toString() {
            return wireName;
        }

        /** Null where there is none of that name. */
        static Type named(String wireName) {
            for (Type type : values()) {
                if (type.wireName.equals(wireName)) {
                    return type;
                }
            }
            return null;
        }

        boolean isOfProfiles() {
            return this == PROFILE || this == PROFILE_REMOVAL;
        }
    }

    String id() {
        return userId + ':' + messageId;
    }

    /** The user whose message the target is. */
    String targetsAuthor() {
        return target.substring(0, target.lastIndexOf(':'));
    }
}
