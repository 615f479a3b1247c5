package org.charla.client.chat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.charla.client.text.Alike;
import org.charla.client.text.Appearance;
import org.charla.protocol.Author;

/**
 * The names of those who were met last, and who could be taken for whom by them. What a name looks like is found out
 * once while it is remembered, however much its bearer says. Not thread-safe.
 */
final class Namesakes {

    /** How many names are remembered, of however many people. */
    static final int REMEMBERED = 10_000;

    /** Of a name that is cut where it is shown, so many code points are seen at least. */
    private static final int SEEN_OF_A_CUT_NAME = 5;

    /** Marks the appearance of a user id, and of the beginning of a name; in no appearance by itself. */
    private static final char ID = '\0';
    private static final char BEGINNING = '\1';

    private final Person person;

    private record Name(String userId, String name) {
    }

    /** The appearances of names, the one that was met last at the end. */
    private final Map<Name, Set<String>> appearances = new LinkedHashMap<>(16, 0.75f, true);
    /** How many remembered names of whom have an appearance. */
    private final Map<String, Map<String, Integer>> bearers = new HashMap<>();

    /** @param person for whom nobody should be taken, though they say nothing */
    Namesakes(Person person) {
        this.person = person;
    }

    /** Remembers somebody under the name that they go by. */
    void meet(Author author) {
        remember(author.userId(), author.displayName());
        remember(author.userId(), author.userId());
    }

    private Set<String> remember(String userId, String name) {
        Name key = new Name(userId, name);
        Set<String> known = appearances.get(key);
        if (known != null) {
            return known;
        }
        Set<String> found = new HashSet<>(Appearance.of(name));
        if (name.equals(userId)) {
            found.addAll(found.stream().map(seen -> ID + seen).toList());
        }
        if (name.codePointCount(0, name.length()) > SEEN_OF_A_CUT_NAME) {
            Appearance.of(name.substring(0, name.offsetByCodePoints(0, SEEN_OF_A_CUT_NAME)))
                    .forEach(seen -> found.add(BEGINNING + seen));
        }
        appearances.put(key, found);
        found.forEach(seen -> bearers.computeIfAbsent(seen, none -> new HashMap<>()).merge(userId, 1, Integer::sum));
        if (appearances.size() > REMEMBERED) {
            forget(appearances.entrySet().iterator().next());
        }
        return found;
    }

    private void forget(Map.Entry<Name, Set<String>> eldest) {
        eldest.getValue().forEach(seen -> bearers.computeIfPresent(seen, (same, users) -> {
            users.computeIfPresent(eldest.getKey().userId(), (user, names) -> names == 1 ? null : names - 1);
            return users.isEmpty() ? null : users;
        }));
        appearances.remove(eldest.getKey());
    }

    /** Who goes by this name: whose id it is, whatever others call themselves, or else all who were met under it. */
    Set<String> usersCalled(String name) {
        Set<String> users = appearances.keySet().stream().map(Name::userId).collect(Collectors.toSet());
        String folded = Alike.folded(name);
        return users.contains(name) ? Set.of(name) : appearances.keySet().stream()
                .filter(known -> Alike.folded(known.name()).equals(folded)).map(Name::userId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The user id of somebody who could be taken for another by the name: because that looks like another's name or
     * user id, or as if a user id stood in it already. Where the id looks like another's as well, it is spelt out.
     *
     * @param cut whether only the beginning of the name is shown
     */
    Optional<String> idBeside(Author author, boolean cut) {
        remember(person.userId(), person.displayName());
        remember(person.userId(), person.userId());
        Set<String> name = remember(author.userId(), author.displayName());
        boolean mistakable = name.stream().filter(seen -> cut || seen.isEmpty() || seen.charAt(0) != BEGINNING)
                .anyMatch(seen -> isAnothers(seen, author.userId()) || seen.isEmpty() || seen.indexOf('(') >= 0
                        || seen.indexOf('<') >= 0);
        if (!mistakable) {
            return Optional.empty();
        }
        boolean spelt = remember(author.userId(), author.userId()).stream()
                .anyMatch(seen -> !seen.isEmpty() && seen.charAt(0) == ID && isAnothers(seen, author.userId()));
        return Optional.of(spelt ? spelt(author.userId()) : author.userId());
    }

    private boolean isAnothers(String appearance, String userId) {
        Map<String, Integer> users = bearers.getOrDefault(appearance, Map.of());
        return users.size() > 1 || users.size() == 1 && !users.containsKey(userId);
    }

    private static String spelt(String userId) {
        return userId.codePoints().mapToObj(c -> c < 0x7F ? Character.toString(c) : String.format("[U+%04X]", c))
                .collect(Collectors.joining());
    }
}
