package org.charla.streams;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.charla.protocol.Topics;

/** Where what was refused goes, whoever refused it. */
final class Rejections {

    private Rejections() {
    }

    /** Writes rejected events, under their raw records' keys, for operators, and for those who wrote them. */
    static void write(KStream<byte[], Judged> rejected) {
        Serde<byte[]> bytes = Serdes.ByteArray();
        KStream<byte[], byte[]> rejections = rejected.process(RejectionWriter::new, Named.as("to-rejection"));
        rejections.to(Topics.REJECTED, Produced.with(bytes, bytes).withName("rejections"));
        // Whose it is, and what they wrote, is nobody else's business: who wrote it knows its place.
        rejections.map((key, value) -> KeyValue.<byte[], byte[]>pair(null, null), Named.as("to-refusal"))
                .to(Topics.REFUSALS, Produced.with(bytes, bytes).withName("refusals"));
    }
}
