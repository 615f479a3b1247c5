package org.charla.client.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.MessageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import org.charla.access.Connection;
import org.charla.client.chat.Notice;
import org.charla.client.chat.View;
import org.charla.client.text.Language;
import org.charla.protocol.RejectionCode;
import org.junit.jupiter.api.Test;

class PhrasesTest {

    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, new Locale("es"));

    @Test
    void saysTheSameInBothLanguages() {
        assertThat(keys(LANGUAGES.get(1))).isEqualTo(keys(LANGUAGES.get(0)));
        for (String key : keys(Locale.ENGLISH)) {
            if (!key.startsWith("rejection.")) {
                assertThat(arguments(LANGUAGES.get(1), key)).as(key).isEqualTo(arguments(LANGUAGES.get(0), key));
            }
        }
    }

    @Test
    void hasWordsForEverythingThatIsToldAndEveryRejection() {
        Set<String> keys = keys(Locale.ENGLISH);

        assertThat(keys).containsAll(names("notice.", Notice.values()))
                .containsAll(names("rejection.", RejectionCode.values()))
                .containsAll(names("rule.", View.Past.values()))
                .containsAll(names("state.", Connection.values()).stream()
                        .filter(key -> !key.endsWith(".UP")).toList());
    }

    @Test
    void speaksEnglishWhereTheLanguageIsAnother() {
        assertThat(new Phrases(Locale.FRENCH).get("goodbye")).isEqualTo("Bye.");
        assertThat(new Phrases(new Locale("es", "MX")).get("goodbye")).isEqualTo("Hasta luego.");
    }

    @Test
    void keepsTheReasonOfARejectionItDoesNotKnow() {
        assertThat(new Phrases(Locale.ENGLISH).rejection("NEW_CODE", "A reason.")).isEqualTo("A reason.");
        assertThat(new Phrases(new Locale("es")).rejection("EMPTY_TEXT", "A reason.")).isEqualTo("no hay texto");
    }

    private static Set<String> keys(Locale locale) {
        return new TreeSet<>(bundle(locale).keySet());
    }

    private static int arguments(Locale locale, String key) {
        return new MessageFormat(bundle(locale).getString(key), locale).getFormatsByArgumentIndex().length;
    }

    private static ResourceBundle bundle(Locale locale) {
        return Language.texts("org.charla.client.terminal.phrases", locale);
    }

    private static List<String> names(String prefix, Enum<?>... values) {
        return Arrays.stream(values).map(value -> prefix + value.name()).toList();
    }
}
