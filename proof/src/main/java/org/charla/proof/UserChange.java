package org.charla.proof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A user's profile as chat.users has it. */
record UserChange(String displayName, List<String> keys, long updatedAt) {

    /** Null where it is none. */
    static UserChange read(byte[] value) {
        JsonNode fields = Reading.object(value);
        return fields == null ? null : new UserChange(Reading.text(fields, "displayName"),
                fields.has("keys") ? Reading.texts(fields, "keys") : List.of(), fields.path("updatedAt").asLong());
    }

    /** @param change null that there is no profile */
    static long hash(String userId, UserChange change) {
        return Hash.of(userId + ' ' + change);
    }
}
