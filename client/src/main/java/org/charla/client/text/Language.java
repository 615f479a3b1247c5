package org.charla.client.text;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The language in which a person is spoken to: Spanish or English. */
public final class Language {

    private static final String VARIABLE = "CHARLA_LANG";
    /** {@code es_AR.UTF-8@modifier}; not {@code C} and {@code POSIX}. */
    private static final Pattern LOCALE = Pattern.compile("([a-z]{2,3})(?:_([A-Z]{2}))?(?:[.@].*)?");
    private static final Set<String> KNOWN = Set.of("en", "es");

    private Language() {
    }

    /** Whether the interface speaks a language, by its ISO 639 code. */
    public static boolean isKnown(String code) {
        return KNOWN.contains(code);
    }

    /**
     * The language that was asked for, otherwise that of CHARLA_LANG, otherwise that of the system, and English for any
     * other; with the country by which dates are written: that of CHARLA_LANG, where it names one, or the system's.
     *
     * @param option the code that was given on the command line, or null
     */
    public static Locale of(String option, Map<String, String> environment) {
        return of(option, environment, system(environment));
    }

    /** As the environment says, as POSIX has it: Java knows only locales that are installed. */
    static Locale system(Map<String, String> environment) {
        return Stream.of("LC_ALL", "LC_MESSAGES", "LANG")
                .map(variable -> environment.getOrDefault(variable, ""))
                .filter(locale -> !locale.isEmpty()).findFirst()
                .flatMap(Language::locale)
                .orElseGet(() -> Locale.getDefault(Locale.Category.DISPLAY));
    }

    static Locale of(String option, Map<String, String> environment, Locale system) {
        String variable = environment.getOrDefault(VARIABLE, "");
        Locale given = locale(variable).orElse(Locale.ROOT);
        String wanted = option != null ? option : variable.isEmpty() ? system.getLanguage() : code(variable);
        return new Locale.Builder().setLanguage(isKnown(wanted) ? wanted : "en")
                .setRegion(given.getCountry().isEmpty() ? system.getCountry() : given.getCountry()).build();
    }

    private static Optional<Locale> locale(String name) {
        return Optional.of(LOCALE.matcher(name)).filter(Matcher::matches).map(locale ->
                new Locale.Builder().setLanguage(locale.group(1)).setRegion(locale.group(2)).build());
    }

    /** Of {@code es_AR.UTF-8}, too. */
    private static String code(String locale) {
        return locale.split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
    }

    /** The texts of a bundle: in English, where the language has none, whatever the system speaks. */
    public static ResourceBundle texts(String bundle, Locale language) {
        return ResourceBundle.getBundle(bundle, language,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }
}
