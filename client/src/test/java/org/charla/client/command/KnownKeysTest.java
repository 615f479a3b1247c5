package org.charla.client.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.charla.protocol.UserProfile;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownKeysTest {

    private final UserKey one = key();
    private final UserKey two = key();

    @TempDir
    Path home;

    @Test
    void warnsOnceOfAKnownPersonsOtherKeyAndNotOfTheFirst() {
        assertThat(see(keys(), "alice")).isEmpty();
        assertThat(see(keys(), "alice", one)).isEmpty();
        assertThat(see(keys(), "alice", one)).isEmpty();
        assertThat(see(keys(), "alice", two)).containsExactly(
                new KnownKeys.Change("alice", one.fingerprint(), two.fingerprint()));
        assertThat(see(keys(), "alice", two)).isEmpty();
        assertThat(see(keys(), "bob", two)).isEmpty();
    }

    @Test
    void warnsOfAKeyThatIsAddedAndNotOfOneThatGoes() {
        see(keys(), "alice", one);
        assertThat(see(keys(), "alice", one, two)).extracting(KnownKeys.Change::before, KnownKeys.Change::now)
                .containsExactly(tuple(one.fingerprint(), two.fingerprint()));
        assertThat(see(keys(), "alice", two)).isEmpty();
        assertThat(see(keys(), "alice")).isEmpty();
    }

    @Test
    void eachOfTwoChatsWarnsAndNeitherForgetsWhatTheOtherSaw() {
        see(keys(), "alice", one);
        KnownKeys first = keys();
        KnownKeys second = keys();
        see(first, "bob", one);
        assertThat(see(first, "alice", two)).hasSize(1);
        assertThat(see(second, "alice", two)).hasSize(1);
        assertThat(see(keys(), "bob", two)).hasSize(1);
    }

    @Test
    void takesWhatIsNoKeyForNothing() {
        assertThat(see(keys(), new UserProfile("alice", "A", List.of("", "ed25519:", "x".repeat(51), "\uD83D"), 0))).isEmpty();
        assertThat(file()).doesNotExist();
        see(keys(), "alice", one);
        assertThat(see(keys(), new UserProfile("alice", "A", List.of("k"), 0))).isEmpty();
    }

    @Test
    void writesNothingOfAnIdThatWouldBeALineOfItsOwn() throws IOException {
        see(keys(), "alice", one);
        see(keys(), "x " + two.fingerprint() + "\nalice", two);
        see(keys(), "bob " + two.fingerprint(), one);
        see(keys(), "y".repeat(1_000), two);
        assertThat(Files.readAllLines(file())).containsExactly("alice " + one.fingerprint());
    }

    @Test
    void goesOnWithWhatIsWholeInADamagedFile() throws IOException {
        see(keys(), "alice", one);
        Files.write(file(), ("\u0000\u00ff\nbob SHA256:x\n" + Files.readString(file()) + "carol").getBytes(
                ISO_8859_1));
        assertThat(see(keys(), "alice", two)).hasSize(1);
    }

    @Test
    void warnsOnceWhereTheFileCanNotBeWritten() throws IOException {
        see(keys(), "alice", one);
        Files.createDirectory(file().resolveSibling("known-keys.new"));
        KnownKeys keys = keys();
        assertThat(see(keys, "alice", two)).hasSize(1);
        assertThat(see(keys, "alice", two)).isEmpty();
        assertThat(Files.readAllLines(file())).containsExactly("alice " + one.fingerprint());
    }

    @Test
    void remembersManyPeopleButNotAnyNumber() throws IOException {
        KnownKeys keys = keys();
        see(keys, "friend", one);
        keys.see(IntStream.range(0, KnownKeys.MOST_PEOPLE - 1).mapToObj(i -> profile("u" + i, one)).toList(), change -> { });
        see(keys, "friend", one);
        keys.see(IntStream.range(0, 100).mapToObj(i -> profile("v" + i, one)).toList(), change -> { });

        assertThat(Files.readAllLines(file())).hasSize(KnownKeys.MOST_PEOPLE).anyMatch(line -> line.startsWith("friend "))
                .noneMatch(line -> line.startsWith("u0 "));
    }

    private static List<KnownKeys.Change> see(KnownKeys known, String userId, UserKey... keys) {
        return see(known, profile(userId, keys));
    }

    private static List<KnownKeys.Change> see(KnownKeys known, UserProfile profile) {
        List<KnownKeys.Change> changes = new ArrayList<>();
        known.see(List.of(profile), changes::add);
        return changes;
    }

    private static UserProfile profile(String userId, UserKey... keys) {
        return new UserProfile(userId, userId, Arrays.stream(keys).map(UserKey::toString).toList(), 0);
    }

    private static UserKey key() {
        return SigningKey.generate().publicKey();
    }

    private Path file() {
        return home.resolve("charla/known-keys");
    }

    private KnownKeys keys() {
        return new KnownKeys(Map.of("XDG_STATE_HOME", home.toString()));
    }
}
