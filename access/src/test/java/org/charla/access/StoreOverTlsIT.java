package org.charla.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.charla.testing.Mongod;
import org.charla.testing.Secrets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real MongoDB whose certificate nobody knows who isn't told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreOverTlsIT {

    private Secrets secrets;
    private Mongod mongod;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        secrets = Secrets.make(directory.resolve("secrets"));
        mongod = Mongod.start(directory.resolve("mongod"), "--tlsMode", "preferTLS",
                "--tlsCertificateKeyFile", secrets.file("mongodb/mongodb.pem").toString(),
                "--tlsCAFile", secrets.file("mongodb/ca.pem").toString(), "--tlsAllowConnectionsWithoutCertificates");
    }

    @AfterAll
    void stop() {
        if (mongod != null) {
            mongod.close();
        }
    }

    private Store store(String truststore) {
        return new Store(mongod.uri() + "/?tls=true", "--mongodb-uri", truststore);
    }

    @Test
    void readsWhereTheCertificateIsTrusted() {
        try (Store store = store(secrets.file("client/ca.pem").toString())) {
            assertThat(store.isEmpty("general")).isTrue();
        }
    }

    @Test
    void saysThatTheCertificateIsNotTrusted(@TempDir Path directory) throws Exception {
        for (String truststore : new String[] {"", Secrets.make(directory).file("client/ca.pem").toString()}) {
            try (Store store = store(truststore)) {
                assertThatThrownBy(() -> store.isEmpty("general")).isExactlyInstanceOf(AccessFailure.class)
                        .hasMessageContaining("shows a certificate that is not trusted here (mongodb.truststore)")
                        .message().hasLineCount(1);
            }
        }
    }

    @Test
    void saysThatThereAreNoCertificatesInTheFile(@TempDir Path directory) throws Exception {
        for (Path file : List.of(Path.of("/nowhere/ca.pem"), Files.writeString(directory.resolve("empty"), ""),
                Files.writeString(directory.resolve("words"), "no certificate"))) {
            assertThatThrownBy(() -> store(file.toString())).isInstanceOf(AccessFailure.class)
                    .hasMessage("there are no PEM certificates in a file " + file + " (mongodb.truststore)");
        }
    }
}
