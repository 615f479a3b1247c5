package org.charla.connect.deploy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps secrets out of what is shown. References to a worker's config providers, <code>${env:NAME}</code>, are no
 * secrets. Every step takes a time in proportion to the text, whatever the text is: it comes from workers, and from
 * what answers in their place. So patterns start where a word starts, and take what they took without giving it back.
 *
 * @param passwords settings that their plugin declares to be passwords
 */
record Secrets(Set<String> passwords) {

    private static final String MASK = "***";

    /** A provider's name, as Kafka's ConfigTransformer takes one. */
    private static final Pattern PROVIDER = Pattern.compile("[\\w.-]++");

    /** In a name in small letters, its words parted by dots. */
    private static final Pattern SECRET_NAME = Pattern.compile("passw(?:or)?d|passphrase|passcode|passkey|pwd|secret"
            + "|token(?!i[sz])|credential|jaas|user\\.?info|authorization|cookie|session\\.?id$"
            + "|(?:api|access|account|auth|client|encryption|functions|license|master|private|shared|signing|ssh|ssl"
            + "|store|subscription|tls)\\.?key(?!\\.?store)"
            + "|(?<!by|com|over|sur|tres|under)pass(?![a-z]|\\.through)"
            + "|(?:basic|digest|http|proxy)\\.?auth$|contrase[nñ]a|kennwort|mot\\.?de\\.?passe|passwort|wachtwoord"
            + "|(?:^|\\.)(?:bearer|clave|creds|hmac|jwt|otp|psw|pswd|pw|sas|senha|sig|signature)$");

    /** Of a parameter in a query, by itself. */
    private static final Pattern SECRET_PARAMETER = Pattern.compile("(?:assertion|auth|code|key)");

    /** Of what is about a secret, and none: where it lies, how it is checked, what went wrong with it. */
    private static final Pattern ABOUT = Pattern.compile("\\.(?:algorithm|class|converter|enabled?|endpoint|error"
            + "|exception|file|java|length|location|ms|name|path|provider|size|source|strategy|type|uri|url)$");

    private static final Pattern KEY = Pattern.compile("(?:^|\\.)key$");

    /** What is a secret to the end of its line. */
    private static final Pattern HEADER = Pattern.compile("(?:authorization|cookie2?)$");

    private static final Pattern CAMEL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private static final Pattern WORD = Pattern.compile("(?<!\\S)\\S++");

    /** A word that may be, or hold, a URI; a password that was not encoded may hold an apostrophe. */
    private static final Pattern URI_WORD = Pattern.compile("(?<![^\\s\"<>])[^\\s\"<>]++");

    private static final Pattern SCHEME = Pattern.compile("//|jdbc:oracle:\\w++:");

    private static final String NAME = "[\\w\\p{L}.-]";
    private static final String QUOTES = "[\\\\\"']*+";

    /**
     * A name and what parts it from its value; also of a map, of JSON within a string, of XML, of a command line, of SQL,
     * of .netrc; and of a pair of which the first says the name and the second the value.
     */
    private static final Pattern ASSIGNMENT = Pattern.compile("(?<!" + NAME + ")(?:"
            + "(?i:name|key)" + QUOTES + "\\s*+[=:>]\\s*+" + QUOTES + "(?<first>" + NAME + "++)"
            + "(?:[\\\\\"'\\s,/<]*+(?:(?i:name|key)>\\s*+)?+[\\\\\"'<]*+(?i:value)" + QUOTES + "\\s*+[=:>]\\s*+"
            + "|[\\\\\"']++\\s*+>)"
            + "|(?<name>" + NAME + "++)(?:[\\\\\"'\\]]*+\\s*+(?:=>|->|:=|==|[=:])\\s*+"
            + "|>(?<=<" + NAME + "{1,99}>)"
            + "|(?<=password)\\s++(?=['\"])"
            + "|(?<=\\blogin\\s[^\\s]{1,99}\\spassword)\\s++)"
            + "|(?<option>--[\\w.-]++)\\s++(?!-))");

    /** What programs take as USER:PASSWORD, or as FILE:PASSWORD of a certificate: all behind the first colon. */
    private static final Pattern USER_OPTION = Pattern.compile("((?<!\\S)(?:(?:-[uUE]|--(?:proxy-)?(?:user|cert)[\\s=])\\s*+"
            + "[\"']?[^\\s:\"'=-][^\\s:\"'=]*+:))(?!//)(?:(?<=[\"'][^\"']{1,99})[^\"'\\n]++|[^\\s\"']++)");

    /** A password behind -p, of programs that take one there. */
    private static final Pattern PASSWORD_OPTION = Pattern.compile("(\\b(?:mysql|mariadb|mongo|sshpass|login)\\w*+"
            + "\\s(?:[^\\n;|]{0,200}?\\s)?-p\\s?)(?![\\s-])(?:\"[^\"\\n]*+|'[^'\\n]*+|\\S++)");

    /** Credentials without the scheme of a URI, by what follows them. */
    private static final Pattern USER_AT_HOST = Pattern.compile(
            "(?<![\\w.@/:+-])[\\w.+-]{1,64}:[^\\s@/\"']{1,256}+(?=@(?:(?:tcp|unix)\\(|[\\w.-]{1,255}:\\d))");

    private static final Pattern IDENTIFIED_BY =
            Pattern.compile("(?i)(\\bidentified\\s++(?:with\\s++\\S++\\s++)?+by\\s++['\"])[^'\"]++");

    /** A user and a password, of Kafka's PlainLoginModule. */
    private static final Pattern JAAS_USER = Pattern.compile("(\\buser_(?!id\\b|name\\b)[\\w.@-]++=\\\\*+\")[^\"]++");

    /** Addresses that are secrets by themselves. */
    private static final Pattern WEBHOOK = Pattern.compile("(hooks\\.slack\\.com/|discord(?:app)?\\.com/api/webhooks/"
            + "|api\\.telegram\\.org/(?:file/)?bot|\\.webhook\\.office\\.com/)[^\\s\"'<>]++");

    /** Behind a comma, a semicolon or an ampersand: that a value has ended. */
    private static final Pattern NEXT = Pattern.compile("$|[\\s\"'{\\[]|[\\w.-]{1,99}[\"']?[=:]");

    /** The beginning of a text of several lines in YAML. */
    private static final Pattern BLOCK = Pattern.compile("[|>][+-]?\\d?[+-]?[ \\t]*+\\r?\\n([ \\t]++)");

    private static final Pattern AUTH_SCHEME = Pattern.compile(
            "(?i)(?:apikey|basic|bearer|digest|negotiate|ntlm|oauth|sharedaccesssignature|sharedkey|token)$");

    private static final Pattern BEARER = Pattern.compile("(?i)(\\bbearer\\s++)"
            + "(?!(?:tokens?|auth|authentication|authorization|realm|scheme)\\b)[\\w.~+/=-]++");

    private static final Pattern BASIC = Pattern.compile(
            "(?i)(\\bbasic\\s++|\\bauth[\\\\\"']*+\\s*+[:=]\\s*+[\\\\\"']*+)([A-Za-z0-9+/_-]++=*+)");

    /** Tokens that are known by their form: JWT, and what clouds and code forges give out. */
    private static final Pattern TOKEN = Pattern.compile("(?<![\\w-])(?:eyJ[\\w-]{6,}+\\.[\\w.-]++"
            + "|(?:AKIA|ASIA)[A-Z0-9]{16}(?!\\w)|gh[oprsu]_\\w{16,}+|github_pat_\\w{16,}+"
            + "|gl(?:agent|cbt|dt|ft|pat|ptt|rt|soat)-[\\w-]{16,}+|pypi-[\\w-]{16,}+|xox[a-z]-[\\w-]{10,}+"
            + "|sk-[\\w-]{20,}+|(?:dop_v1|hf|npm|[rs]k_live|[rs]k_test|shpat|whsec)_[A-Za-z0-9]{16,}+|AIza[\\w-]{30,}+"
            + "|hv[bs]\\.[\\w-]{20,}+|ya29\\.[\\w-]{16,}+|SG\\.[\\w-]{16,}+\\.[\\w-]{16,}+)");

    private static final Pattern KEY_BEGIN = Pattern.compile("-----BEGIN [A-Z ]{0,40}PRIVATE KEY");
    private static final String KEY_END = "-----END ";

    private static final Pattern PERCENT = Pattern.compile("(?:%\\p{XDigit}{2})++");

    /** Of JSON and of HTML. */
    private static final Pattern SIGN =
            Pattern.compile("\\\\u\\p{XDigit}{4}|&(?:quot|apos|amp|#(?:34|39|61|x22|x27|x3d));");
    private static final int ENCODED_AT_MOST = 2;

    private static final String INVALID_VALUE = "Invalid value ";
    private static final String FOR_CONFIGURATION = " for configuration ";

    /** Whether a setting is a secret, by what its plugin or its name says. */
    boolean isSecret(String setting) {
        String words = words(setting);
        return passwords.contains(setting) || isSecretName(words) || KEY.matcher(words).find();
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
        if (isSecret(setting) || value != null && !isLiteral(value)) {
            int quote = shown.indexOf(INVALID_VALUE) + INVALID_VALUE.length();
            int end = shown.lastIndexOf(FOR_CONFIGURATION);
            if (quote >= INVALID_VALUE.length() && end >= quote && !shown.substring(quote, end).equals("null")) {
                shown = without(shown.substring(quote, end), shown);
            }
            shown = without(resolved, without(value, shown));
        }
        return inText(shown);
    }

    private static String without(String secret, String text) {
        return secret == null || secret.isBlank() || secret.equals("[hidden]") ? text : text.replace(secret, MASK);
    }

    /** What a worker says, of which setting is not known: a value that it refuses may be a secret. */
    static String inMessage(String message) {
        StringBuilder shown = new StringBuilder();
        int done = 0;
        for (int quote = message.indexOf(INVALID_VALUE); quote >= 0; quote = message.indexOf(INVALID_VALUE, done)) {
            int end = message.indexOf(FOR_CONFIGURATION, quote);
            if (end < 0) {
                break;
            }
            shown.append(message, done, quote).append(INVALID_VALUE).append(MASK);
            done = end;
        }
        return inText(shown.append(message, done, message.length()).toString());
    }

    /** A value of which nobody says what it is, by its name and what it holds. */
    static String inValue(String name, String value) {
        return isSecretName(words(name)) ? maskLiterals(value) : inText(value);
    }

    /**
     * Text with what looks like a secret masked: credentials in URIs, what is assigned to secret names, headers that
     * prove who asks, private keys and tokens, also where they are encoded.
     */
    static String inText(String text) {
        return inText(text, ENCODED_AT_MOST);
    }

    private static String inText(String text, int encoded) {
        String masked = inPlainText(text);
        if (encoded == 0) {
            return masked;
        }
        // No blank is percent-encoded as itself, but what is a name and what its value may have one between them.
        return replace(WORD, inEncoded(SIGN, masked, encoded), word -> inEncoded(PERCENT, word.group(), encoded));
    }

    private static String inEncoded(Pattern escapes, String text, int encoded) {
        if (!escapes.matcher(text).find()) {
            return text;
        }
        String decoded = replace(escapes, text, Secrets::decode);
        String shown = inText(decoded, encoded - 1);
        return shown.equals(decoded) ? text : shown;
    }

    private static String inPlainText(String text) {
        String masked = replace(URI_WORD, withoutPrivateKeys(text), word -> withoutUserInfo(word.group()));
        masked = withoutAssigned(masked);
        masked = replace(BEARER, masked, found -> found.group(1) + MASK);
        masked = replace(USER_OPTION, masked, found -> found.group(1) + MASK);
        masked = replace(PASSWORD_OPTION, masked, found -> found.group(1) + MASK);
        masked = replace(USER_AT_HOST, masked, found -> MASK);
        masked = replace(IDENTIFIED_BY, masked, found -> found.group(1) + MASK);
        masked = replace(JAAS_USER, masked, found -> found.group(1) + MASK);
        masked = replace(WEBHOOK, masked, found -> found.group(1) + MASK);
        masked = replace(BASIC, masked, found -> isCredentials(found.group(2)) ? found.group(1) + MASK : found.group());
        return replace(TOKEN, masked, found -> MASK);
    }

    private static String replace(Pattern pattern, String text, Function<MatchResult, String> replacement) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(replacement.apply(found)));
    }

    private static String decode(MatchResult escapes) {
        String text = escapes.group();
        if (text.startsWith("\\")) {
            return String.valueOf((char) Integer.parseInt(text.substring(2), 16));
        }
        if (text.startsWith("&")) {
            return switch (text) {
                case "&quot;", "&#34;", "&#x22;" -> "\"";
                case "&apos;", "&#39;", "&#x27;" -> "'";
                case "&amp;" -> "&";
                default -> "=";
            };
        }
        byte[] bytes = new byte[text.length() / 3];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(3 * i + 1, 3 * i + 3), 16);
        }
        return new String(bytes, UTF_8);
    }

    private static boolean isCredentials(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/')), ISO_8859_1)
                    .contains(":");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** One whose end is missing goes to the end of the text. */
    private static String withoutPrivateKeys(String text) {
        StringBuilder shown = new StringBuilder();
        int done = 0;
        for (Matcher begin = KEY_BEGIN.matcher(text); begin.find(done);) {
            shown.append(text, done, begin.start()).append(MASK);
            int end = text.indexOf(KEY_END, begin.end());
            int dashes = end < 0 ? -1 : text.indexOf("-----", end + KEY_END.length());
            done = dashes < 0 ? text.length() : dashes + "-----".length();
        }
        return shown.append(text, done, text.length()).toString();
    }

    /** Up to the last @ of the word: a password that was not encoded may hold one. */
    private static String withoutUserInfo(String word) {
        int end = word.lastIndexOf('@');
        Matcher scheme = SCHEME.matcher(word);
        if (end < 0 || !scheme.find() || scheme.end() >= end) {
            return word;
        }
        return word.substring(0, scheme.end()) + maskLiterals(word.substring(scheme.end(), end)) + word.substring(end);
    }

    private static String withoutAssigned(String text) {
        StringBuilder shown = new StringBuilder();
        int done = 0;
        Set<String> unclosed = new HashSet<>();
        for (Matcher assignment = ASSIGNMENT.matcher(text); done < text.length() && assignment.find(done);) {
            int value = assignment.end();
            String name = words(assignedTo(assignment));
            int end = value;
            if (isSecretName(name) || isInQuery(text, assignment.start()) && SECRET_PARAMETER.matcher(name).matches()) {
                end = endOfValue(text, value, HEADER.matcher(name).find(), unclosed);
            }
            shown.append(text, done, value).append(end == value ? "" : maskLiterals(text.substring(value, end)));
            done = end;
        }
        return shown.append(text, done, text.length()).toString();
    }

    private static String assignedTo(Matcher assignment) {
        for (String group : List.of("first", "name")) {
            if (assignment.group(group) != null) {
                return assignment.group(group);
            }
        }
        return assignment.group("option");
    }

    private static boolean isInQuery(String text, int name) {
        return name > 0 && "?&".indexOf(text.charAt(name - 1)) >= 0 || text.startsWith("&amp;", name - 5);
    }

    /** @param unclosed what has been found to have no end, so that it is not looked for again */
    private static int endOfValue(String text, int start, boolean header, Set<String> unclosed) {
        int open = start;
        while (open < text.length() && text.charAt(open) == '\\') {
            open++;
        }
        char first = open < text.length() ? text.charAt(open) : ' ';
        Matcher block = BLOCK.matcher(text).region(start, text.length());
        if (block.lookingAt()) {
            return endOfBlock(text, block.end(), block.group(1));
        }
        int end = -1;
        if (first == '"' || first == '\'') {
            String quote = first + (open > start ? "\\" : "");
            end = unclosed.contains(quote) ? -1 : endOfQuote(text, open, open - start);
            if (end < 0) {
                unclosed.add(quote);
            }
        } else if (open == start && "([{".indexOf(first) >= 0) {
            String bracket = String.valueOf(first);
            end = unclosed.contains(bracket) ? -1 : endOfBracket(text, start);
            if (end < 0) {
                unclosed.add(bracket);
            }
        } else if (!header) {
            end = endOfWord(text, start);
            return AUTH_SCHEME.matcher(text.substring(start, end)).matches() && end + 1 < text.length()
                    && text.charAt(end) == ' ' ? endOfWord(text, end + 1) : end;
        }
        return end < 0 ? endOfLine(text, start) : end;
    }

    /** Where the quote that opens with so many backslashes is closed, or -1. */
    private static int endOfQuote(String text, int open, int backslashes) {
        int run = 0;
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == text.charAt(open) && (backslashes == 0 ? run % 2 == 0 : run <= backslashes)) {
                return i + 1;
            }
            run = c == '\\' ? run + 1 : 0;
        }
        return -1;
    }

    private static int endOfBracket(String text, int open) {
        char opening = text.charAt(open);
        char closing = opening == '(' ? ')' : opening == '[' ? ']' : '}';
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == opening ? 1 : text.charAt(i) == closing ? -1 : 0;
            if (depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** All lines that begin like the first, and empty ones between them. */
    private static int endOfBlock(String text, int start, String indentation) {
        int next = start;
        int end;
        do {
            end = endOfLine(text, next);
            next = end;
            while (next < text.length() && (text.charAt(next) == '\n' || text.charAt(next) == '\r')) {
                next++;
            }
        } while (next > end && text.startsWith(indentation, next));
        return end;
    }

    private static int endOfLine(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
            end++;
        }
        return end;
    }

    /** A secret may hold what closes a list or a text; it ends there if nothing follows that could be of it. */
    private static int endOfWord(String text, int start) {
        Matcher next = NEXT.matcher(text);
        int begun = start;
        while (begun < text.length() && "<>)]}|".indexOf(text.charAt(begun)) >= 0 && !text.startsWith("</", begun)) {
            begun++;
        }
        for (int i = begun; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean goesOn = i + 1 < text.length() && Character.isLetterOrDigit(text.charAt(i + 1));
            if (Character.isWhitespace(c) || "\"'<>)]}|".indexOf(c) >= 0 && !goesOn
                    || ",;&".indexOf(c) >= 0 && next.region(i + 1, text.length()).lookingAt()) {
                return i;
            }
        }
        return text.length();
    }

    private static String words(String name) {
        return CAMEL.matcher(name).replaceAll(".").toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
    }

    private static boolean isSecretName(String words) {
        return SECRET_NAME.matcher(words).find() && !ABOUT.matcher(words).find();
    }

    private static boolean isLiteral(String value) {
        return maskLiterals(value).equals(MASK);
    }

    /** All but the references. */
    private static String maskLiterals(String value) {
        StringBuilder shown = new StringBuilder();
        int done = 0;
        int start = -1;
        int colon = -1;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '$' && value.startsWith("${", i)) {
                start = i;
                colon = -1;
            } else if (c == ':' && start >= 0 && colon < 0) {
                colon = i;
            } else if (c == '}' && start >= 0) {
                if (colon > 0 && PROVIDER.matcher(value).region(start + 2, colon).matches()) {
                    shown.append(start > done ? MASK : "").append(value, start, i + 1);
                    done = i + 1;
                }
                start = -1;
            }
        }
        return shown.append(done < value.length() || value.isEmpty() ? MASK : "").toString();
    }
}
