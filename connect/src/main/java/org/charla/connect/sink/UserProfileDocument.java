package org.charla.connect.sink;

import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/**
 * Makes the document of the contract out of a user's record, its key a string and its value bytes: {@code _id} in the
 * key, epoch milliseconds as a date, and no field that the contract does not name. A tombstone stays one. What is no
 * profile it refuses, for the worker to set aside: here, and not when it is to be written, since then a record that is
 * too large for the dead letters would fail the task.
 */
public final class UserProfileDocument extends RecordDocument {

    @Override
    SinkRecord transform(SinkRecord record) throws MalformedJsonException {
        String key = key(record);
        return replacing(record, record.value() == null ? null : document(key, value(record)));
    }

    private static Map<String, Object> document(String key, byte[] value) throws MalformedJsonException {
        UserProfile profile = Wire.readUserProfile(value);
        if (!key.equals(profile.userId())) {
            throw new DataException("the key is not that of the profile: its userId");
        }
        Map<String, Object> document = new HashMap<>();
        document.put("userId", ReadableValue.text("userId", profile.userId()));
        document.put("displayName", ReadableValue.text("displayName", profile.displayName()));
        if (!profile.keys().isEmpty()) {
            document.put("keys", ReadableValue.texts("keys", profile.keys()));
        }
        document.put("updatedAt", new Date(ReadableValue.date("updatedAt", profile.updatedAt())));
        return document;
    }
}
