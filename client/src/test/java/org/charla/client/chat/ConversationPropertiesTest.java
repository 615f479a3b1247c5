package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.charla.protocol.RawEvent;

/** Whatever happens in whatever order: pages, live messages, refusals, outages of Kafka and MongoDB. */
class ConversationPropertiesTest {

    private enum Step {
        WRITE_HERE, WRITE_THERE, SINK, TRIM, DELIVER, DELIVER_AGAIN, ANSWER, OLDER, SAY, SAY_BADLY, JUDGE, GO, RETURN,
        SWITCH, LEAVE, JOIN, MONGODB_GOES, MONGODB_RETURNS
    }

    @Provide
    Arbitrary<List<Tuple2<Step, Integer>>> steps() {
        return Arbitraries.of(Step.class).flatMap(step -> Arbitraries.integers().between(1, 9)
                .map(number -> Tuple.of(step, number))).list().ofMaxSize(60);
    }

    @Property
    void showsEachMessageOfAChannelOnceAndInOrder(@ForAll("steps") List<Tuple2<Step, Integer>> steps) {
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
        Assume.that(!last.notices.contains(Notice.INCOMPLETE));
        List<PlacedMessage> shown = Stream.concat(last.older.stream(), last.messages.stream()).toList();
        List<PlacedMessage> all = world.topic(last.channel);
        assertThat(shown).extracting(PlacedMessage::position).isEqualTo(all.stream()
                .map(PlacedMessage::position).skip(Math.max(0, all.size() - shown.size())).toList());
        assertThat(shown.isEmpty()).isEqualTo(all.isEmpty());
    }

    @Property
    void sendsWhatWasTypedOnceAndInOrderAndKnowsWhatBecameOfIt(@ForAll("steps") List<Tuple2<Step, Integer>> steps) {
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

    private static List<String> play(World world, Seen seen, List<Tuple2<Step, Integer>> steps) {
        List<String> typed = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            world.write("general", "bob", "past " + i);
        }
        world.sink("general", 25);
        Conversation conversation = world.talk(seen);
        conversation.start("general");
        for (Tuple2<Step, Integer> step : steps) {
            int number = step.get2();
            switch (step.get1()) {
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
