package org.charla.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.charla.protocol.Author;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose user id stands beside the name in a conversation, once people were seen there. */
class NamesakesTest {

    private static final Author ALICE = new Author("alice", "Alice", true);

    private final World world = new World();
    private final Conversation conversation = world.talk(new Seen());

    @Test
    void nobodysWhereAllLookDifferent() {
        see(ALICE, new Author("bob", "Bob"), new Author("carmen", "Carmen"));

        for (Author author : List.of(ALICE, new Author("bob", "Bob"), new Author("ana", "Ana"))) {
            assertThat(beside(author)).as(author.userId()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Alice", "alice", "ALICE", "AIice", "\u0410lice", " Alice", "Alice\u3164"})
    void bothWhereANameLooksLikeAnothers(String name) {
        Author mallory = new Author("mallory", name);
        see(ALICE, mallory);

        assertThat(beside(mallory)).contains("mallory");
        assertThat(beside(ALICE)).contains("alice");
    }

    @Test
    void alsoWhereANameLooksLikeAnothersUserId() {
        see(new Author("robert", "Bob"));
        Author mallory = new Author("mallory", "R0bert");
        see(mallory);

        assertThat(beside(mallory)).contains("mallory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ana", "\u0410na", "ana", "AN\u0410"})
    void alsoWhereANameLooksLikeTheReadersOwnWhoHasSaidNothing(String name) {
        assertThat(beside(new Author(World.ME, "Ana"))).isEmpty();
        assertThat(beside(new Author("mallory", name))).contains("mallory");
        assertThat(beside(new Author(World.ME, "Ana"))).contains(World.ME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Alice (alice)", "Alice \uFF08alice\uFF09", "x (", "<Alice", "\u3164"})
    void ofWhoeverHasANameThatLooksAsIfAnIdStoodInItOrLikeNothing(String name) {
        assertThat(beside(new Author("mallory", name))).contains("mallory");
    }

    @Test
    void spellsOutAnIdThatLooksLikeAnothers() {
        Author mallory = new Author("\u0430lice", "Alice");
        see(ALICE, mallory);

        assertThat(beside(mallory)).contains("[U+0430]lice");
        assertThat(beside(ALICE)).contains("alice");
    }

    @Test
    void nobodysOwnNameOfBefore() {
        see(new Author("bob", "Bob"), new Author("bob", "Bobby"), new Author("bob", "bob"));

        assertThat(beside(new Author("bob", "bob"))).isEmpty();
    }

    @Test
    void ofNamesThatBeginAlikeWhereTheRestIsNotShown() {
        Author one = new Author("one", "Christopher the Great of Macedonia");
        see(one, new Author("two", "Christopher the Great of Ireland"));

        assertThat(beside(one)).isEmpty();
        assertThat(conversation.idBeside(one, true)).contains("one");
    }

    @Test
    @Timeout(60)
    void amongTensOfThousandsOfPeopleWithTheLongestNamesAtOnce() {
        String longest = "\uD835\uDC9C".repeat(59);
        for (int i = 0; i < Namesakes.REMEMBERED; i++) {
            see(new Author("u" + i, longest + i));
        }
        see(ALICE, new Author("mallory", "\u0410lice"));
        long begin = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            assertThat(beside(ALICE)).contains("alice");
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }

    private Optional<String> beside(Author author) {
        return conversation.idBeside(author, false);
    }

    private void see(Author... authors) {
        for (Author author : authors) {
            world.names.put(author.userId(), author.displayName());
            conversation.found("general", "text", List.of(world.write("general", author.userId(), "text")), List.of());
        }
    }
}
