package org.charla.streams;

import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.signature.RecordSignature;

/**
 * Judges the bytes by the rules that need nothing but the record and its place, unless the pipeline has failed at it
 * already. The sender's headers end here, but for the signature, which is kept to be judged: no topic of ours carries them on.
 */
final class Validator extends ContextualFixedKeyProcessor<byte[], byte[], Judged> {

    private static final byte[] NOT_A_SIGNATURE = {};

    private final Suspects suspects;
    private final IntSupplier partitions;

    /** @param partitions how many the topic has */
    Validator(Suspects suspects, IntSupplier partitions) {
        this.suspects = suspects;
        this.partitions = partitions;
    }

    @Override
    public void process(FixedKeyRecord<byte[], byte[]> record) {
        Source source = suspects.attempt().inHand();
        Judgement judgement = suspects.verdict(source)
                .<Judgement>map(reason -> new Rejected(RejectionCode.UNPROCESSABLE, reason))
                .orElseGet(() -> EventRules.judge(record.key(), record.value(), record.timestamp(),
                        source.partition(), partitions.getAsInt()));
        Judged judged = Judged.of(record.value(), signature(record.headers()), source, judgement);
        context().forward(record.withValue(judged).withHeaders(new RecordHeaders()));
    }

    private static byte[] signature(Headers headers) {
        Header header = headers.lastHeader(RecordSignature.HEADER);
        if (header == null) {
            return null;
        }
        return header.value() == null ? NOT_A_SIGNATURE : header.value();
    }
}
