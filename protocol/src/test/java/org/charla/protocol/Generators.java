package org.charla.protocol;

import static java.util.stream.Collectors.joining;
import static org.charla.protocol.EventRules.EARLIEST_DATE;
import static org.charla.protocol.EventRules.MAX_CLOCK_SKEW_MS;
import static org.charla.protocol.EventRules.MAX_KEYS;
import static org.charla.protocol.EventRules.MAX_NAME_LENGTH;
import static org.charla.protocol.EventRules.MAX_TEXT_LENGTH;
import static org.charla.protocol.RawJson.NOW;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.charla.protocol.signature.SigningKey;
import org.quicktheories.core.Gen;
import org.quicktheories.generators.Generate;

/**
 * Texts, numbers and events at random, by regular expressions that know nothing of the code under test. Where a rule
 * has a limit, what is exactly at the limit is drawn often.
 */
final class Generators {

    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{IsWhite_Space}\\p{Z}]");
    private static final Pattern CONTROL_OR_FORMAT = Pattern.compile("[\\p{Cc}\\p{Cf}]");
    private static final Pattern VISIBLE = Pattern.compile("[^\\p{IsWhite_Space}\\p{Cc}]");

    private static final String WORD = "abcdefghijklmnopqrstuvwxyz0123456789";

    /** The ends of what UTF-8, UTF-16 and JSON tell apart, blanks of all kinds, marks and what nobody sees. */
    private static final int[] EDGES = {
        ' ', '"', '\\', '/', '{', 0, '\t', '\n', '\r', 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD, 0x301, 0x7FF, 0x800,
        0x200B, 0x200D, 0x2028, 0x2029, 0x202E, 0x3000, 0xD7FF, 0xE000, 0xFE0F, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000,
        0x1F44D, 0xE0041, 0x10FFFF};

    private Generators() {
    }

    /** Any string of up to this many characters, halves of surrogate pairs among them. */
    static Gen<String> strings(int maxLength) {
        return ofPieces(maxLength, 8, Generators::piece);
    }

    /** Any well-formed Unicode of up to this many code points. */
    static Gen<String> unicode(int maxLength) {
        return filled(wellFormed(maxLength), maxLength, "👍");
    }

    private static Gen<String> wellFormed(int maxLength) {
        return ofPieces(maxLength, 7, Generators::piece);
    }

    private static String piece(int kind, int number) {
        return switch (kind) {
            case 0 -> "";
            case 1, 2, 3 -> Character.toString(' ' + (number + 'a' - ' ') % ('~' + 1 - ' '));
            case 4 -> Character.toString(EDGES[number % EDGES.length]);
            case 5 -> Character.toString(number % 0xD800);
            case 6 -> Character.toString(0xE000 + number % 0x2000);
            case 7 -> Character.toString(0x10000 + number % 0x100000);
            case 8 -> Character.toString(0xD800 + number % 0x800);
            default -> throw new AssertionError(kind);
        };
    }

    static Gen<String> messageIds() {
        return filled(word("_-ABCDEFGHIJKLMNOPQRSTUVWXYZ", 64).map(text -> text.isEmpty() ? "m" : text), 64, "Z");
    }

    static Gen<String> channels() {
        return filled(word("", 1).zip(word("-", 63), (first, rest) -> (first.isEmpty() ? "c" : first) + rest), 64, "-");
    }

    static Gen<String> userIds() {
        return filled(wellFormed(MAX_NAME_LENGTH).map(text -> INVISIBLE.matcher(text).replaceAll(""))
                .map(text -> text.isEmpty() ? "u" : text), MAX_NAME_LENGTH, "👍");
    }

    static Gen<String> texts() {
        return filled(wellFormed(MAX_TEXT_LENGTH).map(text -> text.replace("\u0000", ""))
                .map(Generators::visible), MAX_TEXT_LENGTH, "👍");
    }

    static Gen<String> displayNames() {
        return filled(wellFormed(MAX_NAME_LENGTH).map(text -> CONTROL_OR_FORMAT.matcher(text).replaceAll(""))
                .map(Generators::visible), MAX_NAME_LENGTH, "👍");
    }

    /** Any number, the ends and those beside 0 often. */
    static Gen<Long> longs() {
        return longs(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static Gen<Long> longs(long min, long max) {
        return Generate.longRange(min, max).mix(arbitrary().pick(0L, 1L, -1L, max, max - 1, min, min + 1), 20);
    }

    /** None, or up to ten keys. */
    static Gen<List<String>> keys() {
        Gen<String> keys = integers().all().map(number -> SigningKey.fromSeed(
                ByteBuffer.allocate(32).putInt(number).array()).publicKey().toString());
        return lists().of(keys).ofSizeBetween(0, MAX_KEYS).map(list -> List.copyOf(new LinkedHashSet<>(list)));
    }

    /** Events that obey every rule at {@link RawJson#NOW}. */
    static Gen<RawEvent> events() {
        Gen<String> messageIds = messageIds();
        Gen<String> userIds = userIds();
        Gen<Long> times = longs(EARLIEST_DATE, NOW + MAX_CLOCK_SKEW_MS);
        Gen<RawEvent> removals = messageIds.zip(userIds, times, RawEvent.ProfileRemoval::new);
        Gen<RawEvent> profiles = messageIds.zip(userIds, displayNames(), keys(), times, RawEvent.Profile::new);
        Gen<RawEvent> messages = messageIds.zip(userIds, channels(), texts(), times, RawEvent.Message::new);
        Gen<RawEvent> changes = messageIds.zip(userIds, channels(), targets(), times, Generators::change);
        Gen<RawEvent> edits = messageIds.zip(userIds, channels(), texts(), times, (id, user, channel, text, time) ->
                new RawEvent.Edit(id, user, channel, user + ':' + id, text, time));
        return Generate.oneOf(messages, removals, profiles, edits, changes).describedAs(Generators::escaped);
    }

    private static Gen<String> targets() {
        return userIds().zip(messageIds(), (userId, messageId) -> userId + ':' + messageId);
    }

    /** One that is made of little, of the kind that its time gives. */
    private static RawEvent change(String id, String user, String channel, String target, long time) {
        return switch ((int) Math.floorMod(time, 4L)) {
            case 0 -> new RawEvent.Deletion(id, user, channel, target, time);
            case 1 -> new RawEvent.Reaction(id, user, channel, target, List.of("👍", "🎉"), time);
            case 2 -> new RawEvent.Message(id, user, channel, target, Optional.of(target), time);
            default -> new RawEvent.Rule(id, user, channel, ChannelRule.MUTE, user, OptionalLong.of(NOW + 1), time);
        };
    }

    private static Gen<String> word(String more, int maxLength) {
        String alphabet = WORD + more;
        return ofPieces(maxLength, 9,
                (kind, number) -> kind == 0 ? "" : String.valueOf(alphabet.charAt(number % alphabet.length())));
    }

    /**
     * A text of pieces, short ones more often than long ones. Each piece is made of its kind and a number, both drawn
     * for every piece: so shrinking can change one of them, or drop it (kind 0 is the empty one), and the others stay.
     */
    private static Gen<String> ofPieces(int maxLength, int kinds, BiFunction<Integer, Integer, String> piece) {
        Gen<Integer> sizes = integers().between(0, maxLength).map((a, b) -> Math.round((float) a * b / maxLength));
        return lists().of(integers().between(0, kinds).zip(integers().between(0, 0x10FFFF), piece)).ofSizes(sizes)
                .map(pieces -> String.join("", pieces)).describedAs(Generators::quoted);
    }

    /** One in ten of these texts filled up with a character to this many code points. */
    private static Gen<String> filled(Gen<String> texts, int length, String with) {
        return texts.zip(integers().between(0, 9), (text, fill) -> fill < 9 ? text
                : text + with.repeat(length - text.codePointCount(0, text.length()))).describedAs(Generators::quoted);
    }

    private static String visible(String text) {
        return VISIBLE.matcher(text).find() ? text : "t";
    }

    private static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    /** What a failure shows: nothing that a terminal obeys or that can't be told from something else. */
    static String escaped(Object value) {
        return value.toString().chars().mapToObj(c -> c < ' ' || c > '~' ? String.format("\\u%04x", c)
                : String.valueOf((char) c)).collect(joining());
    }
}
