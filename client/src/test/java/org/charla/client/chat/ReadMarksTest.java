package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadMarksTest {

    private final ReadMarks marks = new ReadMarks();

    /** What happens next: to the channel, or in one of three chats of the same person. */
    private record Step(int kind, int chat, int number) {
    }

    /** What a chat knows of the channel, and has not told yet. */
    private static final class Chat {

        final List<ReadChange> untold = new ArrayList<>();
        long next;
        long told = ReadMark.NOWHERE;

        void read(long end, long now) {
            if (end < next) {
                untold.add(new ReadChange.Anew("c", end, now));
            }
            next = end;
            untold.add(new ReadChange.Seen("c", end, now));
        }

        void tell(ReadMarks marks) {
            untold.forEach(marks::apply);
            told = untold.isEmpty() ? told : next;
            untold.clear();
        }
    }

    @Test
    void positionsOnlyGoForwardInATopicWhicheverChatTellsThem() {
        qt().forAll(lists().of(integers().between(0, 5).zip(integers().between(0, 2), integers().between(1, 50), Step::new))
                .ofSizeBetween(0, 60)).checkAssert(steps -> {
                    List<Chat> chats = List.of(new Chat(), new Chat(), new Chat());
                    ReadMarks told = new ReadMarks();
                    long end = 0;
                    for (int i = 0; i < steps.size(); i++) {
                        Step step = steps.get(i);
                        Chat chat = chats.get(step.chat);
                        if (step.kind == 0) {
                            // All follow it, and nobody is that late.
                            for (Chat each : chats) {
                                each.tell(told);
                                each.next = Math.max(each.next, end);
                                each.told = ReadMark.NOWHERE;
                            }
                            end = 0;
                        } else if (step.kind <= 2) {
                            end += step.number;
                        } else if (step.kind == 3) {
                            chat.tell(told);
                        } else {
                            chat.read(end, i);
                        }
                        long position = told.all().stream().mapToLong(ReadMark::position).findFirst().orElse(ReadMark.NOWHERE);
                        assertThat(chats).allMatch(each -> position >= each.told);
                    }
                    long last = end;
                    chats.forEach(each -> each.read(last, steps.size()));
                    chats.forEach(each -> each.tell(told));
                    assertThat(told.all()).containsExactly(new ReadMark("c", last, steps.size(), false));
                });
    }

    @Test
    void theLastWordOnAChannelHoldsAndTellingPositionsOpensNone() {
        qt().forAll(lists().of(integers().between(0, 2).zip(integers().between(0, 9), integers().between(0, 3), Step::new))
                .ofSizeBetween(0, 60)).checkAssert(steps -> {
                    List<String> expected = new ArrayList<>();
                    for (int i = 0; i < steps.size(); i++) {
                        String name = "c" + steps.get(i).number;
                        if (steps.get(i).kind == 0) {
                            marks.apply(new ReadChange.Seen(name, i, i));
                        } else if (steps.get(i).kind == 1) {
                            marks.apply(new ReadChange.Closed(name));
                            expected.remove(name);
                        } else {
                            opened(name);
                            if (!expected.contains(name)) {
                                expected.add(name);
                            }
                        }
                    }
                    assertThat(open()).isEqualTo(expected);
                    expected.forEach(name -> marks.apply(new ReadChange.Closed(name)));
                });
    }

    @Test
    void keepsTheOrderOfTheOpenChannelsAndPutsOneThatIsOpenedAgainLast() {
        opened("a", "b", "c");
        opened("a");
        marks.apply(new ReadChange.Seen("b", 5, 1));
        marks.apply(new ReadChange.Closed("b"));
        assertThat(open()).containsExactly("a", "c");

        opened("b");
        assertThat(open()).containsExactly("a", "c", "b");
        assertThat(marks.all()).contains(new ReadMark("b", 5, 1, true));
    }

    @Test
    void beginsAgainWhereATopicWasMadeAnewWhoeverFindsThatOutAndHoweverOften() {
        marks.apply(new ReadChange.Seen("a", 900, 1));
        marks.apply(new ReadChange.Anew("a", 5, 2));
        marks.apply(new ReadChange.Seen("a", 7, 3));
        assertThat(marks.all()).containsExactly(new ReadMark("a", 7, 3, false));

        marks.apply(new ReadChange.Anew("a", 5, 2));
        marks.apply(new ReadChange.Anew("a", 20, 9));
        marks.apply(new ReadChange.Seen("a", 3, 9));
        assertThat(marks.all()).containsExactly(new ReadMark("a", 7, 3, false));
    }

    @Test
    void forgetsClosedChannelsFirstAndThoseThatWereSeenLongestAgo() {
        IntStream.range(0, 10).forEach(i -> {
            marks.apply(new ReadChange.Seen("c" + i, i, 100 - i));
            if (i % 2 == 1) {
                opened("c" + i);
            }
        });
        marks.keep(7, 4);
        assertThat(marks.all()).extracting(ReadMark::channel)
                .containsExactlyInAnyOrder("c0", "c2", "c4", "c1", "c3", "c5", "c7");
        assertThat(open()).containsExactly("c1", "c3", "c5", "c7");
    }

    private void opened(String... channels) {
        List.of(channels).forEach(channel -> marks.apply(new ReadChange.Opened(channel)));
    }

    private List<String> open() {
        return marks.all().stream().filter(ReadMark::open).map(ReadMark::channel).toList();
    }
}
