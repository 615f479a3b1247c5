package org.charla.client.command;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.charla.access.EventProducer;
import org.charla.access.ExistingUsers;
import org.charla.access.Fates;
import org.charla.access.Identity;
import org.charla.access.KafkaAccess;
import org.charla.access.MessageIds;
import org.charla.access.Store;
import org.charla.access.Verdicts;
import org.charla.client.terminal.CommandFailure;
import org.charla.client.terminal.Console;
import org.charla.client.text.JsonLine;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.UserProfile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Gives user ids the keys again that MongoDB has of them, where Kafka has lost them: an operator signs it. */
@Command(name = "restore")
public final class IdentityRestoreCommand implements Callable<Integer> {

    /** More than are on their way at a time. */
    private static final int REMEMBERED = 100_000;

    @ParentCommand
    private IdentityCommand identity;

    @Option(names = "--operator", paramLabel = "USER-ID")
    private String operator;

    @Mixin
    private Format format;

    private final AtomicLong refused = new AtomicLong();
    private long sent;
    private long left;

    @Override
    public Integer call() {
        Settings settings = identity.settings();
        Identity signer = operator(settings);
        KafkaAccess kafka = settings.kafkaAccess();
        Map<String, UserProfile> existing = new ExistingUsers(kafka).all();
        Fates<String> fates = new Fates<>(REMEMBERED, (userId, fate) -> {
            if (fate instanceof Fates.Refused why) {
                refused(userId, why.rejection().code() + ": " + why.rejection().reason());
            }
        });
        try (Store store = settings.store(); Verdicts verdicts = new Verdicts(kafka);
                EventProducer producer = new EventProducer(kafka, Map.of())) {
            MessageIds ids = new MessageIds(Clock.systemUTC());
            store.users(user -> {
                if (isMissing(user, Optional.ofNullable(existing.get(user.userId())))) {
                    sent++;
                    producer.send(new RawEvent.Profile(ids.next(), user.userId(), user.displayName(), user.keys(),
                            System.currentTimeMillis()), signer.signer(), (place, e) -> {
                                if (e == null) {
                                    verdicts.sent(place);
                                    fates.acknowledged(user.userId(), place);
                                } else {
                                    refused(user.userId(), kafka.explain(e));
                                }
                            });
                }
            });
            producer.flush();
            if (!verdicts.await(fates)) {
                throw new CommandFailure("all is written to " + Topics.RAW + ", but not judged: is the streams app running?");
            }
        }
        show(sent - refused.get());
        return refused.get() + left == 0 ? 0 : 1;
    }

    private Identity operator(Settings settings) {
        Identities identities = new Identities(identity.keys(), settings.realm());
        return (operator != null ? Stream.of(operator) : Stream.of(settings.user(), Settings.MACHINE_USER))
                .map(identities::here).flatMap(Optional::stream).findFirst()
                .orElseThrow(() -> new CommandFailure("there is no operator's key here: --operator USER-ID names whose it is"));
    }

    /** Whether Kafka has no keys of the user and MongoDB has; others than MongoDB's are left to who has claimed the id since. */
    private boolean isMissing(UserProfile stored, Optional<UserProfile> existing) {
        if (stored.keys().isEmpty() || Identity.keysOf(existing).equals(stored.keys())) {
            return false;
        }
        if (!Identity.keysOf(existing).isEmpty()) {
            left++;
            identity.console().error(stored.userId() + " is left as it is: somebody has claimed it since, by other keys");
            return false;
        }
        return true;
    }

    private void refused(String userId, String why) {
        refused.incrementAndGet();
        identity.console().error(userId + ": " + why);
    }

    private void show(long restored) {
        Console console = identity.console();
        if (format.json()) {
            console.line(JsonLine.of(fields -> fields.writeNumberField("restored", restored)));
        } else {
            identity.line("restored", Long.toString(restored));
        }
    }
}
