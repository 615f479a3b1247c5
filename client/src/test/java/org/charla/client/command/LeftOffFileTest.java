package org.charla.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.charla.client.chat.Notice;
import org.charla.client.chat.ReadChange;
import org.charla.client.chat.ReadMark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOffFileTest {

    @TempDir
    Path home;

    private final List<Notice> told = new ArrayList<>();

    @Test
    void keepsWhereAUserLeftOffForEachUserAndClusterByItself() {
        file("ana", "k1").write(List.of(new ReadChange.Opened("general"), new ReadChange.Seen("general", 7, 5),
                new ReadChange.Opened("random")));
        file("ana", "k2").write(List.of(new ReadChange.Seen("general", 3, 6)));
        file("../ana", "k1").write(List.of(new ReadChange.Seen("general", 1, 7)));

        assertThat(file("ana", "k1").read()).containsExactly(
                new ReadMark("general", 7, 5, true), new ReadMark("random", ReadMark.NOWHERE, 0, true));
        assertThat(file("ana", "k2").read()).containsExactly(new ReadMark("general", 3, 6, false));
        assertThat(file("../ana", "k1").read()).containsExactly(new ReadMark("general", 1, 7, false));
        assertThat(file("bob", "k1").read()).isEmpty();
        assertThat(home.resolve("charla/channels")).isDirectoryContaining("glob:**/%2E.%2Fana");
        assertThat(told).isEmpty();
    }

    @Test
    void knowsTheChannelThatAUserSawLastAndLeftOpen() {
        assertThat(LeftOffFile.lastChannel(environment(), "ana")).isEmpty();
        file("ana", "k1").write(List.of(new ReadChange.Opened("a"), new ReadChange.Seen("a", 7, 5),
                new ReadChange.Opened("b"), new ReadChange.Seen("b", 7, 4), new ReadChange.Seen("c", 7, 6)));
        file("ana", "k2").write(List.of(new ReadChange.Opened("d"), new ReadChange.Seen("d", 7, 3)));
        assertThat(LeftOffFile.lastChannel(environment(), "ana")).contains("a");
    }

    @Test
    void whatWasToldOfAClusterIsToldOfTheOneThatCameInItsPlace() {
        file("ana", "k1").write(List.of(new ReadChange.Opened("a"), new ReadChange.Seen("a", 7, 5),
                new ReadChange.Seen("b", 9, 6)));
        file("ana", "elsewhere").write(List.of(new ReadChange.Seen("a", 99, 9)));
        file("ana", "k2").write(List.of(new ReadChange.Opened("b"), new ReadChange.Seen("b", 8, 7)));
        LeftOffFile file = file("ana", "k2");
        file.adopt(() -> Set.of("k0", "k1", "k2"));

        assertThat(file.read()).containsExactlyInAnyOrder(new ReadMark("b", 9, 7, true), new ReadMark("a", 7, 5, true));
        assertThat(file("ana", "k1").read()).isEmpty();
        assertThat(file("ana", "elsewhere").read()).containsExactly(new ReadMark("a", 99, 9, false));
        assertThat(told).isEmpty();
    }

    @Test
    void asksForFormerClustersOnlyWhereItKnowsOthers() {
        file("ana", "k1").write(List.of(new ReadChange.Seen("a", 7, 5)));
        file("ana", "k1").adopt(() -> {
            throw new AssertionError("asked");
        });
        assertThat(file("ana", "k1").read()).containsExactly(new ReadMark("a", 7, 5, false));
    }

    @Test
    void severalChatsOfAPersonAtOnceLoseNothingOfEachOther() throws Exception {
        ExecutorService chats = Executors.newFixedThreadPool(4);
        IntStream.range(0, 4).forEach(chat -> chats.execute(() -> {
            LeftOffFile file = file("ana", "k1");
            for (int i = 0; i < 25; i++) {
                file.write(List.of(new ReadChange.Opened("c" + chat + "-" + i), new ReadChange.Seen("general", (long) chat * i, i)));
            }
        }));
        chats.shutdown();
        assertThat(chats.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(file("ana", "k1").read()).hasSize(101).filteredOn(ReadMark::open).hasSize(100);
        assertThat(file("ana", "k1").read()).contains(new ReadMark("general", 72, 24, false));
        assertThat(told).isEmpty();
    }

    @Test
    void goesOnWithWhatIsWholeInADamagedFileAndSaysSoOnce() throws IOException {
        file("ana", "k1").write(List.of(new ReadChange.Opened("a"), new ReadChange.Seen("a", 7, 5)));
        Files.writeString(path("ana"), Files.readString(path("ana"))
                + "k1 b 99999999999999999999 1 open\nk1 b 1 1 ajar\nk1 B 1 1 open\n\u0000\u0000\nk1 b 1");
        LeftOffFile file = file("ana", "k1");
        assertThat(file.read()).containsExactly(new ReadMark("a", 7, 5, true));
        file.write(List.of(new ReadChange.Seen("a", 8, 6)));
        assertThat(told).containsExactly(Notice.LEFT_OFF_DAMAGED);
        assertThat(Files.readAllLines(path("ana"))).containsExactly("charla-channels 1", "k1 a 8 6 open");
    }

    @Test
    void leavesAloneWhatIsNoSuchFileAndSaysSoOnce() throws Exception {
        Files.createDirectories(path("ana").getParent());
        for (String foreign : List.of("general 5\n", "charla-channels 2\nk1 general 5 5 open\n")) {
            Files.writeString(path("ana"), foreign);
            assertLeftAlone();
            assertThat(path("ana")).hasContent(foreign);
        }
        try (RandomAccessFile huge = new RandomAccessFile(path("ana").toFile(), "rw")) {
            huge.setLength(1L << 40);
        }
        assertLeftAlone();
        Files.delete(path("ana"));
        Files.createDirectory(path("ana"));
        assertLeftAlone();
        Files.delete(path("ana"));
        assertThat(new ProcessBuilder("mkfifo", path("ana").toString()).start().waitFor()).isZero();
        assertLeftAlone();
        Files.delete(path("ana"));
        Files.createSymbolicLink(path("ana"), Path.of("/dev/zero"));
        assertLeftAlone();
    }

    private void assertLeftAlone() {
        told.clear();
        LeftOffFile file = file("ana", "k1");
        assertThat(file.read()).isEmpty();
        file.write(List.of(new ReadChange.Seen("general", 1, 1)));
        file.write(List.of(new ReadChange.Seen("general", 2, 2)));
        assertThat(told).containsExactly(Notice.LEFT_OFF_FOREIGN);
        assertThat(LeftOffFile.lastChannel(environment(), "ana")).isEmpty();
    }

    @Test
    void writesWhenItCanAgainWhatItCouldNotWriteBefore() throws IOException {
        Files.createDirectories(home.resolve("charla"));
        Files.writeString(home.resolve("charla/channels"), "in the way");
        LeftOffFile file = file("ana", "k1");
        assertThat(file.read()).isEmpty();
        file.write(List.of(new ReadChange.Opened("a")));
        file.write(List.of(new ReadChange.Seen("a", 5, 5)));
        assertThat(told).containsExactly(Notice.LEFT_OFF_AWAY);

        Files.delete(home.resolve("charla/channels"));
        file.write(List.of(new ReadChange.Seen("b", 6, 6)));
        assertThat(file("ana", "k1").read()).containsExactly(
                new ReadMark("a", 5, 5, true), new ReadMark("b", 6, 6, false));
    }

    @Test
    void remembersManyChannelsOfManyClustersButNotAnyNumber() throws IOException {
        for (String cluster : List.of("k1", "k2", "k3")) {
            LeftOffFile file = file("ana", cluster);
            file.write(IntStream.range(0, LeftOffFile.MOST_CHANNELS + 100).mapToObj(i ->
                    (ReadChange) new ReadChange.Seen("c" + i, i, i)).toList());
        }
        assertThat(Files.readAllLines(path("ana"))).hasSize(1 + LeftOffFile.MOST_LINES)
                .noneMatch(line -> line.startsWith("k1 ")).noneMatch(line -> line.startsWith("k3 c99 "));
        assertThat(Files.size(path("ana"))).isLessThan(LeftOffFile.LONGEST_FILE);

        file("ana", "k3").write(IntStream.range(0, LeftOffFile.MOST_OPEN + 1).mapToObj(i ->
                (ReadChange) new ReadChange.Opened("open" + i)).toList());
        assertThat(file("ana", "k3").read()).filteredOn(ReadMark::open).hasSize(LeftOffFile.MOST_OPEN);
    }

    private Map<String, String> environment() {
        return Map.of("XDG_STATE_HOME", home.toString());
    }

    private LeftOffFile file(String userId, String cluster) {
        return new LeftOffFile(environment(), userId, cluster, (notice, arguments) -> told.add(notice));
    }

    private Path path(String userId) {
        return home.resolve("charla/channels").resolve(userId);
    }
}
