package org.charla.proof;

import java.util.function.Consumer;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The topics as the oracle reads them: what is committed, each partition from its beginning to its end. */
interface Logs {

    Set<String> topics();

    int partitions(String topic);

    /** Kafka's id of the topic. */
    String id(String topic);

    void read(String topic, int partition, Consumer<ConsumerRecord<byte[], byte[]>> reader);
}
