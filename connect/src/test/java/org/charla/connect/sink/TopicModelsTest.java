package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.connect.sink.Records.edit;
import static org.charla.connect.sink.Records.message;
import static org.charla.connect.sink.Records.profile;

import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.sink.cdc.CdcHandler;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.namespace.mapping.FieldPathNamespaceMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class TopicModelsTest {

    private final List<SinkRecord> refused = new ArrayList<>();

    @Test
    void aChannelsMessagesAreInsertedInOneBatch() {
        List<SinkRecord> records = List.of(message(0), message(1));
        List<Batch> batches = batches(models(Settings.channels(), Settings.CHANNEL), records);
        assertThat(batches).hasSize(1);
        assertThat(batches.get(0).namespace().getFullName()).isEqualTo("chat.chat.channel.general");
        assertThat(batches.get(0).records()).isEqualTo(records);
        assertThat(batches.get(0).models(null)).hasSize(2).hasOnlyElementsOfType(InsertOneModel.class);
    }

    @Test
    void usersAreReplacedAndDeletedByTheirId() {
        List<? extends WriteModel<BsonDocument>> models = batches(models(Settings.users(), Settings.USERS),
                List.of(profile(0, "alice", "Alice"), profile(1, "alice", null))).get(0).models(null);
        ReplaceOneModel<BsonDocument> replace = (ReplaceOneModel<BsonDocument>) models.get(0);
        assertThat(replace.getFilter()).isEqualTo(BsonDocument.parse("{_id: 'alice'}"));
        assertThat(replace.getReplacement()).isEqualTo(BsonDocument.parse("{userId: 'alice', displayName: 'Alice',"
                + " updatedAt: {$date: {$numberLong: '1763791200105'}}, _id: 'alice'}"));
        assertThat(replace.getReplaceOptions().isUpsert()).isTrue();
        assertThat(((DeleteOneModel<BsonDocument>) models.get(1)).getFilter())
                .isEqualTo(BsonDocument.parse("{_id: 'alice'}"));
    }

    @Test
    void aBatchEndsWhereItIsAsLargeAsTheSettingsAllow() {
        assertThat(batches(models(Settings.channels("max.batch.size", "2"), Settings.CHANNEL),
                List.of(message(0), message(1), message(2), message(3), message(4))))
                .extracting(batch -> batch.models(null).size()).containsExactly(2, 2, 1);
    }

    @Test
    void aBatchEndsWhereTheCollectionChangesSoThatTheOrderStays() {
        TopicModels models = models(Settings.users("namespace.mapper", FieldPathNamespaceMapper.class.getName(),
                "namespace.mapper.value.collection.field", "displayName"), Settings.USERS);
        List<Batch> batches = batches(models, List.of(profile(0, "alice", "a"), profile(1, "bob", "a"),
                profile(2, "alice", "b"), profile(3, "alice", "a")));
        assertThat(batches).extracting(batch -> batch.namespace().getCollectionName()).containsExactly("a", "b", "a");
        assertThat(batches).extracting(batch -> batch.records().size()).containsExactly(2, 1, 1);
    }

    @Test
    void whatChangesMessagesComesBehindTheRestInItsOrder() {
        List<SinkRecord> records = List.of(message(0), edit(1, "m0"), message(2), edit(3, "m2"), edit(4, "m0"), message(5));
        List<Batch> batches = batches(models(Settings.channels("max.batch.size", "2"), Settings.CHANNEL), records);
        assertThat(batches).extracting(Batch::records).containsExactly(List.of(records.get(0), records.get(2)),
                List.of(records.get(5)), List.of(records.get(1), records.get(3)), List.of(records.get(4)));
        assertThat(batches).extracting(Batch::isBehindOthers).containsExactly(false, false, true, true);
    }

    @Test
    void aRecordThatBecomesNoModelIsRefusedAlone() {
        SinkRecord strange = Records.raw(Settings.CHANNEL, 1, "alice:m1", "[]");
        assertThat(batches(models(Settings.channels(), Settings.CHANNEL), List.of(message(0), strange, message(2))))
                .singleElement().extracting(batch -> batch.models(null).size()).isEqualTo(2);
        assertThat(refused).containsExactly(strange);
    }

    @Test
    void aHandlerOfCapturedChangesDecidesWhatIsWritten() {
        TopicModels models =
                models(Settings.users("change.data.capture.handler", OnlyAlice.class.getName()), Settings.USERS);
        SinkRecord alice = profile(1, "alice", "A");
        List<Batch> batches =
                batches(models, List.of(profile(0, "bob", "B"), alice, profile(2, "dan", "D")));
        assertThat(batches).singleElement().extracting(Batch::records).isEqualTo(List.of(alice));
        assertThat(batches.get(0).models(null)).hasOnlyElementsOfType(InsertOneModel.class);
        assertThat(refused).isEmpty();
    }

    @Test
    void theRateIsLimitedAsTheSettingsSay() {
        TopicModels models = models(
                Settings.channels("rate.limiting.every.n", "3", "rate.limiting.timeout", "100"), Settings.CHANNEL);
        long start = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            models.limitRate();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    private List<Batch> batches(TopicModels models, List<SinkRecord> records) {
        return models.batches(records, 0, (record, error) -> refused.add(record));
    }

    private static TopicModels models(MongoSinkConfig config, String topic) {
        return new TopicModels(config.getMongoSinkTopicConfig(topic));
    }

    /** Inserts Alice and leaves the others out. */
    public static final class OnlyAlice extends CdcHandler {

        public OnlyAlice(MongoSinkTopicConfig config) {
            super(config);
        }

        @Override
        public Optional<WriteModel<BsonDocument>> handle(SinkDocument document) {
            return document.getValueDoc().filter(value -> value.getString("userId").getValue().equals("alice"))
                    .map(InsertOneModel::new);
        }
    }
}
