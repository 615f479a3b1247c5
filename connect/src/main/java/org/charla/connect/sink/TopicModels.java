package org.charla.connect.sink;

import com.mongodb.MongoNamespace;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
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
import java.util.function.Function;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.bson.BsonDocument;

/**
 * How the records of a topic become the driver's write models: by the connector's converter, namespace mapper, post
 * processors, handler of captured changes and write model strategy, as the topic's settings name them. Not thread-safe,
 * since these need not be.
 */
final class TopicModels {

    private static final SinkDocument NO_DOCUMENT = new SinkDocument(null, null);

    private final MongoSinkTopicConfig config;
    private final SinkConverter converter = new SinkConverter();
    private final List<PostProcessor> postProcessors;
    private final Optional<CdcHandler> captured;
    private final int largestBatch;
    private final int rateBatches;
    private final int ratePause;
    private int sinceRatePause;

    /**
     * Records of which each is a write.
     *
     * @param records what each of the models was made of
     */
    record Writes(MongoNamespace namespace, List<SinkRecord> records, List<WriteModel<BsonDocument>> models,
            boolean isOrdered) implements Batch {

        private void add(SinkRecord record, WriteModel<BsonDocument> model) {
            records.add(record);
            models.add(model);
        }

        @Override
        public boolean isBehindOthers() {
            return isOrdered;
        }

        @Override
        public List<WriteModel<BsonDocument>> models(MongoCollection<BsonDocument> collection) {
            return models;
        }

        @Override
        public List<SinkRecord> records(int model) {
            return records.subList(model, model + 1);
        }

        @Override
        public boolean isDone(BulkWriteResult result) {
            return true;
        }
    }

    /** @throws org.apache.kafka.common.config.ConfigException if a class that the settings name is none of its kind */
    TopicModels(MongoSinkTopicConfig config) {
        this.config = config;
        postProcessors = new PostProcessors(config,
                config.getList(MongoSinkTopicConfig.POST_PROCESSOR_CHAIN_CONFIG)).getPostProcessorList();
        String handler = config.getString(MongoSinkTopicConfig.CHANGE_DATA_CAPTURE_HANDLER_CONFIG);
        captured = handler.isEmpty() ? Optional.empty() : Optional.of(ClassHelper.createInstance(
                MongoSinkTopicConfig.CHANGE_DATA_CAPTURE_HANDLER_CONFIG, handler, CdcHandler.class,
                List.of(MongoSinkTopicConfig.class), List.of(config)));
        largestBatch = config.getInt(MongoSinkTopicConfig.MAX_BATCH_SIZE_CONFIG);
        rateBatches = config.getInt(MongoSinkTopicConfig.RATE_LIMITING_EVERY_N_CONFIG);
        ratePause = config.getInt(MongoSinkTopicConfig.RATE_LIMITING_TIMEOUT_CONFIG);
    }

    MongoSinkTopicConfig config() {
        return config;
    }

    /** {@link CollectionStrategy#keepsFirst()}. */
    boolean keepsFirst() {
        return CollectionStrategy.keepsFirst(config);
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
     * What changes messages comes behind the rest: a change that stands before its message doesn't count.
     *
     * @param records of this topic
     * @param base where its positions begin
     * @param refused is given each record that can't become a model, and why
     */
    List<Batch> batches(List<SinkRecord> records, long base, BiConsumer<SinkRecord, RuntimeException> refused) {
        List<Writes> writes = new ArrayList<>();
        List<MessageChanges> changes = new ArrayList<>();
        for (SinkRecord record : records) {
            try {
                if (record.value() instanceof MessageChange change) {
                    MongoNamespace namespace = config.getNamespaceMapper().getNamespace(record, NO_DOCUMENT);
                    last(changes, namespace, of -> new MessageChanges(of, base)).add(record, change);
                } else {
                    SinkDocument document = converter.convert(record);
                    MongoNamespace namespace = config.getNamespaceMapper().getNamespace(record, document);
                    model(record, document, base)
                            .ifPresent(model -> last(writes, namespace, this::writes).add(record, model));
                }
            } catch (RuntimeException e) {
                refused.accept(record, e);
            }
        }
        List<Batch> batches = new ArrayList<>(writes);
        batches.addAll(changes);
        return batches;
    }

    /** Where the next record of this namespace belongs. */
    private <B extends Batch> B last(List<B> batches, MongoNamespace namespace, Function<MongoNamespace, B> next) {
        B last = batches.isEmpty() ? null : batches.get(batches.size() - 1);
        if (last == null || !last.namespace().equals(namespace)
                || largestBatch > 0 && last.records().size() == largestBatch) {
            last = next.apply(namespace);
            batches.add(last);
        }
        return last;
    }

    private Writes writes(MongoNamespace namespace) {
        return new Writes(namespace, new ArrayList<>(), new ArrayList<>(),
                config.getBoolean(MongoSinkTopicConfig.BULK_WRITE_ORDERED_CONFIG));
    }

    private Optional<WriteModel<BsonDocument>> model(SinkRecord record, SinkDocument document, long base) {
        if (captured.isPresent()) {
            return captured.get().handle(document);
        }
        postProcessors.forEach(processor -> processor.process(document, record));
        if (document.getValueDoc().isPresent() && config.getWriteModelStrategy() instanceof CollectionStrategy strategy) {
            return Optional.of(strategy.createWriteModel(document, base));
        }
        return Optional.ofNullable(WriteModelStrategyHelper.createWriteModel(config, document));
    }
}
