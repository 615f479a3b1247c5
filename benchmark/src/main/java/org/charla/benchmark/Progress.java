package org.charla.benchmark;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** How far a contender is: what its group has committed, with what it has written, of {@code chat.raw}. */
final class Progress implements AutoCloseable {

    private final Admin admin;
    private final String group;

    Progress(String bootstrapServers, String group) {
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.group = group;
    }

    /** The events that are done, in all partitions. */
    long done() throws InterruptedException {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                    .filter(Objects::nonNull).mapToLong(OffsetAndMetadata::offset).sum();
        } catch (ExecutionException e) {
            // There is no such group yet.
            return 0;
        }
    }

    /** Whether there is no open transaction: some tell what they have done before all of it can be read. */
    boolean isSettled() throws InterruptedException {
        try {
            return admin.listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING,
                    TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT))).all().get().isEmpty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
