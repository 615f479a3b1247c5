package org.charla.client.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemKeyTest {

    private static final String PASSPHRASE = "contraseña larga 日本";

    @TempDir
    private Path folder;

    private final SigningKey key = SigningKey.generate();

    @Test
    void isReadAsItWasWritten() throws Exception {
        assertThat(PemKey.read(PemKey.write(key)).publicKey()).isEqualTo(key.publicKey());
        String locked = PemKey.write(key, PASSPHRASE.toCharArray());
        assertThat(PemKey.isLocked(locked)).isTrue();
        assertThat(PemKey.isLocked(PemKey.write(key))).isFalse();
        assertThat(PemKey.read(locked, PASSPHRASE.toCharArray()).publicKey()).isEqualTo(key.publicKey());
        assertThatThrownBy(() -> PemKey.read(locked, "another".toCharArray()))
                .isInstanceOf(PemKey.UnfitException.class).hasMessageContaining("the passphrase does not open it");
        assertThatThrownBy(() -> PemKey.read(locked))
                .isInstanceOf(PemKey.UnfitException.class).hasMessage("it is under a passphrase");
    }

    @Test
    void isReadByOpenssl() throws Exception {
        Files.writeString(folder.resolve("open.pem"), PemKey.write(key));
        Files.writeString(folder.resolve("locked.pem"), PemKey.write(key, PASSPHRASE.toCharArray()));

        assertThat(publicKey("openssl", "pkey", "-in", "open.pem", "-pubout", "-outform", "DER")).isEqualTo(key.publicKey());
        assertThat(publicKey("openssl", "pkey", "-in", "locked.pem", "-passin", "pass:" + PASSPHRASE, "-pubout",
                "-outform", "DER")).isEqualTo(key.publicKey());
    }

    @ParameterizedTest
    @CsvSource({"aes-256-cbc, hmacWithSHA256", "aes-128-cbc, hmacWithSHA256", "aes-192-cbc, hmacWithSHA512",
        "aes-256-cbc, hmacWithSHA1"})
    void readsWhatOpensslLocks(String cipher, String prf) throws Exception {
        Files.writeString(folder.resolve("open.pem"), PemKey.write(key));

        String locked = new String(run("openssl", "pkcs8", "-topk8", "-in", "open.pem", "-v2", cipher, "-v2prf", prf,
                "-passout", "pass:" + PASSPHRASE), US_ASCII);

        assertThat(PemKey.read(locked, PASSPHRASE.toCharArray()).publicKey()).isEqualTo(key.publicKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-scrypt", "-v1 PBE-SHA1-3DES", "-v2 des3"})
    void saysWhyItDoesNotOpenAnotherLock(String how) throws Exception {
        Files.writeString(folder.resolve("open.pem"), PemKey.write(key));
        List<String> command = Stream.concat(Stream.of("openssl", "pkcs8", "-topk8", "-in", "open.pem", "-passout",
                "pass:x"), Stream.of(how.split(" "))).toList();

        String locked = new String(run(command.toArray(String[]::new)), US_ASCII);

        assertThatThrownBy(() -> PemKey.read(locked, "x".toCharArray())).isInstanceOf(PemKey.UnfitException.class)
                .hasMessageStartingWith("its encryption ").hasMessageEndingWith(": openssl pkey can make another of it");
    }

    @Test
    void opensNoLockThatWouldTakeForEver() throws Exception {
        Files.writeString(folder.resolve("open.pem"), PemKey.write(key));
        byte[] der = run("openssl", "pkcs8", "-topk8", "-in", "open.pem", "-v2", "aes256", "-iter", "65537",
                "-passout", "pass:x", "-outform", "DER");
        String more = HexFormat.of().formatHex(der).replace("0203010001", "02037fffff");

        String pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(more)) + "\n-----END ENCRYPTED PRIVATE KEY-----\n";

        assertThatThrownBy(() -> PemKey.read(pem, "x".toCharArray())).isInstanceOf(PemKey.UnfitException.class)
                .hasMessageContaining("takes more than");
    }

    @Test
    void readsAKeyOfOpensslAndNothingElse() throws Exception {
        assertThat(PemKey.read(new String(run("openssl", "genpkey", "-algorithm", "ed25519"), US_ASCII))).isNotNull();
        for (String other : List.of("x25519", "ed448", "RSA")) {
            String pem = new String(run("openssl", "genpkey", "-algorithm", other), US_ASCII);
            assertThatThrownBy(() -> PemKey.read(pem)).isInstanceOf(PemKey.UnfitException.class)
                    .hasMessage("it is no Ed25519 key in PKCS#8");
        }
        for (String nonsense : List.of("", "-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "x".repeat(PemKey.LONGEST + 1))) {
            assertThatThrownBy(() -> PemKey.read(nonsense)).isInstanceOf(PemKey.UnfitException.class);
            assertThatThrownBy(() -> PemKey.read(nonsense, "x".toCharArray())).isInstanceOf(PemKey.UnfitException.class);
        }
    }

    private UserKey publicKey(String... command) throws IOException, InterruptedException {
        byte[] x509 = run(command);
        assertThat(HexFormat.of().formatHex(x509)).startsWith("302a300506032b6570032100");
        byte[] bytes = new byte[UserKey.BYTES];
        System.arraycopy(x509, x509.length - bytes.length, bytes, 0, bytes.length);
        return UserKey.of(bytes).orElseThrow();
    }

    private byte[] run(String... command) throws IOException, InterruptedException {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, command[0]))), command[0] + " is not installed");
        File errors = folder.resolve("errors").toFile();
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors).start();
        process.getOutputStream().close();
        byte[] printed = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).as(() -> String.join(" ", command) + errors).isZero();
        return printed;
    }
}
