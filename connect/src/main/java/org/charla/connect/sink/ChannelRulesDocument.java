package org.charla.connect.sink;

import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.charla.protocol.ChannelRules;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.Wire;

/**
 * Makes the document of the contract out of what holds in a channel, its key a string and its value bytes: {@code _id} in
 * the key, when it was last changed as a date, and no field that the contract does not name. A tombstone stays one. What
 * is nothing of the kind it refuses, for the worker to set aside.
 */
public final class ChannelRulesDocument extends RecordDocument {

    @Override
    SinkRecord transform(SinkRecord record) throws MalformedJsonException {
        String key = key(record);
        return replacing(record, record.value() == null ? null : document(key, value(record)));
    }

    private static Map<String, Object> document(String key, byte[] value) throws MalformedJsonException {
        ChannelRules rules = Wire.readChannelRules(value);
        if (!key.equals(rules.channel())) {
            throw new DataException("the key is not that of the rules: their channel");
        }
        Map<String, Object> document = new HashMap<>();
        document.put("channel", ReadableValue.text("channel", rules.channel()));
        document.put("title", ReadableValue.text("title", rules.title()));
        rules.owner().ifPresent(owner -> document.put("owner", ReadableValue.text("owner", owner)));
        document.put("moderators", ReadableValue.texts("moderators", rules.moderators()));
        document.put("posting", rules.posting().wireName());
        document.put("slowModeSeconds", rules.slowModeSeconds());
        document.put("muted", rules.muted().stream().map(ChannelRulesDocument::document).toList());
        document.put("updatedAt", new Date(ReadableValue.date("updatedAt", rules.updatedAt())));
        return document;
    }

    private static Map<String, Object> document(ChannelRules.Mute mute) {
        Map<String, Object> document = new HashMap<>();
        document.put("userId", ReadableValue.text("muted.userId", mute.userId()));
        mute.until().ifPresent(until -> document.put("until", until));
        return document;
    }
}
