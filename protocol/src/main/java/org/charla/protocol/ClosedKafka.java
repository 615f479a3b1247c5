package org.charla.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.kafka.clients.ClientDnsLookup;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;

/**
 * The way into a Kafka that asks who comes: three short settings for TLS with a password, and what a refusal means to a
 * person.
 */
public final class ClosedKafka {

    private static final String USERNAME = "username";
    private static final String PASSWORD = "password";
    private static final String TRUSTSTORE = "truststore";

    /** What is asked of a server that is there is answered sooner. */
    private static final int GLANCE_MS = 1_000;

    /** What a person may do where {@link #lacksTls}. */
    public static final String TLS_WANTED = "wants TLS (kafka.truststore, kafka.username)";

    private ClosedKafka() {
    }

    /**
     * Puts Kafka's own settings in the place of {@code username}, {@code password} and {@code truststore} (a file of PEM
     * certificates). Where a user is named, it is TLS and SCRAM-SHA-512; where only certificates are, TLS alone.
     *
     * @param given settings of Kafka's clients, which go before what these three come to
     * @throws ConfigException if they don't go together, or there is no such file; names no value that is secret
     */
    public static Map<String, String> settings(Map<String, String> given) {
        Map<String, String> settings = new HashMap<>(given);
        String username = settings.remove(USERNAME);
        String password = settings.remove(PASSWORD);
        String truststore = settings.remove(TRUSTSTORE);
        if ((username == null) != (password == null)) {
            throw new ConfigException("kafka." + (username == null ? PASSWORD : USERNAME) + " is set, but kafka."
                    + (username == null ? USERNAME : PASSWORD) + " is not");
        }
        if (username != null) {
            settings.putIfAbsent(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, SecurityProtocol.SASL_SSL.name);
            settings.putIfAbsent(SaslConfigs.SASL_MECHANISM, "SCRAM-SHA-512");
            settings.putIfAbsent(SaslConfigs.SASL_JAAS_CONFIG,
                    "org.apache.kafka.common.security.scram.ScramLoginModule required username=" + quoted(username)
                            + " password=" + quoted(password) + ";");
        }
        if (truststore != null) {
            requireCertificates(truststore);
            settings.putIfAbsent(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, SecurityProtocol.SSL.name);
            settings.putIfAbsent(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.putIfAbsent(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, truststore);
        }
        return settings;
    }

    /** As it has to stand in a JAAS configuration. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r") + '"';
    }

    private static void requireCertificates(String file) {
        String content;
        try {
            content = new String(Files.readAllBytes(Path.of(file)), US_ASCII);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("there is no file " + file + " that can be read (kafka.truststore)");
        }
        if (!content.contains("-----BEGIN CERTIFICATE-----")) {
            throw new ConfigException(file + " holds no PEM certificates (kafka.truststore)");
        }
    }

    /**
     * What keeps somebody out, the certificate, the password or a permission, and what to do; the rest of a sentence
     * that begins with the server. Empty where it is something else.
     */
    public static Optional<String> refusal(Throwable error) {
        // The certificate is judged before the password: what is said of it is the innermost.
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof SSLException) {
                return Optional.of(certificateRefusal(e));
            }
        }
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof AuthenticationException) {
                return Optional.of("refuses the user or the password (kafka.username, kafka.password): "
                        + e.getMessage());
            }
            if (e instanceof AuthorizationException) {
                return Optional.of("does not allow this user to do that, who lacks the permission: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Whether it may be for want of TLS that nobody answers: the settings don't ask for it, and the first of the servers
     * speaks it. Takes 1 s at most.
     *
     * @param protocol what the settings say of {@code security.protocol}, or null
     */
    public static boolean lacksTls(String servers, Object protocol) {
        if (protocol != null && !protocol.equals(SecurityProtocol.PLAINTEXT.name)) {
            return false;
        }
        try (Socket socket = new Socket()) {
            InetSocketAddress server = ClientUtils.parseAndValidateAddresses(
                    List.of(servers.split(",")[0].strip()), ClientDnsLookup.USE_ALL_DNS_IPS).get(0);
            // However slowly it answers.
            CompletableFuture.delayedExecutor(GLANCE_MS, TimeUnit.MILLISECONDS)
                    .execute(() -> Utils.closeQuietly(socket, "what was looked at"));
            socket.connect(server);
            ((SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault())
                    .createSocket(socket, server.getHostString(), server.getPort(), false)).startHandshake();
            return true;
        } catch (SSLException e) {
            // Whoever shows a certificate that isn't trusted speaks it; whoever hangs up does not.
            return e.getCause() instanceof GeneralSecurityException;
        } catch (IOException | KafkaException e) {
            return false;
        }
    }

    private static String certificateRefusal(Throwable tls) {
        Throwable cause = tls;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = String.valueOf(cause.getMessage());
        if (said.contains("unrecognized SSL message")) {
            return "does not speak TLS at that port (kafka.truststore, kafka.username)";
        }
        if (said.contains("Received fatal alert")) {
            return "does not take this side's certificate, or wants to see one (kafka.ssl.keystore.location): " + said;
        }
        if (cause instanceof CertificateExpiredException) {
            return "shows a certificate that has expired: " + said;
        }
        if (said.contains("No subject alternative") || said.contains("No name matching")) {
            return "shows a certificate for other names than this one: " + said;
        }
        return "shows a certificate that nobody vouches for who is trusted here (kafka.truststore): " + said;
    }
}
