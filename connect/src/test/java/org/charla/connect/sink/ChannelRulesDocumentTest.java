package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelRulesDocumentTest {

    private static final String RULES = """
            {"channel":"general","title":"Todo","owner":"alice","moderators":["bob"],"posting":"moderators","x":{"a":[1]},\
            "slowModeSeconds":30,"muted":[{"userId":"eve","until":7},{"userId":"mallory"}],"updatedAt":1763791200105}""";

    private final ChannelRulesDocument transformation = new ChannelRulesDocument();

    @Test
    void isTheDocumentOfTheContractAndHasNoOtherField() {
        SinkRecord record = apply("general", RULES);
        assertThat(record.key()).isEqualTo(Map.of("_id", "general"));
        assertThat(record.value()).isEqualTo(Map.of("channel", "general", "title", "Todo", "owner", "alice",
                "moderators", List.of("bob"), "posting", "moderators", "slowModeSeconds", 30,
                "muted", List.of(Map.of("userId", "eve", "until", 7L), Map.of("userId", "mallory")),
                "updatedAt", new Date(1763791200105L)));
    }

    @Test
    void hasNoOwnerWhereThereIsNone() {
        SinkRecord record = apply("general", RULES.replace("\"owner\":\"alice\",", ""));
        assertThat(((Map<?, ?>) record.value()).size()).isEqualTo(7);
        assertThat(((Map<?, ?>) record.value()).containsKey("owner")).isFalse();
    }

    @Test
    void aTombstoneStaysOne() {
        SinkRecord record = apply("general", null);
        assertThat(record.key()).isEqualTo(Map.of("_id", "general"));
        assertThat(record.value()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "null", "{\"channel\":\"general\"}"})
    void whatIsNothingOfTheKindIsRefused(String value) {
        assertThatThrownBy(() -> apply("general", value)).isInstanceOf(DataException.class);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"\"general\",\"random\"", "Todo,\\ud83d", "\"alice\",\"\\ud83d\"", "bob,\\ud83d",
        "[\"bob\"],\"bob\"", "eve,\\ud83d", "moderators\",admins\"", "30,-1", "1763791200105,253402300800000"})
    void whatIsNotOfItsKeyOrReadersCantHoldIsRefused(String right, String wrong) {
        assertThat(RULES).contains(right);
        assertThatThrownBy(() -> apply("general", RULES.replace(right, wrong))).isInstanceOf(DataException.class);
    }

    @Test
    void aRecordWithoutAKeyIsRefused() {
        assertThatThrownBy(() -> apply(null, RULES)).isInstanceOf(DataException.class);
    }

    private SinkRecord apply(String key, String value) {
        return transformation.apply(Records.raw("chat.channels", 5, key, value));
    }
}
