package org.charla.connect.sink;

import com.mongodb.MongoNamespace;
import com.mongodb.client.model.WriteModel;
import com.mongodb.kafka.connect.sink.MongoSinkTopicConfig;
import com.mongodb.kafka.connect.sink.cdc.CdcHandler;
import com.mongodb.kafka.connect.sink.converter.SinkConverter;
import com.mongodb.kafka.connect.sink.converter.SinkDocument;
import com.mongodb.kafka.connect.sink.processor.PostProcessor;
import com.mongodb.kafka.connect.sink.processor.PostProcessors;
import com.mongodb.kafka.connect.sink.writemodel.strategy.WriteModelStrategyHelper;
import com.mongodb.kafka.connect.util.ClassHelper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;

/**
 * How the records of a topic become the driver's write models: by the connector's converter, namespace mapper, post
 * processors, handler of captured changes and write model strategy, as the topic's settings name them. Not thread-safe,
 * since these need not be.
 */
final class TopicModels {

    private final MongoSinkTopicConfig config;
    private final SinkConverter converter = new SinkConverter();
    private final List<PostProcessor> postProcessors;
    private final Optional<CdcHandler> changes;
    private final int largestBatch;
    private final int rateBatches;
    private final int ratePause;
    private int sinceRatePause;

    /**
     * What goes to MongoDB in one bulk write.
     *
     * @param records what each of the models was made of
     */
    record Batch(MongoNamespace namespace, List<SinkRecord> records, List<WriteModel<BsonDocument>> models) {

        private void add(SinkRecord record, WriteModel<BsonDocument> model) {
            records.add(record);
            models.add(model);
        }
    }

    /** @throws org.apache.kafka.common.config.ConfigException if a class that the settings name is none of its kind */
    TopicModels(MongoSinkTopicConfig config) {
        this.config = config;
        postProcessors = new PostProcessors(config,
                config.getList(MongoSinkTopicConfig.POST_PROCESSOR_CHAIN_CONFIG)).getPostProcessorList();
        String handler = config.getString(MongoSinkTopicConfig.CHANGE_DATA_CAPTURE_HANDLER_CONFIG);
        changes = handler.isEmpty() ? Optional.empty() : Optional.of(ClassHelper.createInstance(
                MongoSinkTopicConfig.CHANGE_DATA_CAPTURE_HANDLER_CONFIG, handler, CdcHandler.class,
                List.of(MongoSinkTopicConfig.class), List.of(config)));
        largestBatch = config.getInt(MongoSinkTopicConfig.MAX_BATCH_SIZE_CONFIG);
        rateBatches = config.getInt(MongoSinkTopicConfig.RATE_LIMITING_EVERY_N_CONFIG);
        ratePause = config.getInt(MongoSinkTopicConfig.RATE_LIMITING_TIMEOUT_CONFIG);
    }

    MongoSinkTopicConfig config() {
        return config;
    }

    /** Whether MongoDB leaves what stands behind a refused write undone. */
    boolean isOrdered() {
        return config.getBoolean(MongoSinkTopicConfig.BULK_WRITE_ORDERED_CONFIG);
    }

    /** {@link CollectionStrategy#keepsFirst()}. */
    boolean keepsFirst() {
        return config.getWriteModelStrategy() instanceof CollectionStrategy strategy && strategy.keepsFirst();
    }

    /** Returns when the settings allow another batch. */
    void limitRate() {
        if (rateBatches == 0 || ratePause == 0 || ++sinceRatePause < rateBatches) {
            return;
        }
        sinceRatePause = 0;
        try {
            Thread.sleep(ratePause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("interrupted between two batches", e);
        }
    }

    /**
     * The records in as few batches as their order allows, without those that a handler of captured changes leaves out.
     *
     * @param records of this topic
     * @param refused is given each record that can't become a model, and why
     */
    List<Batch> batches(List<SinkRecord> records, BiConsumer<SinkRecord, RuntimeException> refused) {
        List<Batch> batches = new ArrayList<>();
        Batch last = null;
        for (SinkRecord record : records) {
            MongoNamespace namespace;
            Optional<WriteModel<BsonDocument>> model;
            try {
                SinkDocument document = converter.convert(record);
                namespace = config.getNamespaceMapper().getNamespace(record, document);
                model = model(record, document);
            } catch (RuntimeException e) {
                refused.accept(record, e);
                continue;
            }
            if (model.isEmpty()) {
                continue;
            }
            if (last == null || !last.namespace().equals(namespace)
                    || largestBatch > 0 && last.models().size() == largestBatch) {
                last = new Batch(namespace, new ArrayList<>(), new ArrayList<>());
                batches.add(last);
            }
            last.add(record, model.get());
        }
        return batches;
    }

    private Optional<WriteModel<BsonDocument>> model(SinkRecord record, SinkDocument document) {
        if (changes.isPresent()) {
            return changes.get().handle(document);
        }
        postProcessors.forEach(processor -> processor.process(document, record));
        return Optional.ofNullable(WriteModelStrategyHelper.createWriteModel(config, document));
    }
}
