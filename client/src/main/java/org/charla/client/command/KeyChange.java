package org.charla.client.command;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.charla.access.AccessFailure;
import org.charla.access.EventProducer;
import org.charla.access.ExistingUsers;
import org.charla.access.Fates;
import org.charla.access.Identity;
import org.charla.access.KafkaAccess;
import org.charla.access.LiveFeed;
import org.charla.access.MessageIds;
import org.charla.access.PlacedRecord;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.text.JsonLine;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement.Rejected;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Rejection;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;

/** Changes the keys that claim the person's id, by a profile that one of them signs, and waits until it is so. */
final class KeyChange {

    private final IdentityCommand command;
    private final Settings settings;
    private final Duration timeout;

    /** @param timeout how long to wait for the pipeline */
    KeyChange(IdentityCommand command, Duration timeout) {
        this.command = command;
        this.settings = command.settings();
        this.timeout = timeout;
    }

    /**
     * Changes them, where that changes anything, and shows what they are then.
     *
     * @param change the key of this machine and the keys as they are to what they are to be
     * @throws CommandFailure if that is refused, or can't be known
     */
    void apply(BiFunction<String, List<String>, List<String>> change, Format format) {
        KafkaAccess kafka = settings.kafkaAccess();
        ExistingUsers users = new ExistingUsers(kafka);
        Optional<UserProfile> known = users.find(settings.user());
        Identity identity = new Identities(command.keys(), settings.realm()).of(settings.user(), known);
        List<String> before = Identity.keysOf(known);
        List<String> wanted = change.apply(identity.key().toString(), before);
        if (!wanted.equals(before)) {
            send(kafka, users, identity, profile(known, wanted));
        }
        show(wanted, identity.key().toString(), format);
    }

    private void show(List<String> keys, String own, Format format) {
        if (format.json()) {
            command.console().line(JsonLine.of(fields -> {
                fields.writeStringField("userId", settings.user());
                IdentityCommand.write(fields, keys);
            }));
            return;
        }
        command.line("user", settings.user());
        for (String key : keys) {
            command.line("key", key + "  " + Identities.fingerprint(key) + (key.equals(own) ? "  (this machine)" : ""));
        }
    }

    private RawEvent.Profile profile(Optional<UserProfile> known, List<String> keys) {
        long now = System.currentTimeMillis();
        RawEvent.Profile profile = new RawEvent.Profile(new MessageIds(Clock.systemUTC()).next(), settings.user(),
                known.map(UserProfile::displayName).orElse(settings.user()), keys, now);
        if (EventRules.judge(profile, now) instanceof Rejected rejected) {
            throw new CommandFailure(rejected.code() + ": " + rejected.reason());
        }
        return profile;
    }

    private void send(KafkaAccess kafka, ExistingUsers users, Identity identity, RawEvent.Profile profile) {
        AtomicReference<Rejection> refusal = new AtomicReference<>();
        Fates<RawEvent> fates = new Fates<>(1, (event, fate) -> {
            if (fate instanceof Fates.Refused refused) {
                refusal.set(refused.rejection());
            }
        });
        CompletableFuture<RecordMetadata> taken = new CompletableFuture<>();
        // Hears of refusals from before it is sent.
        LiveFeed feed = LiveFeed.fromNow(kafka, null, "", new Ear(fates));
        try (feed; EventProducer producer = new EventProducer(kafka, Map.of())) {
            producer.send(profile, identity.signer(), (place, e) -> {
                if (e == null) {
                    taken.complete(place);
                } else {
                    taken.completeExceptionally(e);
                }
            });
            fates.acknowledged(profile, place(kafka, taken));
            Set<String> wanted = new HashSet<>(profile.keys());
            boolean isKnown = users.await(settings.user(), now -> refusal.get() != null
                    || wanted.equals(new HashSet<>(Identity.keysOf(now))), timeout);
            if (refusal.get() != null) {
                throw new CommandFailure(refusal.get().code() + ": " + refusal.get().reason());
            }
            if (!isKnown) {
                throw new CommandFailure("the change is written to " + Topics.RAW + ", but after " + timeout.toSeconds()
                        + " s neither in " + Topics.USERS + " nor refused: is the streams app running?");
            }
        }
    }

    private static RecordMetadata place(KafkaAccess kafka, CompletableFuture<RecordMetadata> taken) {
        try {
            return taken.join();
        } catch (CompletionException e) {
            throw new CommandFailure(kafka.explain((Exception) e.getCause()), e);
        }
    }

    /** Hears of refusals alone. */
    private record Ear(Fates<RawEvent> fates) implements LiveFeed.Listener {

        @Override
        public void arrived(String channel, List<PlacedRecord> records) {
        }

        @Override
        public void denied(String channel, AccessFailure why) {
        }

        @Override
        public void refused(ConsumerRecord<byte[], byte[]> record) {
            fates.refused(record);
        }

        /** What was sent is waited for all the same. */
        @Override
        public void failed(AccessFailure failure) {
        }

        @Override
        public void unreadable(String where, String why) {
        }
    }
}
