package org.charla.streams;

import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/** The users of a task's partition, in the topology's store of them. */
final class Users {

    private final TimestampedKeyValueStore<byte[], User> store;

    /** In the store that is connected to this processor. */
    Users(FixedKeyProcessorContext<byte[], ?> context) {
        store = context.getStateStore(StateStores.USERS);
    }

    User get(byte[] key) {
        User user = ValueAndTimestamp.getValueOrNull(store.get(key));
        return user == null ? User.UNKNOWN : user;
    }

    void put(byte[] key, User user, long timestamp) {
        store.put(key, user.equals(User.UNKNOWN) ? null : ValueAndTimestamp.make(user, timestamp));
    }
}
