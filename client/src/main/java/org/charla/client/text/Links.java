package org.charla.client.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses of web pages in a text: {@code http} and {@code https} alone. */
public final class Links {

    /** Visible ASCII less what no address holds, and letters, digits and marks of any script. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?<![\\p{L}\\p{N}])https?://[\\p{L}\\p{M}\\p{N}!#$%&'()*+,\\-./:;=?@\\[\\]_~]+", Pattern.CASE_INSENSITIVE);

    /**
     * A part of a text that is an address.
     *
     * @param target the same in visible ASCII: nothing in it can end an escape sequence
     */
    public record Link(int start, int end, String target) {
    }

    private Links() {
    }

    /** The addresses in a text, in order; what ends the sentence around an address is no part of it. */
    public static List<Link> in(String text) {
        if (!text.contains("://")) {
            return List.of();
        }
        List<Link> links = new ArrayList<>();
        for (Matcher matcher = ADDRESS.matcher(text); matcher.find();) {
            String address = withoutSentence(matcher.group());
            if (!address.endsWith("//")) {
                links.add(new Link(matcher.start(), matcher.start() + address.length(), encoded(address)));
            }
        }
        return links;
    }

    private static String withoutSentence(String address) {
        int end = address.length();
        while (isOfTheSentence(address, end)) {
            end--;
        }
        return address.substring(0, end);
    }

    /** Punctuation, and a bracket that was opened in front of the address. */
    private static boolean isOfTheSentence(String address, int end) {
        char last = address.charAt(end - 1);
        return switch (last) {
            case '.', ',', ';', ':', '!', '?', '\'' -> true;
            case ')' -> count(address, ')', end) > count(address, '(', end);
            case ']' -> count(address, ']', end) > count(address, '[', end);
            default -> false;
        };
    }

    private static long count(String address, char bracket, int end) {
        return address.chars().limit(end).filter(c -> c == bracket).count();
    }

    private static String encoded(String address) {
        StringBuilder encoded = new StringBuilder(address.length());
        for (byte b : address.getBytes(UTF_8)) {
            if (b > ' ' && b < 0x7F) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return encoded.toString();
    }
}
