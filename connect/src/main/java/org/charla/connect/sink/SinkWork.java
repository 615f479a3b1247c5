package org.charla.connect.sink;

import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.MongoSinkConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;

/**
 * What a sink of Charla's makes of records, outside of a worker: for who judges what a sink has written, or writes what
 * it has not. By the sink's own code, with the settings of a connector, but for one thing: what replaces documents replaces
 * older ones alone ({@link NewestWins}), since it may be late. Not thread-safe.
 */
public final class SinkWork {

    private static final String TRANSFORM = "transforms.document.type";

    private final RecordDocument transform;
    private final MongoSinkConfig config;
    private final SinkCollections collections;
    private final RecordWriter writer;
    private final Map<String, TopicModels> models = new HashMap<>();
    private BiConsumer<SinkRecord, Throwable> refused = (record, error) -> { };

    /**
     * @param connector the settings of one of Charla's connectors; where MongoDB is they need not say
     * @param database where to write
     * @param client stays the caller's to close
     * @throws ConnectException if the connector doesn't transform as Charla's do
     */
    public SinkWork(Map<String, String> connector, String database, MongoClient client) {
        Map<String, String> settings = new HashMap<>(connector);
        // Somebody else's connection is used.
        settings.put(MongoSinkConfig.CONNECTION_URI_CONFIG, "mongodb://localhost");
        settings.put("database", database);
        transform = transform(settings.getOrDefault(TRANSFORM, ""));
        if (!(transform instanceof ChannelMessageDocument)) {
            settings.put("writemodel.strategy", NewestWins.class.getName());
        }
        config = new MongoSinkConfig(settings);
        collections = new SinkCollections(client);
        writer = new RecordWriter(config, (namespace, topic) ->
                collections.get(namespace, topic).withWriteConcern(SinkClient.SAFE), (record, error) -> {
            refused.accept(record, error);
            return CompletableFuture.completedFuture(null);
        });
    }

    private static RecordDocument transform(String type) {
        try {
            return Class.forName(type).asSubclass(RecordDocument.class).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new ConnectException("the connector doesn't transform by a class of Charla's (" + TRANSFORM + "): "
                    + type, e);
        }
    }

    /**
     * What becomes of a record of Kafka's, its key a string and its value bytes: one to be written, whose value is a {@link
     * MessageChange} where it changes a message; empty where the sink skips it.
     *
     * @throws DataException if the sink sets it aside
     */
    public Optional<SinkRecord> transform(SinkRecord record) {
        return Optional.ofNullable(transform.apply(record));
    }

    /**
     * The whole document of a record that was transformed; empty for one that removes it.
     *
     * @throws RuntimeException if there is none: it is a change, or the sink refuses it
     */
    public Optional<BsonDocument> document(SinkRecord record) {
        if (ChannelMessageDocument.isEncoded(record)) {
            return Optional.of(ChannelMessageDocument.decode(record));
        }
        List<Batch> batches = models(record.topic()).batches(List.of(record), 0, (one, error) -> {
            throw error;
        });
        WriteModel<BsonDocument> model = ((TopicModels.Writes) batches.get(0)).models().get(0);
        return model instanceof ReplaceOneModel<BsonDocument> replacing ? Optional.of(replacing.getReplacement())
                : Optional.empty();
    }

    /**
     * Whether the document of a message lacks what a change asks for.
     *
     * @param document with its {@code offset}, {@code edited}, {@code deleted} and {@code reactions} at least
     */
    public static boolean isLacking(BsonDocument document, MessageChange change) {
        MessageState state = new MessageState(document);
        state.apply(change);
        return state.update().isPresent();
    }

    /**
     * Makes the collection of a topic ready to be written, with its index.
     *
     * @throws MongoException if MongoDB is away, or doesn't let the sink
     */
    public void prepare(String topic) {
        collections.get(new MongoNamespace(config.getMongoSinkTopicConfig(topic).getString("database"), topic),
                config.getMongoSinkTopicConfig(topic));
    }

    /**
     * Writes records that were transformed.
     *
     * @param records of one topic, in their order
     * @param whenRefused is told of each that can't be written, and why
     * @throws MongoException if MongoDB is away
     * @throws ConnectException if it doesn't let the sink
     */
    public void write(List<SinkRecord> records, BiConsumer<SinkRecord, Throwable> whenRefused) {
        refused = whenRefused;
        try {
            writer.write(records);
        } catch (OutageException e) {
            throw e.getCause() instanceof MongoException cause ? cause : e;
        }
    }

    private TopicModels models(String topic) {
        return models.computeIfAbsent(topic, name -> new TopicModels(config.getMongoSinkTopicConfig(name)));
    }
}
