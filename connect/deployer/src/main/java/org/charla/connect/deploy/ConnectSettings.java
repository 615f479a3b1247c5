package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How to reach a worker, and the Kafka behind it.
 *
 * @param url           of the REST API, without credentials and without a slash at the end
 * @param authorization the header that proves who asks, if the worker wants to know
 * @param tls           trust and identity, where the system's own are not what is wanted
 * @param kafka         client settings with {@code bootstrap.servers}, to ask for the lag of connectors
 */
public record ConnectSettings(
        URI url, Optional<String> authorization, Optional<SSLContext> tls, Map<String, String> kafka) {

    private static final List<String> KEYS = List.of("username", "password", "truststore", "truststore.password",
            "keystore", "keystore.password");

    /**
     * Puts the settings together.
     *
     * @param url         {@code http[s]://[USER:PASSWORD@]HOST:PORT}; these credentials go before the others
     * @param file        settings from a configuration file, without their prefix {@code connect.}: username, password,
     *                    truststore (PEM certificates, PKCS12 or JKS), truststore.password, keystore,
     *                    keystore.password
     * @param environment where CHARLA_CONNECT_PASSWORD and the like go before the file
     * @param kafka       client settings with {@code bootstrap.servers}
     */
    public static ConnectSettings of(
            String url, Map<String, String> file, Map<String, String> environment, Map<String, String> kafka) {
        for (String key : file.keySet()) {
            if (!KEYS.contains(key)) {
                throw new DeployException("nobody knows the setting connect." + key + ": there are connect.url,"
                        + " connect." + String.join(", connect.", KEYS));
            }
        }
        Map<String, String> values = new TreeMap<>(file);
        for (String key : KEYS) {
            String value = environment.getOrDefault(
                    "CHARLA_CONNECT_" + key.toUpperCase(Locale.ROOT).replace('.', '_'), "");
            if (!value.isEmpty()) {
                values.put(key, value);
            }
        }
        URI given = parse(url);
        return new ConnectSettings(withoutCredentials(given), authorization(given, values), tls(values),
                Map.copyOf(kafka));
    }

    private static URI parse(String url) {
        URI uri;
        try {
            uri = new URI(url.strip());
        } catch (URISyntaxException e) {
            uri = URI.create("");
        }
        // A fragment or a query has no meaning here; more often a # or ? of a password was not percent-encoded.
        if (uri.getHost() == null || uri.getPort() > 65535 || uri.getRawQuery() != null || uri.getRawFragment() != null
                || !"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
            throw new DeployException(ExitStatus.WRONG_USAGE, "the worker's URL must be http://HOST:PORT or"
                    + " https://HOST:PORT, with or without USER:PASSWORD@ before the host, percent-encoded"
                    + " (--connect-url, CHARLA_CONNECT_URL)");
        }
        return uri;
    }

    private static URI withoutCredentials(URI uri) {
        String path = uri.getRawPath().replaceAll("/+$", "");
        String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
        return URI.create(uri.getScheme().toLowerCase(Locale.ROOT) + "://" + host + path);
    }

    private static Optional<String> authorization(URI uri, Map<String, String> values) {
        String credentials = null;
        if (uri.getRawUserInfo() != null) {
            // A plus is a plus in this part of a URL.
            credentials = URLDecoder.decode(uri.getRawUserInfo().replace("+", "%2B"), UTF_8);
        } else if (values.containsKey("username")) {
            credentials = values.get("username") + ":" + values.getOrDefault("password", "");
        } else if (values.containsKey("password")) {
            throw new DeployException("connect.password is set, but connect.username is not");
        }
        return Optional.ofNullable(credentials)
                .map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    }

    private static Optional<SSLContext> tls(Map<String, String> values) {
        if (!values.containsKey("truststore") && !values.containsKey("keystore")) {
            return Optional.empty();
        }
        try {
            TrustManager[] trust = null;
            if (values.containsKey("truststore")) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store("truststore", values));
                trust = factory.getTrustManagers();
            }
            KeyManager[] keys = null;
            if (values.containsKey("keystore")) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store("keystore", values), password("keystore", values));
                keys = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new DeployException("connect.truststore or connect.keystore does not serve: " + e.getMessage());
        }
    }

    private static KeyStore store(String key, Map<String, String> values) {
        Path path = Path.of(values.get(key));
        try {
            byte[] content = Files.readAllBytes(path);
            if (key.equals("truststore") && new String(content, UTF_8).contains("-----BEGIN CERTIFICATE-----")) {
                return certificates(content);
            }
            return KeyStore.getInstance(path.toFile(), password(key, values));
        } catch (NoSuchFileException e) {
            throw new DeployException("there is no file " + path + " (connect." + key + ")");
        } catch (IOException | GeneralSecurityException e) {
            throw new DeployException(path + " can't be read as "
                    + (key.equals("truststore") ? "PEM certificates, " : "")
                    + "PKCS12 or JKS with connect." + key + ".password");
        }
    }

    private static KeyStore certificates(byte[] pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate certificate
                : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
            store.setCertificateEntry("certificate-" + number++, certificate);
        }
        return store;
    }

    private static char[] password(String key, Map<String, String> values) {
        String password = values.get(key + ".password");
        return password == null ? null : password.toCharArray();
    }

    /** Names the worker's address alone. */
    @Override
    public String toString() {
        return "worker at " + url;
    }
}
