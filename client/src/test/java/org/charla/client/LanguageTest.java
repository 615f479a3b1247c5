package org.charla.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {

    @ParameterizedTest
    @CsvSource({
        "es, en, en-GB, es-GB",
        "en, es, es-AR, en-AR",
        "  , es, en-US, es-US",
        "  , es_MX.UTF-8, en-US, es-US",
        "  , fr, es-ES, en-ES",
        "  , '', es-AR, es-AR",
        "  , '', en-AU, en-AU",
        "  , '', de-CH, en-CH",
        "  , '', es, es"})
    void prefersTheOptionToTheEnvironmentToTheSystemAndKeepsItsCountry(
            String option, String variable, String system, String expected) {
        assertThat(Language.of(option, Map.of("CHARLA_LANG", variable), Locale.forLanguageTag(system)))
                .isEqualTo(Locale.forLanguageTag(expected));
    }

    @Test
    void readsEnglishWhateverTheSystemSpeaks() {
        Locale system = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("es-ES"));
        try {
            assertThat(Language.texts("org.charla.client.help", Locale.ENGLISH).getString("error.noCommand"))
                    .isEqualTo("missing: a command");
        } finally {
            Locale.setDefault(system);
        }
    }
}
