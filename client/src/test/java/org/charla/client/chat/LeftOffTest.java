package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.charla.access.Connection;
import org.charla.access.PlacedMessage;
import org.junit.jupiter.api.Test;

/** From one time to the next: each conversation ends, or is killed, and another one goes on where it was. */
class LeftOffTest {

    private final World world = new World();
    private Seen seen = new Seen();
    private Conversation conversation;

    @Test
    void opensTheChannelsOfLastTimeAgainInTheirOrderWithWhatIsUnread() {
        begin("general", "/join random", "/join ops", "/join gone", "/leave");
        world.write("random", "bob", "one");
        world.write("random", "bob", "hi ana");
        world.write("random", World.ME, "mine, from elsewhere");
        world.write("general", "bob", "two");
        again("ops");

        assertThat(conversation.status().tabs()).containsExactly(
                new StatusLine.Tab("general", false, 1, false), new StatusLine.Tab("random", false, 2, true),
                new StatusLine.Tab("ops", true, 0, false));
        assertThat(seen.rung).isZero();
        conversation.switchToUnread();
        assertThat(seen.last().channel).isEqualTo("random");
        assertThat(seen.last().since).isEqualTo(lastSeen("random"));
        assertThat(seen.texts()).containsExactly("one", "hi ana", "mine, from elsewhere");
    }

    @Test
    void saysWhereThePersonLeftOffInTheChannelThatItBeginsWith() {
        write("general", 30);
        begin("general");
        write("general", 3);
        again("general");

        assertThat(seen.texts()).hasSize(Conversation.PAGE).last().isEqualTo("text 2");
        assertThat(seen.last().readBefore).isEqualTo(Conversation.PAGE - 3);
        assertThat(seen.last().since).isEqualTo(lastSeen("general"));
        conversation.typed("/older");
        world.settle();
        assertThat(seen.past).extracting(PlacedMessage::position).last().asInstanceOf(
                InstanceOfAssertFactories.LONG).isLessThan(seen.last().messages.get(0).position());

        again("general");
        assertThat(seen.last().unread).isFalse();
        assertThat(seen.texts()).hasSize(Conversation.PAGE);
    }

    @Test
    void countsExactlyWhatIsTooMuchToBeShown() {
        begin("general", "/join random");
        write("general", 1_000);
        write("random", 1_000);
        world.sink("random", 700);
        again("general");

        assertThat(seen.told).contains(new Seen.Told(Notice.EARLIER_UNREAD, List.of(800L)));
        assertThat(seen.texts()).hasSize(200);
        assertThat(conversation.status().tabs()).contains(new StatusLine.Tab("random", false, 1_000, false));
        conversation.switchBy(1);
        assertThat(seen.told).filteredOn(new Seen.Told(Notice.EARLIER_UNREAD, List.of(800L))::equals).hasSize(2);
        assertThat(seen.last().since).isEqualTo(lastSeen("random"));
    }

    @Test
    void countsExactlyWhatCameWhileKafkaWasAway() {
        begin("general", "/join random");
        world.kafkaGoes();
        world.write("general", "bob", "hi ana");
        write("general", 1_000);
        world.sink("general", 700);
        world.trim("general", 500);
        world.settle();

        assertThat(conversation.status().tabs()).contains(new StatusLine.Tab("general", false, 1_001, true));
    }

    @Test
    void opensManyChannelsOneAfterTheOtherBehindTheOneThatIsLookedAt() {
        IntStream.range(0, 300).forEach(i -> {
            world.write("c" + i, "bob", "old");
            world.lastTime.add(new ReadMark("c" + i, 3, 1, true));
            write("c" + i, 100);
        });
        conversation = world.talk(seen);
        conversation.start("c250");
        assertThat(world.mostAsked).isEqualTo(2);
        world.kafkaReturns();
        world.answer();
        world.answer();
        assertThat(seen.texts()).hasSize(101).contains("old");
        world.settle();

        assertThat(world.mostAsked).isLessThanOrEqualTo(5);
        assertThat(conversation.status().tabs()).hasSize(300).extracting(StatusLine.Tab::unread)
                .containsOnly(100L, 0L);
        assertThat(conversation.status().tabs().get(250).current()).isTrue();
    }

    @Test
    void losesNoMoreThanASecondWhereItIsKilled() {
        begin("general", "/join random");
        write("random", 5);
        world.settle();
        world.now += LeftOff.PAUSE_MS;
        conversation.tick();
        write("random", 1);
        world.settle();
        conversation.tick();
        kill("random");

        assertThat(seen.texts()).hasSize(6);
        assertThat(seen.last().readBefore).isEqualTo(5);
        assertThat(conversation.status().tabs()).extracting(StatusLine.Tab::channel).containsExactly("general", "random");
    }

    @Test
    void remembersWhereThePersonLeftOffInAChannelThatTheyClosed() {
        begin("general", "/join random");
        write("random", 1);
        world.settle();
        conversation.typed("/leave");
        write("random", 2);
        world.settle();
        conversation.typed("/join random");
        world.settle();
        assertThat(seen.last().readBefore).isEqualTo(1);
        assertThat(seen.last().since).isNotZero();

        conversation.typed("/leave");
        write("random", 4);
        again("general");
        assertThat(conversation.status().tabs()).extracting(StatusLine.Tab::channel).containsExactly("general");
        conversation.typed("/join random");
        world.settle();
        assertThat(seen.last().readBefore).isEqualTo(3);
    }

    @Test
    void takesAChannelThatWasMadeAnewForUnreadAndGoesOnThere() {
        write("general", 50);
        write("random", 50);
        world.sink("random", 50);
        begin("general", "/join random");
        world.remake("general");
        world.remake("random");
        write("general", 2);
        write("random", 3);
        again("random");

        assertThat(seen.notices()).contains(Notice.STARTED_ANEW);
        assertThat(seen.texts()).containsExactly("text 0", "text 1", "text 2");
        assertThat(conversation.status().tabs()).contains(new StatusLine.Tab("general", false, 2, false));
        conversation.switchBy(1);
        assertThat(seen.texts()).containsExactly("text 0", "text 1");

        write("general", 1);
        again("random");
        assertThat(conversation.status().tabs()).contains(new StatusLine.Tab("general", false, 1, false));
    }

    @Test
    void goesOnWithAChannelThatIsGone() {
        write("general", 50);
        begin("general", "/join random");
        world.remake("general");
        again("random");

        assertThat(conversation.status().tabs()).contains(new StatusLine.Tab("general", false, 0, false));
        write("general", 1);
        world.settle();
        assertThat(conversation.status().tabs()).contains(new StatusLine.Tab("general", false, 1, false));
    }

    @Test
    void opensNoMoreOftenAChannelThatMayNotBeReadAnyLonger() {
        begin("general", "/join secret", "/join random");
        world.denied.add("secret");
        again("random");
        assertThat(seen.notices()).containsOnlyOnce(Notice.DENIED);
        assertThat(conversation.status().tabs()).extracting(StatusLine.Tab::channel).containsExactly("general", "random");

        again("random");
        assertThat(seen.notices()).doesNotContain(Notice.DENIED);
    }

    @Test
    void forgetsNothingOfWhatWasReadWhereKafkaOrBothServersAreAway() {
        write("general", 50);
        world.sink("general", 30);
        begin("general", "/join random");
        for (boolean mongodb : List.of(true, false)) {
            world.mongodbUp = mongodb;
            world.kafkaUp = false;
            end();
            start("general");
            conversation.disconnected(Connection.DOWN);
            IntStream.range(0, 9).forEach(i -> world.answer());
            assertThat(seen.last().unread).isFalse();
        }
        world.mongodbUp = true;
        write("general", 4);
        world.settle();
        assertThat(seen.last().readBefore).isPositive();
        assertThat(seen.last().messages).hasSize(seen.last().readBefore + 4);
    }

    @Test
    void opensAtOnceWhatThePersonSpeaksOfBeforeItIsKnownWhereTheyLeftOff() {
        world.write("general", "bob", "old");
        world.lastTime.add(new ReadMark("general", 3, 1, true));
        world.lastTime.add(new ReadMark("random", 3, 1, true));
        world.forgetful = true;
        conversation = world.talk(seen);
        conversation.start("general");
        conversation.typed("/join ops");
        assertThat(world.mostAsked).isZero();

        conversation.lastTime(world.lastTime);
        world.settle();
        assertThat(conversation.status().tabs()).extracting(StatusLine.Tab::channel)
                .containsExactly("general", "random", "ops");
        assertThat(conversation.status().channel()).isEqualTo("ops");
    }

    /** The first time: in a channel, then with some commands. */
    private void begin(String channel, String... lines) {
        start(channel);
        world.settle();
        for (String line : lines) {
            conversation.typed(line);
            world.settle();
        }
    }

    private void start(String channel) {
        seen = new Seen();
        conversation = world.talk(seen);
        conversation.start(channel);
    }

    /** The person leaves, and comes back a day later. */
    private void again(String channel) {
        end();
        start(channel);
        world.settle();
    }

    private void end() {
        conversation.left();
        kill();
    }

    private void kill(String channel) {
        kill();
        start(channel);
        world.settle();
    }

    private void kill() {
        world.now += 86_400_000;
        world.lastTime.clear();
        world.lastTime.addAll(world.remembered.all());
        world.restart();
    }

    private long lastSeen(String channel) {
        return world.lastTime.stream().filter(mark -> mark.channel().equals(channel)).findFirst().orElseThrow().at();
    }

    private void write(String channel, int count) {
        IntStream.range(0, count).forEach(i -> world.write(channel, "bob", "text " + i));
    }
}
