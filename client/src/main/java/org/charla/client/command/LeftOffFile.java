package org.charla.client.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.charla.client.chat.Notice;
import org.charla.client.chat.ReadChange;
import org.charla.client.chat.ReadMark;
import org.charla.client.chat.ReadMarks;
import org.charla.client.identity.KeyFolder;
import org.charla.client.identity.PersonalFiles;

/**
 * Where a user left off in the channels of each cluster: a file {@code charla/channels/<user>} beside {@link LastUsed}, a
 * line for each, in the order of the open channels. What other chats of the user write meanwhile is kept. A file that is
 * no such file stays as it is. To be used by one thread.
 */
final class LeftOffFile {

    /** How many channels of a cluster are remembered, and of all clusters: those seen last, and the open ones. */
    static final int MOST_CHANNELS = 5_000;
    static final int MOST_LINES = 2 * MOST_CHANNELS;
    /** How many of them are opened again. */
    static final int MOST_OPEN = 500;

    private static final String HEADER = "charla-channels 1";
    private static final Pattern CLUSTER = Pattern.compile("[!-~]{1,100}");
    private static final Pattern LINE = Pattern.compile(
            "(" + CLUSTER + ") ([a-z0-9][a-z0-9-]{0,63}) (-1|\\d{1,18}) (\\d{1,18}) (open|closed)");
    /** In bytes: more than that many lines have. */
    static final int LONGEST_FILE = HEADER.length() + 1 + MOST_LINES * (100 + 64 + 2 * 18 + "closed".length() + 5);

    private final Path file;
    private final String cluster;
    private final Listener listener;
    private final List<ReadChange> unwritten = new ArrayList<>();
    private boolean foreign;
    private boolean away;
    private boolean damaged;

    /** Told of what is wrong with the file, of each kind once. */
    interface Listener {
        void problem(Notice notice, Object... arguments);
    }

    /** @param cluster the id of the cluster whose channels they are; where it is none, nothing is kept */
    LeftOffFile(Map<String, String> environment, String userId, String cluster, Listener listener) {
        this.file = LastUsed.folder(environment).resolve("channels").resolve(PersonalFiles.name(userId));
        this.cluster = cluster;
        this.listener = listener;
        this.foreign = !CLUSTER.matcher(cluster).matches();
    }

    /** The channel that a user saw last and left open, on whatever cluster; empty where nothing says so. */
    static Optional<String> lastChannel(Map<String, String> environment, String userId) {
        try {
            return new LeftOffFile(environment, userId, "", (notice, arguments) -> { }).readAll().values().stream()
                    .flatMap(marks -> marks.all().stream()).filter(ReadMark::open)
                    .max(Comparator.comparingLong(ReadMark::at)).map(ReadMark::channel);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static final class ForeignFileException extends IOException {

        private static final long serialVersionUID = 1L;
    }

    /** How it stands; nothing where that can't be read. */
    List<ReadMark> read() {
        try {
            ReadMarks marks = readAll().getOrDefault(cluster, new ReadMarks());
            marks.keep(MOST_CHANNELS, MOST_OPEN);
            return marks.all();
        } catch (IOException e) {
            tell(e);
            return List.of();
        }
    }

    /**
     * What is told of clusters in whose place this one has come is told of this one from now on.
     *
     * @param former says which they may be; asked only where the file tells of others
     */
    void adopt(Supplier<Set<String>> former) {
        try {
            Set<String> others = foreign ? new HashSet<>() : new HashSet<>(readAll().keySet());
            others.remove(cluster);
            if (!others.isEmpty()) {
                others.retainAll(former.get());
            }
            if (!others.isEmpty()) {
                PersonalFiles.renew(file, () -> {
                    Map<String, ReadMarks> all = readAll();
                    ReadMarks marks = all.getOrDefault(cluster, new ReadMarks());
                    others.forEach(other -> marks.addAll(all.getOrDefault(other, new ReadMarks())));
                    all.keySet().removeAll(others);
                    all.remove(cluster);
                    all.put(cluster, marks);
                    return text(all);
                });
            }
        } catch (IOException e) {
            // It is told when the file is read or written next.
        }
    }

    /** Writes what became of it, behind what others wrote; what can't be written is tried again with what comes next. */
    void write(List<ReadChange> changes) {
        if (foreign) {
            return;
        }
        if (unwritten.size() + changes.size() <= MOST_LINES) {
            unwritten.addAll(changes);
        }
        try {
            PersonalFiles.renew(file, () -> {
                Map<String, ReadMarks> all = readAll();
                ReadMarks marks = all.remove(cluster);
                all.put(cluster, marks == null ? new ReadMarks() : marks);
                unwritten.forEach(all.get(cluster)::apply);
                all.get(cluster).keep(MOST_CHANNELS, MOST_OPEN);
                return text(all);
            });
            unwritten.clear();
            away = false;
        } catch (IOException e) {
            tell(e);
        }
    }

    private void tell(IOException e) {
        if (e instanceof ForeignFileException) {
            foreign = true;
            listener.problem(Notice.LEFT_OFF_FOREIGN, file);
        } else if (!away) {
            away = true;
            listener.problem(Notice.LEFT_OFF_AWAY, file, KeyFolder.reason(e));
        }
    }

    /** By cluster, the one that was written last at the end. */
    private Map<String, ReadMarks> readAll() throws IOException {
        Map<String, ReadMarks> all = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return all;
        }
        // One that never ends, or waits for somebody to write, is none either.
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_FILE) {
            throw new ForeignFileException();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST_FILE);
        }
        List<String> lines = new String(bytes, UTF_8).lines().toList();
        if (!lines.isEmpty() && !lines.get(0).equals(HEADER)) {
            throw new ForeignFileException();
        }
        int unfit = lines.isEmpty() ? 1 : 0;
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            Matcher parts = LINE.matcher(line);
            if (parts.matches()) {
                all.computeIfAbsent(parts.group(1), id -> new ReadMarks()).add(new ReadMark(parts.group(2),
                        Long.parseLong(parts.group(3)), Long.parseLong(parts.group(4)), parts.group(5).equals("open")));
            } else {
                unfit++;
            }
        }
        if (unfit > 0 && !damaged) {
            damaged = true;
            listener.problem(Notice.LEFT_OFF_DAMAGED, file, unfit);
        }
        return all;
    }

    /** Clusters that were not used for longest are left out where it is too much. */
    private static String text(Map<String, ReadMarks> all) {
        int lines = all.values().stream().mapToInt(marks -> marks.all().size()).sum();
        Iterator<ReadMarks> oldest = all.values().iterator();
        while (lines > MOST_LINES) {
            lines -= oldest.next().all().size();
            oldest.remove();
        }
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        all.forEach((id, marks) -> marks.all().forEach(mark -> text.append(id).append(' ').append(mark.channel())
                .append(' ').append(mark.position()).append(' ').append(mark.at())
                .append(mark.open() ? " open\n" : " closed\n")));
        return text.toString();
    }
}
