package org.charla.connect.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    private final Secrets secrets = new Secrets(Set.of("opener"));

    @ParameterizedTest
    @ValueSource(strings = {"opener", "connection.password", "ssl.keystore.password", "connection.ssl.keystorePassword",
        "aws.secret.access.key", "apiKey", "oauth.token", "sasl.jaas.config", "consumer.override.sasl.jaas.config",
        "basic.auth.user.info", "ssl.keystore.key", "x.key", "key"})
    void masksWhatIsSecretByDefinitionOrName(String setting) {
        assertThat(secrets.show(setting, "hunter2")).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.converter", "transforms.key.type", "transforms.key.field", "key.projection.list",
        "document.id.strategy", "topics", "connection.ssl.keystore", "transforms"})
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
