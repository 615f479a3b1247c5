package org.charla.connect.sink;

import java.util.Collections;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/**
 * Makes the document of the contract out of a user's record, its key a string and its value bytes: {@code _id} in the
 * key, epoch milliseconds as a date, and no field that the contract does not name. A tombstone stays one. What is no
 * profile it refuses, for the worker to set aside: here, and not when it is to be written, since then a record that is
 * too large for the dead letters would fail the task.
 */
public final class UserProfileDocument implements Transformation<SinkRecord>, Versioned {

    @Override
    public SinkRecord apply(SinkRecord record) {
        if (!(record.key() instanceof String key)) {
            throw new DataException("the record has no key");
        }
        return record.newRecord(record.topic(), record.kafkaPartition(), null, Collections.singletonMap("_id", key),
                null, record.value() == null ? null : document(key, record.value()), record.timestamp());
    }

    private static Map<String, Object> document(String key, Object value) {
        if (!(value instanceof byte[] bytes)) {
            throw new DataException("the record's value is not given as bytes");
        }
        UserProfile profile;
        try {
            profile = Wire.readUserProfile(bytes);
        } catch (MalformedJsonException e) {
            throw new DataException(e.getMessage(), e);
        }
        if (!key.equals(profile.userId())) {
            throw new DataException("the key is not that of the profile: its userId");
        }
        return Map.of("userId", Readable.text("userId", profile.userId()),
                "displayName", Readable.text("displayName", profile.displayName()),
                "updatedAt", new Date(Readable.date("updatedAt", profile.updatedAt())));
    }

    @Override
    public String version() {
        return UserProfileDocument.class.getPackage().getImplementationVersion();
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public void configure(Map<String, ?> settings) {
    }

    @Override
    public void close() {
    }
}
