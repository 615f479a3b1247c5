package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a conversation asks for the keys of people. */
class KeyWatchTest {

    private final World world = new World();
    private final Seen seen = new Seen();
    private Conversation conversation;

    @BeforeEach
    void begin() {
        world.signing.addAll(List.of("bob", "eve"));
        conversation = world.talk(seen);
        conversation.start("general");
        world.settle();
    }

    @Test
    void asksAtOnceForThoseWhoSignAndAreSeenForTheFirstTime() {
        say("bob", "carol", "bob", "eve");

        assertThat(world.keysAsked).containsExactly("bob", "eve");
    }

    @Test
    void asksAgainALittleLaterWhenTheySpeakAgainAndNeverOtherwise() {
        say("bob");
        say("bob");
        assertThat(world.keysAsked).containsExactly("bob");
        pass(KeyWatch.SETTLED_MS);
        assertThat(world.keysAsked).containsExactly("bob", "bob");
        pass(1_000_000);
        assertThat(world.keysAsked).hasSize(2);
    }

    @Test
    void asksOneQuestionAtATime() {
        world.write("general", "bob", "hi");
        world.deliver(10, 0);
        conversation.tick();
        world.write("general", "eve", "hi");
        world.deliver(10, 0);
        conversation.tick();
        assertThat(world.keysAsked).containsExactly("bob");
        world.settle();
        conversation.tick();
        assertThat(world.keysAsked).containsExactly("bob", "eve");
    }

    @Test
    void leavesAMongodbAloneForAWhileThatDoesNotAnswer() {
        world.mongodbUp = false;
        say("bob");
        say("eve");
        assertThat(world.keysAsked).containsExactly("bob");
        world.mongodbUp = true;
        pass(KeyWatch.AFTER_FAILURE_MS);
        assertThat(world.keysAsked.subList(1, world.keysAsked.size())).containsExactlyInAnyOrder("bob", "eve");
    }

    @Test
    void tellsOfAnotherKey() {
        conversation.otherKey("bob", "SHA256:old", "SHA256:new");

        assertThat(seen.told).contains(new Seen.Told(Notice.OTHER_KEY, List.of("bob", "SHA256:new", "SHA256:old")));
    }

    private void say(String... authors) {
        for (String author : authors) {
            world.write("general", author, "hi");
        }
        world.deliver(100, 0);
        conversation.tick();
        world.settle();
    }

    private void pass(long milliseconds) {
        world.now += milliseconds;
        conversation.tick();
        world.settle();
    }
}
