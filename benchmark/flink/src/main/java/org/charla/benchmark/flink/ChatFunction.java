package org.charla.benchmark.flink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import org.charla.protocol.Wire;

/** Validate, deduplicate, enrich, route: what becomes of a user's events, in their order. */
final class ChatFunction extends KeyedProcessFunction<String, RawRecord, ProducerRecord<byte[], byte[]>> {

    private static final long serialVersionUID = 1;
    private static final Duration WINDOW = Duration.ofHours(1);

    private final int rawPartitions;
    private transient MapState<String, Boolean> accepted;
    private transient ValueState<String> displayName;

    /** @param rawPartitions how many {@code chat.raw} has */
    ChatFunction(int rawPartitions) {
        this.rawPartitions = rawPartitions;
    }

    @Override
    public void open(OpenContext context) {
        MapStateDescriptor<String, Boolean> ids = new MapStateDescriptor<>("accepted-ids", String.class, Boolean.class);
        ids.enableTimeToLive(StateTtlConfig.newBuilder(WINDOW).build());
        accepted = getRuntimeContext().getMapState(ids);
        displayName = getRuntimeContext().getState(new ValueStateDescriptor<>("display-name", String.class));
    }

    @Override
    public void processElement(RawRecord record, Context context, Collector<ProducerRecord<byte[], byte[]>> out)
            throws Exception {
        Judgement judgement =
                EventRules.judge(record.key, record.value, record.timestamp, record.partition, rawPartitions);
        if (judgement instanceof Judgement.Rejected rejected) {
            out.collect(rejection(record, rejected.code(), rejected.reason()));
            return;
        }
        RawEvent event = ((Judgement.Accepted) judgement).event();
        if (accepted.contains(event.messageId())) {
            return;
        }
        switch (event.type()) {
            case MESSAGE -> {
                String name = displayName.value();
                if (name == null) {
                    out.collect(rejection(
                            record, RejectionCode.UNKNOWN_USER, "The user has no profile; send one first."));
                    return;
                }
                RawEvent.Message message = (RawEvent.Message) event;
                ChannelMessage enriched = new ChannelMessage(message.messageId(), message.channel(),
                        new Author(message.userId(), name), message.text(), message.sentAt(),
                        record.timestamp);
                out.collect(new ProducerRecord<>(Topics.ofChannel(message.channel()), 0, record.timestamp,
                        enriched.id().getBytes(UTF_8), Wire.write(enriched)));
            }
            case PROFILE -> {
                String name = ((RawEvent.Profile) event).displayName();
                displayName.update(name);
                out.collect(profileChange(record,
                        Wire.write(new UserProfile(event.userId(), name, record.timestamp))));
            }
            case PROFILE_REMOVAL -> {
                displayName.clear();
                out.collect(profileChange(record, null));
            }
            case EDIT, DELETION, REACTION, RULE ->
                throw new IllegalArgumentException(event.type() + " is nothing that is measured");
        }
        accepted.put(event.messageId(), true);
    }

    private static ProducerRecord<byte[], byte[]> profileChange(RawRecord record, byte[] value) {
        return new ProducerRecord<>(Topics.USERS, record.partition, record.timestamp, record.key, value);
    }

    private static ProducerRecord<byte[], byte[]> rejection(RawRecord record, RejectionCode code, String reason) {
        return new ProducerRecord<>(Topics.REJECTED, null, record.timestamp, record.key, record.value,
                new Rejection(code.name(), reason, record.source()).toHeaders());
    }
}
