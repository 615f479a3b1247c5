package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.charla.connect.sink.Records.messageJson;

import com.mongodb.client.model.InsertOneModel;
import com.mongodb.kafka.connect.sink.converter.SinkConverter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelMessageDocumentTest {

    private static final String KEY = "alice:m1";
    private static final long POSITION = 1L << 32;
    private static final long SENT_AT = 1763791200123L;

    private final ChannelMessageDocument transformation = new ChannelMessageDocument();

    @Test
    void isTheDocumentOfTheContractAndHasNoOtherField() {
        assertThat(document(apply(KEY, messageJson("m1", "¡hola! \uD83D\uDE00").replaceFirst("\\{", """
                {"extra":{"a":[1]},"_id":"bob:m9","offset":7,"""))))
                .isEqualTo(BsonDocument.parse("""
                        {"_id": "alice:m1", "messageId": "m1", "channel": "general",
                         "author": {"userId": "alice", "displayName": "Alice"}, "text": "¡hola! \uD83D\uDE00",
                         "sentAt": {"$date": {"$numberLong": "1763791200123"}},
                         "acceptedAt": {"$date": {"$numberLong": "1763791200140"}},
                         "offset": {"$numberLong": "4294967296"}}"""));
    }

    @Test
    void saysOfASignedMessageThatItsAuthorIsVerifiedAndNothingOfOthers() {
        String message = messageJson("m1", "hola");
        BsonDocument signed = document(apply(KEY, message.replace("\"Alice\"", "\"Alice\",\"verified\":true")));
        assertThat(signed.getDocument("author")).isEqualTo(BsonDocument.parse("""
                {"userId": "alice", "displayName": "Alice", "verified": true}"""));
        assertThat(signed.toJson().replace(", \"verified\": true", ""))
                .isEqualTo(document(apply(KEY, message)).toJson());
        assertThat(document(apply(KEY, message.replace("\"Alice\"", "\"Alice\",\"verified\":false"))))
                .isEqualTo(document(apply(KEY, message)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"true\"", "null", "[true]", "{}"})
    void aMessageThatSaysSoInAnyOtherWayIsRefused(String verified) {
        String message = messageJson("m1", "hola").replace("\"Alice\"", "\"Alice\",\"verified\":" + verified);
        assertThatThrownBy(() -> apply(KEY, message)).isInstanceOf(DataException.class);
    }

    @Test
    void whatSaysThatItIsAMessageIsOne() {
        SinkRecord plain = apply(KEY, messageJson("m1", "hola"));
        assertThat(document(apply(KEY, messageJson("m1", "hola").replaceFirst("\\{", "{\"type\":\"message\","))))
                .isEqualTo(document(plain));
        assertThat(document(apply(KEY, messageJson("m1", "hola").replaceFirst("}$", ",\"type\":\"message\"}"))))
                .isEqualTo(document(plain));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"poll\"", "\"edits\"", "\"profile\"", "\"profile-removal\"", "\"\"", "\"Message\"", "7",
        "null", "true", "{}", "[\"message\"]"})
    void whatIsOfAnotherTypeIsSkippedWhateverElseIsInIt(String type) {
        assertThat(apply(KEY, messageJson("m1", "hola").replaceFirst("\\{", "{\"type\":" + type + ","))).isNull();
        assertThat(apply(KEY, messageJson("m1", "hola").replaceFirst("}$", ",\"\\\\u0074ype\":" + type + "}")))
                .isNull();
        assertThat(apply("any", "{\"type\":" + type + "}")).isNull();
        assertThat(apply(null, "{\"author\":7,\"text\":[],\"type\":" + type + ",\"sentAt\":\"now\"}")).isNull();
    }

    @Test
    void whatIsOfAnotherTypeIsSkippedHoweverLargeAndDeepItIs() {
        for (String other : List.of("\"" + "x".repeat(1 << 20) + "\"", "9".repeat(70_000), "[".repeat(900) + "]".repeat(900),
                "{\"" + "x".repeat(70_000) + "\":1}", "[" + "{\"a\":0.5},".repeat(10_000) + "1]")) {
            assertThat(apply(KEY, "{\"type\":\"poll\",\"other\":" + other + "}")).isNull();
            assertThat(apply(KEY, "{\"text\":" + other + ",\"type\":\"poll\"}")).isNull();
        }
    }

    @Test
    void aMessageOfMoreThan64KiBIsRefusedAndNamesItsSize() {
        String message = messageJson("m1", "x".repeat(64 << 10));
        assertThatThrownBy(() -> apply(KEY, message)).isInstanceOf(DataException.class)
                .hasMessageContaining(message.length() + " bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "{", "{\"type\":", "{\"type\":\"poll\"", "{\"type\":\"poll\"}{}",
        "{\"type\":\"poll\",\"type\":\"polls\"}", "{\"type\":\"edit\"}", "{\"type\":\"rule\"}",
        "{\"type\":\"message\"}", "{}"})
    void whatIsNeitherAMessageNorJsonIsRefused(String value) {
        assertThatThrownBy(() -> apply(KEY, value)).isInstanceOf(DataException.class);
    }

    @Test
    void aMessageThatReadersCantHoldOrThatIsNotItsKeysIsRefused() {
        String message = messageJson("m1", "hola");
        assertThatThrownBy(() -> apply(null, message)).isInstanceOf(DataException.class).hasMessageContaining("no key");
        assertThatThrownBy(() -> apply("bob:m1", message)).isInstanceOf(DataException.class)
                .hasMessageContaining("<userId>:<messageId>");
        assertThatThrownBy(() -> apply(KEY, null)).isInstanceOf(DataException.class).hasMessageContaining("no value");
        assertThatThrownBy(() -> apply(KEY, message.replace("hola", "\\ud83d"))).isInstanceOf(DataException.class)
                .hasMessageContaining("text");
        assertThatThrownBy(() -> apply(KEY, message.replace("1763791200123", "253402300800000")))
                .isInstanceOf(DataException.class).hasMessageContaining("sentAt");
    }

    @Test
    void saysWhatTheMessageAnswers() {
        String message = messageJson("m1", "hola");
        BsonDocument answer = document(apply(KEY, message.replaceFirst("}$", ",\"replyTo\":\"bob:m0\"}")));
        assertThat(answer.getString("replyTo").getValue()).isEqualTo("bob:m0");
        assertThat(answer.toJson().replace(", \"replyTo\": \"bob:m0\"", ""))
                .isEqualTo(document(apply(KEY, message)).toJson());
        assertThatThrownBy(() -> apply(KEY, message.replaceFirst("}$", ",\"replyTo\":\"\\\\ud83d\"}")))
                .isInstanceOf(DataException.class).hasMessageContaining("replyTo");
    }

    @Test
    void whatChangesAMessageIsAChangeAtItsPosition() {
        assertThat(apply("alice:c1", change("edit", "alice:m1", "\"text\":\"adiós\"")).value())
                .isEqualTo(new MessageChange.Edit("alice:m1", "adiós", SENT_AT, POSITION));
        assertThat(apply("alice:c1", change("deletion", "bob:x:m1", "\"text\":7")).value())
                .isEqualTo(new MessageChange.Deletion("bob:x:m1", "alice", SENT_AT, POSITION));
        assertThat(apply("alice:c1", change("reaction", "bob:m1", "\"reactions\":[\"👍\",\"🎉\"]")).value())
                .isEqualTo(new MessageChange.Reaction("bob:m1", "alice", List.of("👍", "🎉"), POSITION));
        assertThat(apply("alice:c1", change("reaction", "bob:m1", "\"reactions\":[]")).value())
                .isEqualTo(new MessageChange.Reaction("bob:m1", "alice", List.of(), POSITION));
    }

    @Test
    void aRuleIsSkipped() {
        assertThat(apply("alice:c1", change("rule", "", "\"rule\":\"title\",\"value\":\"x\""))).isNull();
        assertThat(apply("alice:c1", change("rule", "", "\"rule\":\"of another version\",\"value\":\"x\""))).isNull();
    }

    static Stream<String> wrongChanges() {
        String edit = change("edit", "alice:m1", "\"text\":\"x\"");
        String reaction = change("reaction", "bob:m1", "\"reactions\":[\"x\"]");
        return Stream.of(change("edit", "bob:m1", "\"text\":\"x\""), change("edit", "alice:m1", "\"texts\":\"x\""),
                change("edit", "alice", "\"text\":\"x\""), change("edit", "alice:m 1", "\"text\":\"x\""),
                change("edit", "alice:", "\"text\":\"x\""), change("edit", "alice:m1", "\"text\":\"\\ud83d\""),
                edit.replace("1763791200123", "253402300800000"), edit.replace("alice\",\"d", "bob\",\"d"),
                change("deletion", ":m1", "\"x\":1"), change("deletion", "a b:m1", "\"x\":1"),
                change("deletion", "x".repeat(65) + ":m1", "\"x\":1"), change("deletion", "alice:" + "m".repeat(65), "\"x\":1"),
                change("deletion", "bob:m1", "\"x\":1").replace("1763791200123", "-62135596800001"),
                reaction.replace("[\"x\"]", "\"x\""), reaction.replace("[\"x\"]", "[7]"),
                reaction.replace("\"x\"", "\"\\ud83d\""), reaction.replace("\"x\"", "\"" + "👍".repeat(17) + "\""),
                reaction.replace("[\"x\"]", "[1,2,3,4,5,6]".replaceAll("(\\d)", "\"$1\"")));
    }

    @ParameterizedTest
    @MethodSource("wrongChanges")
    void aChangeThatIsBeyondTheContractIsRefused(String change) {
        assertThatThrownBy(() -> apply("alice:c1", change)).isInstanceOf(DataException.class);
    }

    /** However long the name is that somebody gave themselves: it would stand in the document of another's message. */
    @Test
    void aChangeByNobodyIsRefused() {
        String nobody = "x".repeat(65);
        String deletion = change("deletion", "bob:m1", "\"x\":1").replace("alice", nobody);
        assertThatThrownBy(() -> apply(nobody + ":c1", deletion)).isInstanceOf(DataException.class)
                .hasMessageContaining("userId");
    }

    private static String change(String type, String target, String more) {
        return """
                {"type":"%s","messageId":"c1","channel":"general","author":{"userId":"alice","displayName":"A"},\
                "target":"%s",%s,"sentAt":1763791200123,"acceptedAt":1763791200140}""".formatted(type, target, more);
    }

    @Test
    void goesThroughTheStrategyAsItIs() {
        SinkRecord record = apply(KEY, messageJson("m1", "hola"));
        InsertOneModel<BsonDocument> model = (InsertOneModel<BsonDocument>)
                new FirstWriteWins().createWriteModel(new SinkConverter().convert(record));
        assertThat(model.getDocument()).isEqualTo(document(record));
        assertThatThrownBy(() -> new FirstWriteWins().createWriteModel(new SinkConverter().convert(
                record.newRecord("t", 0, null, KEY, null, Map.of("a", 1), null))))
                .isInstanceOf(DataException.class).hasMessageContaining(ChannelMessageDocument.class.getName());
    }

    private SinkRecord apply(String key, String value) {
        return transformation.apply(Records.raw(Settings.CHANNEL, POSITION, key, value));
    }

    private static BsonDocument document(SinkRecord record) {
        return ChannelMessageDocument.decode(new SinkConverter().convert(record).getValueDoc().orElseThrow(), 0);
    }
}
