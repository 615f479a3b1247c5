package org.charla.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageTest {

    @ParameterizedTest
    @CsvSource({
        "es, en, en-GB, es-GB",
        "en, es, es-AR, en-AR",
        "  , es, en-US, es-US",
        "  , es_MX.UTF-8, en-US, es-MX",
        "  , fr, es-ES, en-ES",
        "  , C, es-ES, en-ES",
        "  , '', es-AR, es-AR",
        "  , '', en-AU, en-AU",
        "  , '', de-CH, en-CH",
        "  , '', es, es"})
    void prefersTheOptionToTheEnvironmentToTheSystemAndKeepsItsCountry(
            String option, String variable, String system, String expected) {
        assertThat(Language.of(option, Map.of("CHARLA_LANG", variable), Locale.forLanguageTag(system)))
                .isEqualTo(Locale.forLanguageTag(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "es_AR.UTF-8, en_US, fr_FR, es-AR",
        "'', es, fr_FR, es",
        "'', '', es_ES@euro, es-ES"})
    void takesTheLocaleFromTheEnvironmentAlsoWhereItIsNotInstalled(
            String all, String messages, String lang, String expected) {
        assertThat(Language.system(Map.of("LC_ALL", all, "LC_MESSAGES", messages, "LANG", lang)))
                .isEqualTo(Locale.forLanguageTag(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8", "POSIX", "", "nonsense"})
    void takesJavasLocaleWhereTheEnvironmentNamesNone(String locale) {
        assertThat(Language.system(Map.of("LANG", locale))).isEqualTo(Locale.getDefault(Locale.Category.DISPLAY));
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
