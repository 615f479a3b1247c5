package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.charla.access.PlacedMessage;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.RawEvent;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/**
 * Messages that are changed while they come, wait, are paged, chosen and edited, with outages in between: whatever happens
 * in whatever order.
 */
class ChangesPropertiesTest {

    private enum Kind {
        NOTHING, SAY, SAY_BADLY, JUDGE, DELIVER, ANSWER, EDIT, SUBSTITUTE, DELETE, REACT, REPLY, CHOOSE, WRITE, OTHER_EDITS,
        OTHER_DELETES, OTHER_REACTS, TAKE_BACK, SINK, OLDER, HISTORY, GO, RETURN, SWITCH, MONGODB_GOES, MONGODB_RETURNS, TRIM
    }

    private record Step(Kind kind, int number) {
    }

    private static Gen<List<Step>> steps() {
        return lists().of(arbitrary().enumValues(Kind.class).zip(integers().between(1, 9), Step::new))
                .ofSizeBetween(0, 64)
                .map(steps -> steps.stream().filter(step -> step.kind != Kind.NOTHING).toList());
    }

    /** Each message is numbered in its text, and each change of one says which it was meant for. */
    private static final class Play {

        private final World world = new World();
        private final Seen seen = new Seen();
        private final Conversation conversation = world.talk(seen);
        /** What was meant when something was sent that changes a message: the text that it had for the person then. */
        private final List<String> meant = new ArrayList<>();
        private int number;

        void play(List<Step> steps) {
            for (int i = 0; i < 12; i++) {
                world.write("general", i % 3 == 0 ? World.ME : "bob", "past " + i);
            }
            world.sink("general", 9);
            conversation.start("general");
            steps.forEach(this::play);
        }

        private void play(Step step) {
            switch (step.kind) {
                case SAY -> conversation.typed("mine " + number++);
                case SAY_BADLY -> conversation.typed("bad mine " + number++);
                case JUDGE -> world.judge(step.number);
                case DELIVER -> world.deliver(step.number, step.number % 3);
                case ANSWER -> world.answer();
                case EDIT -> edit();
                case SUBSTITUTE -> conversation.typed("s/mine/mine too,/");
                case DELETE -> conversation.typed("/delete");
                case REACT -> conversation.typed("/react " + (step.number % 2 == 0 ? "🎉" : "👍"));
                case REPLY -> conversation.typed("/reply yes " + number++);
                case CHOOSE -> conversation.chooseBy(step.number % 4 == 0 ? 1 : -1);
                case WRITE -> world.write("general", "bob", "his " + number++);
                case OTHER_EDITS -> any(step, "bob").ifPresent(placed -> world.edit(placed, "his anew " + number++));
                case OTHER_DELETES -> any(step, "bob").ifPresent(placed -> world.delete(placed, "bob"));
                case OTHER_REACTS -> any(step, World.ME).ifPresent(placed -> world.react(placed, "bob", "👀"));
                case TAKE_BACK -> any(step, World.ME).ifPresent(placed -> world.react(placed, "bob"));
                case SINK -> world.sink("general", step.number);
                case OLDER -> conversation.typed("/older");
                case HISTORY -> conversation.typed("/history 30");
                case GO -> world.kafkaGoes();
                case RETURN -> world.kafkaReturns();
                case SWITCH -> conversation.typed("/join " + (step.number % 2 == 0 ? "general" : "random"));
                case MONGODB_GOES -> world.mongodbUp = false;
                case MONGODB_RETURNS -> world.mongodbUp = true;
                case TRIM -> world.trim("general", step.number);
                case NOTHING -> { }
                default -> throw new AssertionError(step);
            }
        }

        /** Edits and goes on typing at once. */
        private void edit() {
            Optional<String> line = conversation.typed("/edit");
            if (conversation.status().question() instanceof Question.Edit edit) {
                meant.add(edit.target().message().id());
                assertThat(line).contains(edit.target().message().text());
                Optional<String> back = conversation.typed("edited " + number++ + " of " + edit.target().message().id());
                back.ifPresent(conversation::typed);
                conversation.typed("behind " + number++);
            }
        }

        private Optional<PlacedMessage> any(Step step, String author) {
            List<PlacedMessage> theirs = world.topic("general").stream()
                    .filter(placed -> placed.message().author().userId().equals(author))
                    .filter(placed -> placed.deleted().isEmpty()).toList();
            return theirs.stream().skip(Math.max(0, theirs.size() - step.number)).findFirst();
        }

        void settle() {
            world.mongodbUp = true;
            world.settle();
        }
    }

    @Test
    void theLastThatTheScreenSaysOfAMessageIsHowItStands() {
        AtomicInteger tries = new AtomicInteger();
        AtomicInteger lacking = new AtomicInteger();
        qt().forAll(steps()).checkAssert(steps -> {
            tries.incrementAndGet();
            Play play = new Play();
            play.play(steps);
            play.settle();
            if (play.seen.last().wasToldOf(Notice.HISTORY_AWAY)) {
                // What became of messages that the topic has forgotten, nobody could say.
                lacking.incrementAndGet();
                return;
            }
            Map<Long, PlacedMessage> truth = new HashMap<>();
            play.world.topic(play.seen.last().channel).forEach(placed -> truth.put(placed.position(), placed));
            believed(play.seen.last()).values().forEach(believed ->
                    assertThat(said(believed)).isEqualTo(said(truth.get(believed.position()))));
        });
        assertThat(lacking.get()).as("tries after which the view said that it lacks something, of " + tries)
                .isLessThan(3 * tries.get() / 10);
    }

    /** What a reader of the screen takes for so, by position. */
    private static Map<Long, PlacedMessage> believed(Seen.Look look) {
        Map<Long, PlacedMessage> believed = new HashMap<>();
        for (Item item : look.all) {
            if (item instanceof Item.Said said) {
                believed.put(said.position(), said.message());
            } else if (item instanceof Item.Changed changed) {
                believed.replaceAll((position, placed) -> placed.after(changed.change()));
            }
        }
        return believed;
    }

    private static List<Object> said(PlacedMessage placed) {
        Map<String, List<String>> reactions = new HashMap<>();
        placed.reactions().forEach(reacted -> reactions.put(reacted.userId(), reacted.reactions()));
        return List.of(placed.message().text(), placed.deleted().isPresent(), reactions);
    }

    @Test
    void whatIsDoneToAMessageHitsTheOneThatWasMeantAndNothingElseIsChanged() {
        qt().forAll(steps()).checkAssert(steps -> {
            Play play = new Play();
            play.play(steps);
            play.settle();

            List<RawEvent.Edit> edits = play.world.sent.stream().filter(RawEvent.Edit.class::isInstance)
                    .map(RawEvent.Edit.class::cast).toList();
            assertThat(edits).allSatisfy(edit -> assertThat(edit.target()).startsWith(World.ME + ':'));
            assertThat(edits).filteredOn(edit -> edit.text().startsWith("edited "))
                    .allSatisfy(edit -> assertThat(edit.text()).endsWith(" of " + edit.target()));
            // A message that was typed behind an edit is a message.
            assertThat(play.world.sent).filteredOn(event -> event instanceof RawEvent.Edit edit && edit.text().startsWith("behind "))
                    .isEmpty();
            assertThat(play.world.sent).doesNotHaveDuplicates();
            assertThat(play.conversation.unsettled()).isZero();
        });
    }

    @Test
    void aMessageThatWasTakenBackIsNeverToldOfAgain() {
        qt().forAll(steps()).checkAssert(steps -> {
            Play play = new Play();
            play.play(steps);
            play.settle();
            for (Seen.Look look : play.seen.looks) {
                Map<String, Integer> deleted = new HashMap<>();
                for (Item item : look.all) {
                    if (item instanceof Item.Said said) {
                        said.message().deleted().ifPresent(gone -> deleted.put(said.message().message().id(), 1));
                        assertThat(said.message().deleted().isPresent())
                                .isEqualTo(deleted.containsKey(said.message().message().id()));
                    } else if (item instanceof Item.Changed changed) {
                        String target = changed.change().target().orElseThrow();
                        assertThat(deleted).doesNotContainKey(target);
                        if (changed.change().record() instanceof ChannelRecord.Deletion) {
                            deleted.put(target, 1);
                        }
                    }
                }
            }
        });
    }
}
