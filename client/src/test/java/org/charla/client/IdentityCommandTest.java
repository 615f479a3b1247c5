package org.charla.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.charla.client.identity.KeyFolder;
import org.charla.protocol.signature.UserKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code identity} does without a server. */
class IdentityCommandTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void createsAKeyOnce() {
        Result made = run("", "create");

        UserKey key = new KeyFolder(environment).find("ada").orElseThrow().publicKey();
        assertThat(made).isEqualTo(new Result(0, "user         ada\nfingerprint  " + key.fingerprint() + "\nkey          "
                + key + "\nfile         " + folder.resolve("charla/keys/ada.pem") + "\n", ""));
        assertThat(run("", "create").status()).isEqualTo(1);
        assertThat(run("", "create").err()).startsWith("charla: there is a key of ada already: ").hasLineCount(1);
        assertThat(run("", "create", "--user", "bob", "--json").out()).matches(
                "\\{\"userId\":\"bob\",\"fingerprint\":\"SHA256:\\S{43}\",\"key\":\"ed25519:\\S{43}\",\"file\":\".*/bob.pem\"}\n");
    }

    @Test
    void showsTheKeyAlsoWhereKafkaIsAway() throws IOException {
        Path config = Files.writeString(folder.resolve("config"), "kafka.default.api.timeout.ms=200\n");
        run("", "create");

        Result shown = run("", "show", "--bootstrap-servers", "localhost:1", "--config", config.toString());

        assertThat(shown.status()).isEqualTo(1);
        assertThat(shown.out()).contains("fingerprint  SHA256:").doesNotContain("claimed");
        assertThat(shown.err()).startsWith("charla: whether it is claimed is not known: Kafka at localhost:1 does not answer")
                .hasLineCount(1);
    }

    @Test
    void takesAKeyToAnotherMachine() {
        run("", "create");
        Result exported = run("", "export");

        assertThat(exported.out()).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("\n-----END PRIVATE KEY-----\n");
        assertThat(run(exported.out(), "import", "-", "--user", "elsewhere").status()).isZero();
        KeyFolder keys = new KeyFolder(environment);
        assertThat(keys.find("elsewhere").orElseThrow().publicKey()).isEqualTo(keys.find("ada").orElseThrow().publicKey());
        assertThat(run(exported.out(), "import", "-").status()).isZero();
    }

    @Test
    void takesAKeyToAnotherMachineUnderAPassphrase() throws IOException {
        run("", "create");
        Path file = folder.resolve("ada.pem");
        Path passphrase = Files.writeString(folder.resolve("passphrase"), "una contraseña\nbehind\n");
        environment.put("CHARLA_PASSPHRASE", "una contraseña");

        assertThat(run("", "export", file.toString())).isEqualTo(new Result(0, "", ""));
        assertThat(file).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(run("", "export", file.toString()).err()).contains(" is there already").hasLineCount(1);

        environment.remove("CHARLA_PASSPHRASE");
        assertThat(run("", "import", file.toString(), "--user", "bob").err()).isEqualTo("charla: there is no passphrase:"
                + " type one at a terminal, or give it by --passphrase-file or CHARLA_PASSPHRASE\n");
        environment.put("CHARLA_PASSPHRASE", "another");
        assertThat(run("", "import", file.toString(), "--user", "bob").err())
                .contains("the passphrase does not open it").hasLineCount(1);
        // What is said goes before the environment.
        assertThat(run("", "import", file.toString(), "--user", "bob", "--passphrase-file", passphrase.toString()).status())
                .isZero();
        KeyFolder keys = new KeyFolder(environment);
        assertThat(keys.find("bob").orElseThrow().publicKey()).isEqualTo(keys.find("ada").orElseThrow().publicKey());
    }

    @Test
    void asksForAPassphraseOnlyWhereSomebodyAnswers() {
        run("", "create");

        assertThat(run("secret\nsecret\n", "export", "--passphrase").err()).startsWith("charla: there is no passphrase: ")
                .hasLineCount(1);
    }

    @Test
    void replacesAKeyOnlyWhereThatIsSaid() {
        run("", "create", "--user", "bob");
        String other = run("", "export", "--user", "bob").out();
        run("", "create");
        UserKey before = new KeyFolder(environment).find("ada").orElseThrow().publicKey();

        Result refused = run(other, "import", "-");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("another key of ada already", "--replace").hasLineCount(1);
        assertThat(new KeyFolder(environment).find("ada").orElseThrow().publicKey()).isEqualTo(before);
        assertThat(run(other, "import", "-", "--replace").status()).isZero();
        assertThat(new KeyFolder(environment).find("ada").orElseThrow().publicKey()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "create", "export", "import /dev/null", "add-key ed25519:MVJP6q2rKFvyC17vwIwQpdNw7VwEKEYO6Ed8zgqjKIU",
        "revoke SHA256:x"})
    void isNobodysWhoCanBeNoUser(String command) {
        environment.put("CHARLA_USER", "a b");

        Result refused = run("", command.split(" "));

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).startsWith("charla: INVALID_USER_ID: ").endsWith("(--user, CHARLA_USER)\n").hasLineCount(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesWhatIsNoKey() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "nonsense");

        assertThat(run("", "import", file.toString()).err()).startsWith("charla: " + file + " can't be imported: it is no private key")
                .hasLineCount(1);
        assertThat(run("", "import", folder.resolve("missing").toString()).err()).contains("there is no file to read")
                .hasLineCount(1);
        assertThat(run("", "import", "/dev/zero").err()).contains("it is no private key").hasLineCount(1);
        assertThat(run("", "export").err()).contains("charla identity create makes one").hasLineCount(1);
    }

    private Result run(String input, String... arguments) {
        environment.putIfAbsent("CHARLA_USER", "ada");
        environment.put("CHARLA_LANG", "en");
        environment.put("XDG_DATA_HOME", folder.toString());
        String[] command = new String[arguments.length + 1];
        command[0] = "identity";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Result.of(environment, input, command);
    }
}
