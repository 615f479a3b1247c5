package org.charla.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosedKafkaTest {

    @TempDir
    private Path folder;

    @Test
    void isTlsAndScramWhereAUserIsNamedAndTlsAloneWhereOnlyCertificatesAre() throws Exception {
        Path file = Files.writeString(folder.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n");

        assertThat(ClosedKafka.settings(Map.of("username", "ada", "password", "secret", "linger.ms", "5")))
                .containsEntry("security.protocol", "SASL_SSL").containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("linger.ms", "5").containsKey("sasl.jaas.config").hasSize(4);
        assertThat(ClosedKafka.settings(Map.of("truststore", file.toString()))).isEqualTo(Map.of(
                "security.protocol", "SSL", "ssl.truststore.type", "PEM", "ssl.truststore.location", file.toString()));
        assertThat(ClosedKafka.settings(Map.of("linger.ms", "5"))).isEqualTo(Map.of("linger.ms", "5"));
    }

    @Test
    void leavesWhatIsGivenInKafkasOwnWords() {
        assertThat(ClosedKafka.settings(Map.of("username", "ada", "password", "secret",
                "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "SCRAM-SHA-256")))
                .containsEntry("security.protocol", "SASL_PLAINTEXT").containsEntry("sasl.mechanism", "SCRAM-SHA-256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"simple", "", "with spaces", "\"quoted\"", "back\\slash", "\\", "a\nb\r\tc", "ñandú €", "a;b='c'",
        "// no comment", "/* none */", "\\u0041\\101"})
    void handsOverUserAndPasswordAsTheyAre(String text) {
        String jaas = ClosedKafka.settings(Map.of("username", text, "password", text)).get("sasl.jaas.config");

        Map<String, ?> options = JaasContext.loadClientContext(Map.of("sasl.jaas.config", new Password(jaas)))
                .configurationEntries().get(0).getOptions();
        assertThat(options).isEqualTo(Map.of("username", text, "password", text));
    }

    @Test
    void saysWhichOfTheThreeIsWrongAndNoPassword() throws Exception {
        assertThatThrownBy(() -> ClosedKafka.settings(Map.of("password", "secret"))).isInstanceOf(ConfigException.class)
                .hasMessage("kafka.password is set, but kafka.username is not");
        assertThatThrownBy(() -> ClosedKafka.settings(Map.of("username", "ada"))).isInstanceOf(ConfigException.class)
                .hasMessage("kafka.username is set, but kafka.password is not");
        assertThatThrownBy(() -> ClosedKafka.settings(Map.of("truststore", folder + "/none")))
                .hasMessage("there is no file " + folder + "/none that can be read (kafka.truststore)");
        Path key = Files.write(folder.resolve("store.p12"), new byte[] {(byte) 0xff, 0, 1});
        assertThatThrownBy(() -> ClosedKafka.settings(Map.of("truststore", key.toString())))
                .hasMessage(key + " holds no PEM certificates (kafka.truststore)");
    }

    @Test
    void tellsTheCertificateFromThePasswordFromAPermission() {
        assertThat(refusal(new SslAuthenticationException("SSL handshake failed",
                new SSLHandshakeException("PKIX path building failed")))).contains("kafka.truststore");
        SSLHandshakeException expired = new SSLHandshakeException("PKIX path validation failed");
        expired.initCause(new CertificateExpiredException("NotAfter: yesterday"));
        assertThat(refusal(new SslAuthenticationException("SSL handshake failed", expired))).contains("has expired");
        assertThat(refusal(new SslAuthenticationException("SSL handshake failed",
                new SSLHandshakeException("No subject alternative DNS name matching kafka found.")))).contains("other names");
        assertThat(refusal(new SslAuthenticationException("SSL handshake failed",
                new SSLHandshakeException("Received fatal alert: certificate_required")))).contains("kafka.ssl.keystore");
        assertThat(refusal(new KafkaException("of a producer", new SaslAuthenticationException("invalid credentials"))))
                .isEqualTo("refuses the user or the password (kafka.username, kafka.password): invalid credentials");
        assertThat(refusal(new TopicAuthorizationException("chat.raw"))).contains("permission", "chat.raw");
        assertThat(ClosedKafka.refusal(new TimeoutException("no answer"))).isEmpty();
    }

    private static String refusal(Exception error) {
        return ClosedKafka.refusal(error).orElseThrow();
    }
}
