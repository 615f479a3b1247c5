package org.charla.embedded;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.CRC32C;
import kafka.coordinator.transaction.TransactionCoordinator;
import kafka.server.ReplicaManager;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.coordinator.transaction.CoordinatorEpochAndTxnMetadata;
import org.apache.kafka.network.Request;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.collection.immutable.Set$;
import scala.util.Either;

/**
 * Bounds how many producers Kafka has in mind, which it keeps for hours in each partition that they wrote to, and by their
 * transactional ids; it has no setting for how many there may be.
 *
 * <p>A further transactional id is refused; those that are there go on working. Of a further producer in a partition the
 * records are taken without their sequence: should it send one twice because an answer was lost, it is there twice, as
 * with a producer that isn't idempotent.
 */
final class BoundedProducers implements Function<Request, ApiException> {

    private static final Logger log = LoggerFactory.getLogger(BoundedProducers.class);

    private static final int MOST_TRANSACTIONAL_IDS = 256;
    /** In all partitions together; each takes some 300 bytes. */
    private static final int MOST_PRODUCERS = 50_000;
    private static final long COUNT_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    // https://kafka.apache.org/documentation/#recordbatch
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int PRODUCER_ID = 43;
    private static final int PRODUCER_EPOCH = 51;
    private static final int BASE_SEQUENCE = 53;

    private final ReplicaManager partitions;
    private final TransactionCoordinator transactions;
    private final Function<Uuid, String> topicNames;

    private long countedAt = System.nanoTime() - COUNT_AGAIN_NANOS;
    private int producers;

    /** @param topicNames the name of a topic for its id; null where there is none */
    BoundedProducers(ReplicaManager partitions, TransactionCoordinator transactions, Function<Uuid, String> topicNames) {
        this.partitions = partitions;
        this.transactions = transactions;
        this.topicNames = topicNames;
    }

    @Override
    public ApiException apply(Request request) {
        return switch (request.header().apiKey()) {
            case INIT_PRODUCER_ID -> judge(request.body(InitProducerIdRequest.class).data().transactionalId());
            case PRODUCE -> judge(request.body(ProduceRequest.class).data());
            default -> null;
        };
    }

    private ApiException judge(String transactionalId) {
        if (transactionalId == null || transactionalId.isEmpty()) {
            return null;
        }
        Either<?, Option<CoordinatorEpochAndTxnMetadata>> state = state(transactionalId);
        if (state.isLeft() || state.toOption().get().isDefined()) {
            return null;
        }
        int there = transactions.handleListTransactions(Set$.MODULE$.empty(), Set$.MODULE$.empty(), -1, null)
                .transactionStates().size();
        return there < MOST_TRANSACTIONAL_IDS ? null : new PolicyViolationException("There are "
                + MOST_TRANSACTIONAL_IDS + " transactional ids: no further ones can be made until some are forgotten");
    }

    private Either<?, Option<CoordinatorEpochAndTxnMetadata>> state(String transactionalId) {
        return transactions.transactionManager().getTransactionState(transactionalId);
    }

    private ApiException judge(ProduceRequestData request) {
        for (TopicProduceData topic : request.topicData()) {
            String name = topic.name().isEmpty() ? topicNames.apply(topic.topicId()) : topic.name();
            for (PartitionProduceData partition : topic.partitionData()) {
                if (partition.records() instanceof MemoryRecords records) {
                    DefaultRecordBatch batch = onlyBatch(records);
                    if (batch != null && batch.hasProducerId()
                            && !isKnown(new TopicPartition(name, partition.index()), batch.producerId())) {
                        if (batch.isTransactional()) {
                            if (!isInTransaction(request.transactionalId(), batch.producerId())) {
                                return new InvalidPidMappingException("The producer has no such transactional id");
                            }
                        } else if (count() > MOST_PRODUCERS) {
                            forgetProducer(records.buffer());
                        }
                    }
                }
            }
        }
        return null;
    }

    /** Null where there is another number of them, or one that isn't whole: Kafka refuses it. */
    private static DefaultRecordBatch onlyBatch(MemoryRecords records) {
        try {
            Iterator<? extends RecordBatch> batches = records.batches().iterator();
            return batches.hasNext() && batches.next() instanceof DefaultRecordBatch batch && !batches.hasNext()
                    && batch.isValid() ? batch : null;
        } catch (RuntimeException e) {
            log.debug("not a batch", e);
            return null;
        }
    }

    private boolean isKnown(TopicPartition partition, long producer) {
        Option<UnifiedLog> there = partitions.getLog(partition);
        return there.isEmpty() || there.get().producerStateManager().lastEntry(producer).isPresent();
    }

    /** Kafka asks that, too, but has the producer in mind before. */
    private boolean isInTransaction(String transactionalId, long producer) {
        if (transactionalId == null) {
            return false;
        }
        Either<?, Option<CoordinatorEpochAndTxnMetadata>> state = state(transactionalId);
        return state.isLeft() || state.toOption().get().isDefined()
                && state.toOption().get().get().transactionMetadata().producerId() == producer;
    }

    private synchronized int count() {
        long now = System.nanoTime();
        if (now - countedAt > COUNT_AGAIN_NANOS) {
            countedAt = now;
            producers = partitions.producerIdCount();
        }
        return producers;
    }

    private static void forgetProducer(ByteBuffer batch) {
        int start = batch.position();
        batch.putLong(start + PRODUCER_ID, RecordBatch.NO_PRODUCER_ID);
        batch.putShort(start + PRODUCER_EPOCH, RecordBatch.NO_PRODUCER_EPOCH);
        batch.putInt(start + BASE_SEQUENCE, RecordBatch.NO_SEQUENCE);
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(start + ATTRIBUTES, batch.limit() - start - ATTRIBUTES));
        batch.putInt(start + CRC, (int) crc.getValue());
    }
}
