package org.charla.client.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.charla.client.terminal.CommandFailure;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFolderTest {

    @TempDir
    private Path home;

    @Test
    void keepsAKeyForItsOwnerAloneAndFindsItAgain() throws IOException {
        SigningKey key = keys().obtain("ada");

        Path file = home.resolve("data/charla/keys/ada.pem");
        assertThat(keys().file("ada")).isEqualTo(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent()))).isEqualTo("rwx------");
        assertThat(keys().obtain("ada").publicKey()).isEqualTo(key.publicKey());
        assertThat(file).content().startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("-----END PRIVATE KEY-----\n");
        try (Stream<Path> all = Files.list(file.getParent())) {
            assertThat(all).containsExactly(file);
        }
    }

    @Test
    void standsInTheHomeFolderWhereNothingElseIsSaid() {
        Path usual = home.resolve(".local/share/charla/keys/ada.pem");

        assertThat(new KeyFolder(Map.of("HOME", home.toString())).file("ada")).isEqualTo(usual);
        assertThat(new KeyFolder(Map.of("HOME", home.toString(), "XDG_DATA_HOME", "")).file("ada")).isEqualTo(usual);
        // The specification wants what is relative to be ignored.
        assertThat(new KeyFolder(Map.of("HOME", home.toString(), "XDG_DATA_HOME", "data")).file("ada")).isEqualTo(usual);
    }

    @Test
    void hasAFileOfItsOwnInItsFolderForEveryUser() {
        List<String> users = List.of("ada", "Ada", "..", ".", "...", "../ada", "/etc/passwd", "a/b", "a%2Fb", "%61da", "a.b",
                ".ada", "-ada", "ada.pem", "ñ", "n\u0303", "%sha256-", "*", "~", "CON", "\uD83D\uDE00".repeat(64),
                "\uD83D\uDE00".repeat(63) + "\uD83D\uDE01", "日本");
        for (String user : users) {
            keys().obtain(user);
            assertThat(keys().file(user).getParent()).isEqualTo(home.resolve("data/charla/keys"));
            assertThat(keys().file(user).getFileName().toString()).matches("[A-Za-z0-9%_][A-Za-z0-9%_.-]{0,140}\\.pem");
        }

        assertThat(users.stream().map(user -> keys().find(user).orElseThrow().publicKey())).doesNotHaveDuplicates();
        assertThat(keys().file("ada@home")).hasFileName("ada%40home.pem");
    }

    @Test
    void isMadeOnceHoweverManyWantItAtOnce() throws InterruptedException {
        Set<UserKey> made = ConcurrentHashMap.newKeySet();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = IntStream.range(0, 16).mapToObj(n -> new Thread(() -> {
            try {
                start.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            made.add(keys().obtain("ada").publicKey());
        })).toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(made).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw-----w-", "rw----r--", "rw---x---"})
    void refusesAKeyThatOthersCanUse(String permissions) throws IOException {
        keys().obtain("ada");
        Path file = keys().file("ada");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

        assertThatThrownBy(() -> keys().obtain("ada")).isInstanceOf(CommandFailure.class)
                .hasMessage("others may use the key " + file + ": close it to them with chmod 600 " + file);
    }

    @Test
    void refusesAFolderIntoWhichOthersCanPutKeys() throws IOException {
        keys().obtain("ada");
        Path folder = keys().file("ada").getParent();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> keys().obtain("ada")).isInstanceOf(CommandFailure.class).hasMessageContaining("chmod 700 " + folder);
        assertThatThrownBy(() -> keys().obtain("bob")).isInstanceOf(CommandFailure.class).hasMessageContaining("chmod 700 " + folder);
    }

    @Test
    void saysWhatToDoWhereNothingCanBeKept() throws IOException {
        Path file = Files.createFile(home.resolve("file"));

        assertThatThrownBy(() -> new KeyFolder(Map.of("XDG_DATA_HOME", file.toString())).obtain("ada"))
                .isInstanceOf(CommandFailure.class).hasMessageContaining(file.toString()).hasMessageContaining("set XDG_DATA_HOME to a folder of your own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIHBdcLSUQKBHpHdZlEr4NvLRpXTuvpCyjU8aXTuZHQhg\n-----END PRIVATE KEY-----\n"})
    void refusesAFileThatIsNoKey(String text) throws IOException {
        keys().obtain("ada");
        Files.writeString(keys().file("ada"), text);

        assertThatThrownBy(() -> keys().obtain("ada")).isInstanceOf(CommandFailure.class)
                .hasMessageContaining(" is no key: ").hasMessageContaining("identity import");
        assertThat(keys().add("ada", SigningKey.generate())).isFalse();
    }

    @Test
    void putsAKeyInTheOthersPlaceOnlyWhereThatIsSaid() {
        SigningKey other = SigningKey.generate();
        SigningKey first = keys().obtain("ada");

        assertThat(keys().add("ada", other)).isFalse();
        assertThat(keys().obtain("ada").publicKey()).isEqualTo(first.publicKey());
        keys().replace("ada", other);
        assertThat(keys().obtain("ada").publicKey()).isEqualTo(other.publicKey());
    }

    private KeyFolder keys() {
        return new KeyFolder(Map.of("XDG_DATA_HOME", home.resolve("data").toString()));
    }
}
