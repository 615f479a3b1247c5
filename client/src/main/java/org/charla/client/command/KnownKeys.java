package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.charla.client.identity.PersonalFiles;
import org.charla.protocol.EventRules;
import org.charla.protocol.UserProfile;
import org.charla.protocol.signature.UserKey;

/**
 * The keys that this machine has seen people with: a file {@code charla/known-keys} beside {@link LastUsed}, a line for
 * each, their user id and the fingerprints, the newest last. Each chat tells of a key that it doesn't know; what others
 * on this machine have written meanwhile is kept. Where the file can't be read or written, what was seen is known as
 * long as the chat runs. To be used by one thread.
 */
final class KnownKeys {

    /** How many people are remembered; who was seen least lately is forgotten first. */
    static final int MOST_PEOPLE = 10_000;
    /** How many keys of each: those that they had before and those that they have, at most. */
    private static final int MOST_KEYS = 2 * EventRules.MAX_KEYS;
    /** In bytes: more than that many people and keys need. */
    private static final int LONGEST_FILE = 1 << 24;

    /** Those that the pipeline takes: others would be lines of their own. */
    private static final Pattern ID = Pattern.compile("\\S{1,128}");
    private static final Pattern LINE = Pattern.compile(ID + "( SHA256:[A-Za-z0-9+/]{43})+");

    private final Path file;
    private final Map<String, Set<String>> known = new LinkedHashMap<>(16, 0.75f, true);

    KnownKeys(Map<String, String> environment) {
        file = LastUsed.folder(environment).resolve("known-keys");
        try {
            known.putAll(read());
        } catch (IOException e) {
            // Everybody is seen for the first time.
        }
    }

    /**
     * Somebody known signs with a key that wasn't.
     *
     * @param before the fingerprint of the key that was seen last
     * @param now that of the new one
     */
    record Change(String userId, String before, String now) {
    }

    /** Takes note of what keys people have, and tells of who is known with others: before that is written down. */
    void see(List<UserProfile> profiles, Consumer<Change> changed) {
        boolean news = false;
        for (UserProfile profile : profiles) {
            Set<String> fingerprints = new LinkedHashSet<>();
            profile.keys().stream().map(UserKey::parse).flatMap(Optional::stream).limit(EventRules.MAX_KEYS)
                    .forEach(key -> fingerprints.add(key.fingerprint()));
            Set<String> before = known.getOrDefault(profile.userId(), Set.of());
            List<String> unknown = fingerprints.stream().filter(fingerprint -> !before.contains(fingerprint)).toList();
            if (unknown.isEmpty() || !ID.matcher(profile.userId()).matches()) {
                continue;
            }
            if (!before.isEmpty()) {
                changed.accept(new Change(profile.userId(), last(before), unknown.get(unknown.size() - 1)));
            }
            remember(known, profile.userId(), fingerprints);
            news = true;
        }
        if (news) {
            write();
        }
    }

    private static String last(Set<String> fingerprints) {
        return fingerprints.stream().reduce((first, second) -> second).orElseThrow();
    }

    private static void remember(Map<String, Set<String>> people, String userId, Set<String> fingerprints) {
        Set<String> all = new LinkedHashSet<>(people.getOrDefault(userId, Set.of()));
        all.removeAll(fingerprints);
        all.addAll(fingerprints);
        while (all.size() > MOST_KEYS) {
            all.remove(all.iterator().next());
        }
        people.remove(userId);
        people.put(userId, all);
        if (people.size() > MOST_PEOPLE) {
            people.remove(people.keySet().iterator().next());
        }
    }

    private static String line(String userId, Set<String> fingerprints) {
        return userId + ' ' + String.join(" ", fingerprints);
    }

    private Map<String, Set<String>> read() throws IOException {
        Map<String, Set<String>> people = new LinkedHashMap<>();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                new String(in.readNBytes(LONGEST_FILE), UTF_8).lines().filter(line -> LINE.matcher(line).matches())
                        .forEach(line -> {
                            List<String> words = List.of(line.split(" "));
                            remember(people, words.get(0), new LinkedHashSet<>(words.subList(1, words.size())));
                        });
            }
        }
        return people;
    }

    /** What others wrote comes first. */
    private void write() {
        try {
            PersonalFiles.renew(file, () -> {
                Map<String, Set<String>> people = read();
                List.copyOf(known.entrySet()).forEach(seen -> remember(people, seen.getKey(), seen.getValue()));
                StringBuilder lines = new StringBuilder();
                people.forEach((userId, fingerprints) -> lines.append(line(userId, fingerprints)).append('\n'));
                return lines.toString();
            });
        } catch (IOException e) {
            // It is seen for the first time once more, next time.
        }
    }
}
