package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.streams.Pipeline.settings;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.signature.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quicktheories.core.Gen;

/**
 * Whatever is sent, in any order and however often again: what is accepted of a claimed id was signed by somebody who held
 * one of its keys at that moment, and nothing is accepted twice.
 */
class IdentityPropertiesTest {

    private static final List<SigningKey> KEYS = Stream.generate(SigningKey::generate).limit(3).toList();
    private static final SigningKey OPERATOR = SigningKey.generate();
    private static final List<String> USERS = List.of("alice", "bob");

    @TempDir
    Path stateDir;
    private int runs;

    /** What somebody does next: which user, which key they hold, what they do with it. */
    private record Step(int user, int key, int action) {
    }

    @Test
    void onlyWhoHoldsAKeyOfAClaimedIdSpeaksAsIt() {
        Gen<Step> steps = integers().between(0, USERS.size() - 1)
                .zip(integers().between(-1, KEYS.size()), integers().between(0, 19), Step::new);
        try (Pipeline pipeline = new Pipeline(stateDir, settings("operators", "boss=" + OPERATOR.publicKey()))) {
            qt().withExamples(150).forAll(lists().of(steps).ofSizeBetween(1, 40))
                    .checkAssert(some -> check(some, "-of-run-" + runs++, pipeline));
        }
    }

    private static void check(List<Step> steps, String run, Pipeline pipeline) {
        Claims claims = new Claims();
        List<Sent> sent = new ArrayList<>();
        for (Step step : steps) {
            take(step, run, pipeline, claims, sent);
        }
    }

    /** A record, and what of it may be accepted at most. */
    private record Sent(TestRecord<byte[], byte[]> record, RawEvent event, SigningKey key) {
    }

    private static void take(Step step, String run, Pipeline pipeline, Claims claims, List<Sent> sent) {
        String userId = USERS.get(step.user()) + run;
        SigningKey key = step.key() < 0 ? null : step.key() < KEYS.size() ? KEYS.get(step.key()) : OPERATOR;
        switch (step.action()) {
            case 0 -> send(new RawEvent.Profile(pipeline.nextId(), userId, "N", pipeline.now()), key, pipeline, claims, sent);
            case 1, 2 -> send(new RawEvent.Profile(pipeline.nextId(), userId, "N",
                    List.of(KEYS.get(step.action()).publicKey().toString()), pipeline.now()), key, pipeline, claims, sent);
            case 3 -> send(new RawEvent.Profile(pipeline.nextId(), userId, "N", KEYS.stream()
                    .map(each -> each.publicKey().toString()).toList(), pipeline.now()), key, pipeline, claims, sent);
            case 4 -> send(new RawEvent.ProfileRemoval(pipeline.nextId(), userId, pipeline.now()), key, pipeline, claims, sent);
            case 5 -> pipeline.pass(Duration.ofMinutes(31));
            case 6 -> {
                if (!sent.isEmpty()) {
                    Sent again = sent.get(sent.size() / 2);
                    pipeline.sendAgain(again.record());
                    judge(again.event(), again.key(), pipeline, claims);
                }
            }
            default -> send(new RawEvent.Message(pipeline.nextId(), userId, "general", "t", pipeline.now()), key, pipeline,
                    claims, sent);
        }
    }

    private static void send(RawEvent event, SigningKey key, Pipeline pipeline, Claims claims, List<Sent> sent) {
        if (key == null) {
            pipeline.send(event);
        } else {
            sent.add(new Sent(pipeline.send(event, key), event, key));
        }
        judge(event, key, pipeline, claims);
    }

    private static void judge(RawEvent event, SigningKey key, Pipeline pipeline, Claims claims) {
        boolean isMessageAccepted = !pipeline.records("general").isEmpty();
        boolean isProfileAccepted = !pipeline.profiles().isEmpty();
        if (!isMessageAccepted && !isProfileAccepted) {
            return;
        }
        String id = event.userId() + ':' + event.messageId();
        assertThat(claims.accepted.add(id)).as("%s once", id).isTrue();
        Set<String> keys = claims.keys.getOrDefault(event.userId(), Set.of());
        List<String> brought = event instanceof RawEvent.Profile profile ? profile.keys() : List.of();
        String signedWith = key == null ? "" : key.publicKey().toString();
        boolean byOperator = key == OPERATOR && (keys.isEmpty() || !brought.isEmpty());
        if (!keys.isEmpty()) {
            assertThat(keys.contains(signedWith) || byOperator).as("%s by a key of its user's", event).isTrue();
        }
        if (!brought.isEmpty()) {
            assertThat(!keys.isEmpty() || brought.contains(signedWith) || byOperator)
                    .as("%s claims by a key that it brings", event).isTrue();
            claims.keys.put(event.userId(), Set.copyOf(brought));
        }
    }

    /** What this test knows of who may speak, by what was accepted. */
    private static final class Claims {
        private final Map<String, Set<String>> keys = new TreeMap<>();
        private final Set<String> accepted = new TreeSet<>();
    }
}
