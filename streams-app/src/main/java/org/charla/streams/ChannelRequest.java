package org.charla.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.RawEvent;
import org.charla.protocol.UserProfile;

/**
 * What the channels' judge is asked, as a record of the topic between the two applications: an event that its author signed,
 * byte for byte, under its channel's name, and beside it what only the author's partition knows.
 */
final class ChannelRequest {

    private static final String USER = "user";
    private static final String DISPLAY_NAME = "display-name";
    private static final String SIGNER = "signer";
    private static final String SOURCE = "source";
    private static final String TIMESTAMP = "timestamp";

    private ChannelRequest() {
    }

    /** The request that is made of a judged event for a channel. */
    static Record<byte[], byte[]> write(Record<byte[], Judged> record) {
        Judged judged = record.value();
        Headers headers = new RecordHeaders()
                .add(USER, record.key())
                .add(DISPLAY_NAME, judged.user().profile().orElseThrow().displayName().getBytes(UTF_8))
                .add(SIGNER, judged.signer().name().getBytes(UTF_8))
                .add(SOURCE, judged.source().toString().getBytes(UTF_8))
                .add(TIMESTAMP, String.valueOf(judged.source().timestamp()).getBytes(UTF_8));
        String channel = ((RawEvent.InChannel) judged.event()).channel();
        return new Record<>(channel.getBytes(UTF_8), judged.rawValue(), record.timestamp(), headers);
    }

    /**
     * The judged event, as it was, under its user's key; empty where {@link #write} has not written the record, whoever did.
     * What it says of the event is believed, but for a time that is yet to come: by that, what is remembered for a while would
     * be forgotten at once.
     */
    static Optional<Record<byte[], Judged>> read(Record<byte[], byte[]> request) {
        byte[] user = bytes(request.headers(), USER);
        Optional<Signer> signer = text(request.headers(), SIGNER).flatMap(ChannelRequest::author);
        Optional<Source> source = text(request.headers(), TIMESTAMP).filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::valueOf).filter(timestamp -> timestamp - request.timestamp() <= TopicNeeds.CLOCK_SKEW.toMillis())
                .flatMap(timestamp ->
                        text(request.headers(), SOURCE).flatMap(text -> Source.parse(text, timestamp)));
        if (signer.isEmpty() || source.isEmpty()) {
            return Optional.empty();
        }
        long timestamp = source.get().timestamp();
        Judgement judgement = EventRules.judge(user, request.value(), timestamp);
        return text(request.headers(), DISPLAY_NAME)
                .filter(name -> isRequest(judgement, request.key()) && EventRules.isDisplayName(name))
                .map(name -> {
                    User author = new User(
                            Optional.of(new UserProfile(new String(user, UTF_8), name, timestamp)), List.of());
                    Judged judged = Judged.of(request.value(), null, source.get(), judgement)
                            .withUser(author).signedBy(signer.get());
                    return new Record<>(user, judged, timestamp);
                });
    }

    private static Optional<Signer> author(String name) {
        return Arrays.stream(Signer.values()).filter(signer -> signer.isAuthor() && signer.name().equals(name)).findAny();
    }

    private static boolean isRequest(Judgement judgement, byte[] key) {
        return judgement instanceof Judgement.Accepted accepted
                && (accepted.event() instanceof RawEvent.Rule || accepted.event() instanceof RawEvent.Message)
                && Arrays.equals(key, ((RawEvent.InChannel) accepted.event()).channel().getBytes(UTF_8));
    }

    private static Optional<String> text(Headers headers, String name) {
        return Optional.ofNullable(bytes(headers, name)).map(bytes -> new String(bytes, UTF_8));
    }

    private static byte[] bytes(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }
}
