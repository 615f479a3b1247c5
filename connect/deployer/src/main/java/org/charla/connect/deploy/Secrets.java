package org.charla.connect.deploy;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of what is shown. References to a worker's config providers, <code>${env:NAME}</code>, are no
 * secrets.
 *
 * @param passwords settings that their plugin declares to be passwords
 */
record Secrets(Set<String> passwords) {

    private static final String MASK = "***";

    /** What config providers replace (Kafka's ConfigTransformer). */
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}:]+:[^}]*}");

    private static final String WORDS = "password|passwd|passphrase|pwd|secret|token|credential|jaas|user[._-]?info"
            + "|authorization|cookie"
            + "|(?:api|access|account|auth|encryption|private|shared|ssl|store)[._-]?key(?!s|store)";

    private static final Pattern SECRET_NAME =
            Pattern.compile("(?i:" + WORDS + ")|(?i:(?:^|[._-])key$)|[a-z0-9]Key$");

    /** Up to the last @ of a word: a password that was not encoded may hold one. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^\\s\"'<>]*(?=@)");

    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?i)((?:" + WORDS + ")[\\w.-]*[\"']?\\s*[=:]\\s*)(\"[^\"]*\"|'[^']*'|[^\\s,;&\"'})\\]]+)");

    private static final Pattern INVALID_VALUE =
            Pattern.compile("Invalid value (.*) for configuration ", Pattern.DOTALL);

    /** Whether a setting is a secret, by what its plugin or its name says. */
    boolean isSecret(String setting) {
        return passwords.contains(setting) || SECRET_NAME.matcher(setting).find();
    }

    /** The value of a setting as it may be shown. */
    String show(String setting, String value) {
        if (value == null) {
            return null;
        }
        return isSecret(setting) ? maskLiterals(value) : inText(value);
    }

    /**
     * A worker's complaint about a setting as it may be shown; workers quote values with their references resolved.
     *
     * @param value    as it was given
     * @param resolved as the worker understood it
     */
    String showError(String setting, String value, String resolved, String error) {
        String shown = error;
        if (isSecret(setting) || value != null && REFERENCE.matcher(value).find()) {
            Matcher quoted = INVALID_VALUE.matcher(shown);
            if (quoted.find() && !quoted.group(1).equals("null")) {
                shown = without(quoted.group(1), shown);
            }
            shown = without(resolved, without(value, shown));
        }
        return inText(shown);
    }

    /** What a worker says, of which setting is not known: a value that it refuses may be a secret. */
    static String inMessage(String message) {
        return inText(message.replaceAll("(?s)Invalid value .*? for configuration ", "Invalid value " + MASK
                + " for configuration "));
    }

    private static String without(String secret, String text) {
        return secret == null || secret.isBlank() || secret.equals("[hidden]") ? text : text.replace(secret, MASK);
    }

    /** Text with the credentials in URIs and what is assigned to secret names masked. */
    static String inText(String text) {
        String masked = USER_INFO.matcher(text).replaceAll(found -> Matcher.quoteReplacement(
                found.group().isEmpty() ? "" : maskLiterals(found.group())));
        return ASSIGNMENT.matcher(masked).replaceAll(found -> Matcher.quoteReplacement(
                found.group(1) + maskLiterals(found.group(2))));
    }

    /** All but the references. */
    private static String maskLiterals(String value) {
        StringBuilder shown = new StringBuilder();
        int end = 0;
        for (Matcher reference = REFERENCE.matcher(value); reference.find(); end = reference.end()) {
            shown.append(reference.start() > end ? MASK : "").append(reference.group());
        }
        return shown.append(end < value.length() || value.isEmpty() ? MASK : "").toString();
    }
}
