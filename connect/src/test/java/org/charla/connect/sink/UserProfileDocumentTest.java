package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.charla.connect.sink.Records.profileJson;

import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserProfileDocumentTest {

    private final UserProfileDocument transformation = new UserProfileDocument();

    @Test
    void isTheDocumentOfTheContractAndHasNoOtherField() {
        SinkRecord record = apply("alice", profileJson("alice", "Alice").replaceFirst("\\{", "{\"admin\":true,"));
        assertThat(record.key()).isEqualTo(Map.of("_id", "alice"));
        assertThat(record.value()).isEqualTo(
                Map.of("userId", "alice", "displayName", "Alice", "updatedAt", new Date(1763791200105L)));
        assertThat(record.originalKafkaOffset()).isEqualTo(5);
    }

    @Test
    void hasTheKeysThatTheUserSignsWith() {
        String profile = profileJson("alice", "Alice");
        assertThat(apply("alice", profile.replaceFirst("}$", ",\"keys\":[\"ed25519:a\",\"ed25519:b\"]}")).value())
                .isEqualTo(Map.of("userId", "alice", "displayName", "Alice", "keys", List.of("ed25519:a", "ed25519:b"),
                        "updatedAt", new Date(1763791200105L)));
        assertThat(apply("alice", profile.replaceFirst("}$", ",\"keys\":[]}")).value())
                .isEqualTo(apply("alice", profile).value());
    }

    @Test
    void aTombstoneStaysOne() {
        SinkRecord record = apply("alice", null);
        assertThat(record.key()).isEqualTo(Map.of("_id", "alice"));
        assertThat(record.value()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"userId\":\"alice\"}",
        "{\"userId\":\"bob\",\"displayName\":\"B\",\"updatedAt\":0}",
        "{\"userId\":\"alice\",\"displayName\":\"\\ud83d\",\"updatedAt\":0}",
        "{\"userId\":\"alice\",\"displayName\":\"A\",\"updatedAt\":253402300800000}",
        "{\"userId\":\"alice\",\"displayName\":\"A\",\"keys\":\"k\",\"updatedAt\":0}",
        "{\"userId\":\"alice\",\"displayName\":\"A\",\"keys\":[\"k\",7],\"updatedAt\":0}",
        "{\"userId\":\"alice\",\"displayName\":\"A\",\"keys\":[\"\\ud83d\"],\"updatedAt\":0}"})
    void whatIsNoProfileOfItsKeyOrReadersCantHoldIsRefused(String value) {
        assertThatThrownBy(() -> apply("alice", value)).isInstanceOf(DataException.class);
    }

    @Test
    void aRecordWithoutAKeyIsRefused() {
        assertThatThrownBy(() -> apply(null, profileJson("alice", "A"))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> apply(null, null)).isInstanceOf(DataException.class);
    }

    private SinkRecord apply(String key, String value) {
        return transformation.apply(Records.raw(Settings.USERS, 5, key, value));
    }
}
