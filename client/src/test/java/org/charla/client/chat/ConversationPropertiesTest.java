package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.charla.access.PlacedMessage;
import org.charla.protocol.RawEvent;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Whatever happens in whatever order: pages, live messages, refusals, outages of Kafka and MongoDB. */
class ConversationPropertiesTest {

    /** The first is the one that shrinking makes of whatever needn't be there. */
    private enum Kind {
        NOTHING, WRITE_HERE, WRITE_THERE, SINK, TRIM, DELIVER, DELIVER_AGAIN, ANSWER, OLDER, SAY, SAY_BADLY, JUDGE, GO,
        RETURN, SWITCH, LEAVE, JOIN, MONGODB_GOES, MONGODB_RETURNS
    }

    private record Step(Kind kind, int number) {
    }

    private static Gen<List<Step>> steps() {
        return lists().of(arbitrary().enumValues(Kind.class).zip(integers().between(1, 9), Step::new))
                .ofSizeBetween(0, 64)
                .map(steps -> steps.stream().filter(step -> step.kind != Kind.NOTHING).toList());
    }

    @Test
    void showsEachMessageOfAChannelOnceAndInOrder() {
        AtomicInteger incomplete = new AtomicInteger();
        qt().forAll(steps()).checkAssert(steps -> {
            if (!assertShown(steps)) {
                incomplete.incrementAndGet();
            }
        });
        assertThat(incomplete).as("tries after which the view said that it lacks something").hasValueLessThan(100);
    }

    /** Whether the view had all there is, so that it could be compared. */
    private static boolean assertShown(List<Step> steps) {
        World world = new World();
        Seen seen = new Seen();
        play(world, seen, steps);
        if (world.conversation.status().channel() == null) {
            world.conversation.typed("/join general");
        }
        world.mongodbUp = true;
        world.settle();

        for (Seen.Look look : seen.looks) {
            assertThat(look.messages).extracting(PlacedMessage::position).isSorted().doesNotHaveDuplicates();
        }
        Seen.Look last = seen.last();
        if (last.notices.contains(Notice.INCOMPLETE)) {
            return false;
        }
        List<PlacedMessage> shown = Stream.concat(last.older.stream(), last.messages.stream()).toList();
        List<PlacedMessage> all = world.topic(last.channel);
        assertThat(shown).extracting(PlacedMessage::position).isEqualTo(all.stream()
                .map(PlacedMessage::position).skip(Math.max(0, all.size() - shown.size())).toList());
        assertThat(shown.isEmpty()).isEqualTo(all.isEmpty());
        return true;
    }

    @Test
    void sendsWhatWasTypedOnceAndInOrderAndKnowsWhatBecameOfIt() {
        qt().forAll(steps()).checkAssert(ConversationPropertiesTest::assertSent);
    }

    private static void assertSent(List<Step> steps) {
        World world = new World();
        Seen seen = new Seen();
        List<String> typed = play(world, seen, steps);
        world.mongodbUp = true;
        world.settle();

        assertThat(world.sent).filteredOn(event -> event instanceof RawEvent.Message)
                .extracting(event -> ((RawEvent.Message) event).text()).isEqualTo(typed);
        assertThat(world.sent).first().isInstanceOf(RawEvent.Profile.class);
        assertThat(world.conversation.unsettled()).isZero();
        assertThat(seen.notices()).filteredOn(Notice.REFUSED::equals)
                .hasSize((int) typed.stream().filter(text -> text.startsWith("bad")).count());
    }

    private static List<String> play(World world, Seen seen, List<Step> steps) {
        List<String> typed = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            world.write("general", "bob", "past " + i);
        }
        world.sink("general", 25);
        Conversation conversation = world.talk(seen);
        conversation.start("general");
        for (Step step : steps) {
            int number = step.number;
            switch (step.kind) {
                case WRITE_HERE -> repeat(number, () -> world.write("general", "bob", "new"));
                case WRITE_THERE -> repeat(number, () -> world.write("random", "bob", "ana, look"));
                case SINK -> world.sink("general", number);
                case TRIM -> world.trim("general", number);
                case DELIVER -> world.deliver(number, 0);
                case DELIVER_AGAIN -> world.deliver(number, number);
                case ANSWER -> world.answer();
                case OLDER -> conversation.typed("/older");
                case SAY -> say(conversation, typed, "text " + typed.size());
                case SAY_BADLY -> say(conversation, typed, "bad " + typed.size());
                case JUDGE -> world.judge(number);
                case GO -> world.kafkaGoes();
                case RETURN -> world.kafkaReturns();
                case SWITCH -> conversation.switchBy(number);
                case LEAVE -> conversation.typed("/leave");
                case JOIN -> conversation.typed("/join " + (number % 2 == 0 ? "general" : "random"));
                case MONGODB_GOES -> world.mongodbUp = false;
                case MONGODB_RETURNS -> world.mongodbUp = true;
                case NOTHING -> { }
                default -> throw new AssertionError(step);
            }
        }
        return typed;
    }

    private static void say(Conversation conversation, List<String> typed, String text) {
        if (conversation.status().channel() != null) {
            typed.add(text);
            assertThat(conversation.typed(text)).isEmpty();
        }
    }

    private static void repeat(int times, Runnable action) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }
}
