package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    private final Secrets secrets = new Secrets(Set.of("opener"));

    @ParameterizedTest
    @ValueSource(strings = {"opener", "connection.password", "ssl.keystore.password", "connection.ssl.keystorePassword",
        "aws.secret.access.key", "apiKey", "oauth.token", "sasl.jaas.config", "consumer.override.sasl.jaas.config",
        "basic.auth.user.info", "ssl.keystore.key", "x.key", "key", "pass", "db_pass", "userpass", "userPass", "pass1",
        "DB_PASSWD", "client_secret", "http.basic.auth", "basicAuth", "proxy.auth", "sig", "x.sig", "x-amz-signature",
        "X-Api-Key", "APIKey", "api_keys", "AccountKey", "SharedAccessKey", "AWS_SECRET_ACCESS_KEY", "id_token",
        "Authorization", "Set-Cookie", "JSESSIONID", "private.key", "passphrase", "db.pw", "mysql_pw", "keystorePw",
        "psw", "pswd", "creds", "awsCreds", "jwt", "x.bearer", "hmac", "webhook.hmac", "otp", "contraseña", "contrasena",
        "db.contraseña", "clave", "db.clave", "DB_CLAVE", "sas", "azure.sas", "passwort", "motDePasse", "senha"})
    void masksWhatIsSecretByDefinitionOrName(String setting) {
        assertThat(secrets.show(setting, "hunter2")).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.converter", "transforms.key.type", "transforms.key.field", "key.projection.list",
        "document.id.strategy", "topics", "connection.ssl.keystore", "transforms", "passthrough", "pass.through.fields",
        "bypass", "compass", "ssl.client.auth", "ssl.keystore.location", "ssl.keymanager.algorithm", "author",
        "http.auth.type", "sasl.oauthbearer.token.endpoint.url", "basic.auth.credentials.source", "tokenizer",
        "signal.data.collection", "pw.length", "jwt.issuer", "hmac.algorithm", "bearer.auth.issuer", "signatures.required", "session.timeout.ms", "design", "passive", "primary.keys",
        "clave.primaria", "sasl.mechanism", "code", "auth", "conclave"})
    void showsWhatIsNot(String setting) {
        assertThat(secrets.show(setting, "value")).isEqualTo("value");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "opener | ${env:PASSWORD} | ${env:PASSWORD}",
        "opener | ${file:/run/x:key} | ${file:/run/x:key}",
        "opener | mongodb://u:${env:P}@h | ***${env:P}***",
        "opener | ${hunter2} | ***",
        "uri | mongodb://alice:hunter2@h1,h2/db | mongodb://***@h1,h2/db",
        "uri | mongodb://alice:hun@ter/2@h/db | mongodb://***@h/db",
        "uri | mongodb://alice:${env:P}@h/db | mongodb://***${env:P}@h/db",
        "uri | http://h/?password=hunter2&x=1 | http://h/?password=***&x=1",
        "uri | http://h/a | http://h/a",
        "text | x required password=\"hunter 2\" token: 'abc d'; | x required password=*** token: ***;",
    })
    void showsReferencesAndMasksTheRest(String setting, String value, String shown) {
        assertThat(secrets.show(setting, value)).isEqualTo(shown);
    }

    /** What holds it, with the secret as hunter2, and behind the last bar what must still be there. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Authorization: Bearer hunter2 | Authorization",
        "GET /x HTTP/1.1\nAuthorization: Basic hunter2\nHost: h | Host: h",
        "{\"Authorization\":\"Bearer hunter2\",\"Host\":\"h\"} | \"Host\":\"h\"",
        "{Authorization=[Bearer hunter2, x hunter2], Host=[h]} | Host=[h]",
        "curl -H 'X-Api-Key: hunter2' --password hunter2 -u x http://h | http://h",
        "db.pw=hunter2 jwt: hunter2 | db.pw",
        "Set-Cookie: a=hunter2; b=hunter2; Path=/ | Set-Cookie",
        "https://h/b?sv=1&sig=hunter2%2Bx&se=2 | &se=2",
        "https://h/b?X-Amz-Credential=hunter2&X-Amz-Signature=hunter2&y=1 | &y=1",
        "mongodb://u:hunter2@h1:1,h2:2/?authMechanismProperties=AWS_SESSION_TOKEN:hunter2&x=1 | @h1:1,h2:2/",
        "mongodb://u:hun'hunter2@h | @h",
        "jdbc:oracle:thin:scott/hunter2@host:1521 | @host:1521",
        "jdbc:mysql://h/db?user=a&password=hunter2&x=1 | user=a",
        "{\"a\":\"{\\\"password\\\":\\\"hun\\\\\\\"hunter2\\\",\\\"x\\\":1}\"} | x",
        "x=mongodb%3A%2F%2Fu%3Ahunter2%40h&y | @h&y",
        "q=password%3Dhunter2%26x%3D1 | x=1",
        "q=password%253Dhunter2%2526x%253D1 | x=1",
        "client_secret\\u003dhunter2\\u0026x\\u003d1 | x=1",
        "M required username=\"a\" password=\"a\\\"hunter2\" x=\"y\"; | x=\"y\"",
        "pass=hunter2 user=x | user=x",
        "{password=hunter2, user=x} | user=x",
        "password=hun,hunter2 x=1 | x=1",
        "password: [hunter2, [hunter2], hunter2] x | x",
        "<password>hunter2</password><x>1</x> | <x>1</x>",
        "password => hunter2 | password",
        "headers['password'] = \"hunter2\" | headers",
        "password='hunter2 | password",
        "password=\"hun\nhunter2\" x | x",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY----- x | x",
        "k=-----BEGIN PRIVATE KEY-----\\nhunter2 | k=",
        "said Bearer hunter2 x | x",
        "AccountName=a;AccountKey=hunter2==;X=y | X=y",
        "{Ocp-Apim-Subscription-Key=hunter2, x-functions-key=hunter2, X=y} | X=y",
        "tls.key=hunter2 ssh_key=hunter2 masterKey=hunter2 license.key=hunter2 x=1 | x=1",
        "proxy=//u:hunter2@h:3128 | @h:3128",
        "contraseña=hunter2 x=1 | x=1",
        "clave: hunter2, x: 1 | x: 1",
        "https://h/b?key=hunter2&x=1 | &x=1",
        "https://h/b?x=1&token=hunter2#f | x=1",
        "https://h/api/f?x=1&amp;code=hunter2&amp;y=1 | y=1",
        "https://hooks.slack.com/services/T0/B0/hunter2 x | hooks.slack.com",
        "curl -u alice:hunter2 http://h | http://h",
        "curl -ualice:hunter2 http://h | alice",
        "curl --user 'alice:very hunter2' http://h | http://h",
        "curl --proxy-user=alice:hunter2 -E cert.pem:hunter2 http://h | http://h",
        "mysqldump -h h -u root -phunter2 db | db",
        "sshpass -p 'very hunter2' ssh h | ssh h",
        "docker login -u x -p hunter2 h | h",
        "alice:hunter2@tcp(h:3306)/db | @tcp(h:3306)/db",
        "proxy=alice:hunter2@h:3128 | @h:3128",
        "CREATE USER x IDENTIFIED BY 'hunter2' y | y",
        "ALTER USER x WITH password 'hunter2' y | y",
        "machine h login x password hunter2 y | machine h",
        "PlainLoginModule required user_alice=\"hunter2\" x=\"y\"; | x=\"y\"",
        "[{\"name\":\"db.password\",\"value\":\"hunter2\"},{\"x\":1}] | x",
        "{\"a\":\"{\\\"key\\\":\\\"X-Api-Key\\\",\\\"value\\\":\\\"hunter2\\\",\\\"x\\\":1}\"} | x",
        "- name: DB_PASSWORD\n  value: hunter2\n- name: x | - name: x",
        "<property name=\"password\" value=\"hunter2\"/><x/> | <x/>",
        "<name>db.password</name>\n<value>hunter2</value><x/> | <x/>",
        "<entry key=\"password\">hunter2</entry><x/> | <x/>",
        "<password><![CDATA[hunter2]]></password><x/> | <x/>",
        "password: |\n  very\n  hunter2\nx: 1 | x: 1",
        "a:\n  password: >-\n    very hunter2\n\n  x: 1 | x: 1",
        "password: |\r\n  very\r\n\r\n  hunter2\r\nx: 1 | x: 1",
        "password=<(!hunter2 x | x",
        "{&quot;password&quot; : &quot;very hunter2&quot;, &quot;x&quot;:1} | x",
        "{\\u0022password\\u0022: \\u0022very hunter2\\u0022, x} | x",
        "{&quot;password&quot;:&quot;hunter2&quot;,&quot;x&quot;:1} | x",
        "a eyJhbGciOiJI.eyJzdWIi.hunter2 b | b",
    })
    void masksWhatLooksLikeASecretInAnyText(String textAndKept) {
        String text = textAndKept.substring(0, textAndKept.lastIndexOf(" | "));
        String kept = textAndKept.substring(textAndKept.lastIndexOf(" | ") + 3);
        assertThat(Secrets.inMessage(text)).doesNotContain("hunter2").contains("***", kept);
        assertThat(secrets.show("text", text)).doesNotContain("hunter2").contains("***", kept);
        assertThat(RootCause.of("x.Y: no\nCaused by: " + text)).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AKIAABCDEFGHIJKLMNOP", "ghp_0123456789abcdefghij", "Basic dXNlcjpodW50ZXIy", "{\"auth\":\"dXNlcjpodW50ZXIy\"}",
        "Bearer abcdefgh", "sk_live_0123456789abcdefghij", "rk_test_0123456789abcdefghij",
        "whsec_0123456789abcdefghij", "npm_0123456789abcdefghij", "hf_0123456789abcdefghij",
        "shpat_0123456789abcdefghij", "dop_v1_0123456789abcdefghij", "pypi-0123456789abcdefghij",
        "ya29.a0123456789abcdefghij", "glrt-0123456789abcdefghij", "SG.0123456789abcdefgh.0123456789abcdefgh"})
    void masksWhatIsKnownByItsForm(String secret) {
        assertThat(Secrets.inMessage("says " + secret + " and more")).doesNotContain(secret).endsWith(" and more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized: [x]",
        "E11000 duplicate key error index: _id_ dup key: { _id: \"alice\" }", "Basic authentication failed",
        "OAuthBearerLoginModule required x=y", "key.converter: org.X, document.id.strategy=org.Y", "http://h/a?b=c",
        "no Bearer token given", "50%25 of it", "at org.x.Secret.token(Secret.java:7)", "mongodb://h1,h2/db?w=1",
        "npm_config_registry_is_unset global-configuration-of-it primary.key=id monkey=1 file:///a/b//c",
        "name=x, value=y key: a, value: b code=404 key=7 <name>x</name><value>y</value> {&quot;x&quot;:&quot;y&quot;}",
        "mkdir -p /a/b; run -p 8080:80 --user alice", "at 12:30:15 topic:chat.raw-3@3 mailto:a@example.org",
        "1@a:9093,2@b:9093", "user_id=\"7\"", "the password 5 was x, x required password"})
    void leavesWhatIsHarmless(String text) {
        assertThat(Secrets.inMessage(text)).isEqualTo(text);
    }

    @Test
    void showsEverySettingOfTheConnectorsThatAreShipped() {
        for (ConnectorFile file : ConnectorFile.readAll(List.of(Path.of("../../config/connectors")))) {
            file.config().forEach((setting, value) -> assertThat(secrets.show(setting, value)).isEqualTo(value));
        }
    }

    /** Each is what one of the patterns may begin at, again and again; in squares each would take minutes. */
    @ParameterizedTest
    @ValueSource(strings = {"password", "password=", "password='", "password=\"", "password=\\\"", "password=[", "://",
        "a://b@", "${", "${a:", "}", "Invalid value ", "%25", "%41 ", "-----BEGIN PRIVATE KEY", "Bearer ", "Basic ",
        "eyJaaaaaaa", "--pass ", "a>", " ", "\\", "password=,a", "Authorization: \n", "aA", "\n", "@", "x=,",
        "name=a", "name=\"a\"", "key:a value", "mysql ", "login -p", "-u a:", "a:b@", "user_a=\"", "password ", "&quot;",
        "login a password", "identified ", "password: |\n ", "?key=", "\n ", ">", "<", "auth:\"", "hooks.slack.com/"})
    void takesATimeInProportionToTheText(String part) {
        String text = part.repeat((1 << 18) / part.length()) + " for configuration }";
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            RootCause.of(text);
            secrets.show("text", text);
            secrets.show("opener", text);
            secrets.showError("opener", "${env:A}", text, text);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "opener | hunter2  | hunter2 | is like hunter2 | *** | is like ***",
        "opener | ${env:P} | hunter2 | is like hunter2 | *** | is like ***",
        "size   | ${env:P} | hunter2 | Not a number    | *** | Not a number",
        "size   | 11       | 11      | too large       | 11  | too large",
    })
    void masksWhatWorkersQuote(String setting, String value, String quoted, String reason, String shown, String why) {
        assertThat(secrets.showError(setting, value, "[hidden]",
                "Invalid value " + quoted + " for configuration " + setting + ": " + reason))
                .isEqualTo("Invalid value " + shown + " for configuration " + setting + ": " + why);
    }
}
