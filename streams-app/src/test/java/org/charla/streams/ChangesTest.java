package org.charla.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.charla.streams.Pipeline.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.test.TestRecord;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelRecord;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RawEvent.Deletion;
import org.charla.protocol.RawEvent.Edit;
import org.charla.protocol.RawEvent.Message;
import org.charla.protocol.RawEvent.Reaction;
import org.charla.protocol.Rejection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What changes messages: alice and bob have claimed nothing, and nothing is ruled. */
class ChangesTest {

    private static final String THUMB = "\uD83D\uDC4D";

    @TempDir
    Path stateDir;
    private Pipeline pipeline;

    @BeforeEach
    void open() {
        pipeline("deduplication.window.ms", "3600000");
        pipeline.profile("alice", "Alice");
        pipeline.profile("bob", "Bob");
    }

    private void pipeline(String... settings) {
        pipeline = new Pipeline(stateDir, settings(settings));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private Edit edit(String userId, String channel, String target, String text) {
        Edit edit = new Edit(pipeline.nextId(), userId, channel, target, text, pipeline.now());
        pipeline.send(edit);
        return edit;
    }

    private Edit edit(Message message, String text) {
        return edit(message.userId(), message.channel(), target(message), text);
    }

    private Deletion delete(String userId, String channel, String target) {
        Deletion deletion = new Deletion(pipeline.nextId(), userId, channel, target, pipeline.now());
        pipeline.send(deletion);
        return deletion;
    }

    private Reaction react(String userId, String channel, String target, String... reactions) {
        Reaction reaction =
                new Reaction(pipeline.nextId(), userId, channel, target, List.of(reactions), pipeline.now());
        pipeline.send(reaction);
        return reaction;
    }

    private static String target(RawEvent event) {
        return event.userId() + ':' + event.messageId();
    }

    private List<TestRecord<String, ChannelRecord>> changes(String channel) {
        return pipeline.channelRecords(channel).stream()
                .filter(record -> record.value().type() != RawEvent.Type.MESSAGE).toList();
    }

    private void assertRefused(String... codes) {
        assertThat(pipeline.rejectionCodes()).containsExactly(codes);
    }

    @Nested
    class AChange {

        @Test
        void standsInItsChannelBehindTheMessageUnderAnIdOfItsOwn() {
            Message said = pipeline.say("alice", "general", "hola");
            pipeline.pass(Duration.ofSeconds(1));
            Edit edit = edit(said, "hola a todos");
            Reaction reaction = react("bob", "general", target(said), THUMB);
            Deletion deletion = delete("alice", "general", target(said));

            List<TestRecord<String, ChannelRecord>> records = pipeline.channelRecords("general");
            Author alice = new Author("alice", "Alice");
            assertThat(records).extracting(TestRecord::value).element(0).extracting(ChannelRecord::id)
                    .isEqualTo(target(said));
            assertThat(records.subList(1, 4)).extracting(TestRecord::value).containsExactly(
                    new ChannelRecord.Edit(edit.messageId(), "general", alice, target(said), "hola a todos",
                            edit.sentAt(), pipeline.now()),
                    new ChannelRecord.Reaction(reaction.messageId(), "general", new Author("bob", "Bob"), target(said),
                            List.of(THUMB), reaction.sentAt(), pipeline.now()),
                    new ChannelRecord.Deletion(
                            deletion.messageId(), "general", alice, target(said), deletion.sentAt(), pipeline.now()));
            assertThat(records.subList(1, 4)).extracting(TestRecord::key)
                    .containsExactly(target(edit), target(reaction), target(deletion));
        }

        @Test
        void isDroppedWhenItComesAgain() {
            Message said = pipeline.say("alice", "general", "hola");
            Edit edit = edit(said, "uno");
            edit(said, "dos");
            pipeline.send(edit);
            Reaction reaction = react("bob", "general", target(said), THUMB);
            react("bob", "general", target(said));
            pipeline.send(reaction);
            assertThat(changes("general")).hasSize(4);
            assertThat(pipeline.metric("duplicates-total")).isEqualTo(2);
        }

        @Test
        void neverMakesAChannelNorSpendsWhatMakingOneTakes() {
            pipeline.close();
            pipeline("channels.per.user.burst", "1", "channels.per.user.per.hour", "1");
            pipeline.profile("bob", "Bob");
            react("bob", "plaza", "alice:x", THUMB);
            delete("bob", "plaza", "bob:x");
            assertThat(pipeline.refused()).hasSize(2).allSatisfy(refused -> {
                assertThat(refused.code()).isEqualTo("CHANNEL_LIMIT");
                assertThat(refused.reason()).isEqualTo("There is no such channel.");
            });
            assertThat(pipeline.channels.made).isEmpty();
            pipeline.say("bob", "plaza", "hola");
            pipeline.assertNothingRejected();
        }

        @Test
        void isHeldToTheFloodLimit() {
            pipeline.close();
            pipeline("flood.limit.burst", "2", "flood.limit.per.minute", "1");
            pipeline.profile("bob", "Bob");
            Message said = pipeline.say("bob", "general", "hola");
            edit(said, "too much");
            assertRefused("RATE_LIMITED");
        }
    }

    @Nested
    class AnEdit {

        @Test
        void mayBeOneOfManyAndOfTheSameTextAndOfADeletedMessage() {
            Message said = pipeline.say("alice", "general", "hola");
            for (int i = 0; i < 10_000; i++) {
                edit(said, "hola");
            }
            delete("alice", "general", target(said));
            edit(said, "back?");
            pipeline.assertNothingRejected();
            assertThat(changes("general")).hasSize(10_002);
        }

        @Test
        void findsItsMessageUpToTheEndOfTheWindow() {
            Message said = pipeline.say("alice", "general", "hola");
            pipeline.pass(Duration.ofHours(1));
            edit(said, "just in time");
            pipeline.pass(Duration.ofMillis(1));
            edit(said, "too late");
            assertThat(pipeline.refused()).containsExactly(new Rejection("UNKNOWN_MESSAGE", "The user sent no such"
                    + " message to the channel within 60 minutes; older ones can't be edited.", "chat.raw-0@4"));
            assertThat(changes("general")).hasSize(1);
        }

        @Test
        void ofWhatIsNoMessageInThisChannelIsRefused() {
            Message said = pipeline.say("alice", "general", "hola");
            Message elsewhere = pipeline.say("alice", "plaza", "hola");
            Edit edit = edit(said, "uno");
            Reaction reaction = react("alice", "general", target(said), THUMB);
            Deletion deletion = delete("alice", "general", "alice:nothing");
            RawEvent.Profile profile = new RawEvent.Profile(pipeline.nextId(), "alice", "Alicia", pipeline.now());
            pipeline.send(profile);
            for (RawEvent target : List.of(elsewhere, edit, reaction, deletion, profile)) {
                edit("alice", "general", target(target), "x");
            }
            edit("alice", "general", "alice:never-sent", "x");
            assertRefused("UNKNOWN_MESSAGE", "UNKNOWN_MESSAGE", "UNKNOWN_MESSAGE", "UNKNOWN_MESSAGE", "UNKNOWN_MESSAGE",
                    "UNKNOWN_MESSAGE");
        }

        @Test
        void ofAMessageThatWasRefusedIsRefused() {
            Message refused = pipeline.say("carol", "general", "hola");
            pipeline.profile("carol", "Carol");
            edit(refused, "x");
            assertRefused("UNKNOWN_USER", "UNKNOWN_MESSAGE");
        }

        @ParameterizedTest
        // The last two look like alice, by a Cyrillic letter and by one that is written in two ways.
        @ValueSource(strings = {"bob", "\u0430lice", "alice:bob", "Alice"})
        void ofAnothersIsRefusedHoweverAlikeTheyAre(String author) {
            pipeline.profile(author, "Author");
            Message said = pipeline.say(author, "general", "hola");
            edit("alice", "general", target(said), "x");
            assertRefused("INVALID_TARGET");
        }

        @Test
        void whoseIdIsTakenIsADuplicateAndNoMessage() {
            Message said = pipeline.say("alice", "general", "hola");
            pipeline.send(new Edit(said.messageId(), "alice", "general", target(said), "itself", pipeline.now()));
            assertThat(changes("general")).isEmpty();
            assertThat(pipeline.metric("duplicates-total")).isEqualTo(1);
        }
    }

    @Nested
    class ADeletionOrReaction {

        @Test
        void mayMeanAnythingWhetherItIsThereOrNot() {
            pipeline.say("alice", "general", "hola");
            delete("alice", "general", "alice:never-sent");
            react("bob", "general", "nobody:never-sent", THUMB);
            react("bob", "general", "bob:own");
            pipeline.assertNothingRejected();
            assertThat(changes("general")).hasSize(3);
        }

        @Test
        void ofAnothersMessageIsForThoseWhoRuleTheChannel() {
            Message said = pipeline.say("alice", "general", "hola");
            delete("bob", "general", target(said));
            assertRefused("NOT_ALLOWED");
            pipeline.claim("owner");
            pipeline.sign(new Message(pipeline.nextId(), "owner", "general", "mine", pipeline.now()));
            pipeline.sign(new Deletion(pipeline.nextId(), "owner", "general", target(said), pipeline.now()));
            pipeline.sign(new Deletion(pipeline.nextId(), "owner", "plaza", target(said), pipeline.now()));
            assertRefused("NOT_ALLOWED");
            assertThat(changes("general")).singleElement().satisfies(record ->
                    assertThat(record.value().author().userId()).isEqualTo("owner"));
        }
    }

    @Test
    void aReplyIsCarriedOnWhateverItAnswers() {
        Message first = new Message(pipeline.nextId(), "alice", "general", "x", Optional.of("bob:later"),
                pipeline.now());
        Message circle = new Message("later", "bob", "general", "y", Optional.of(target(first)), pipeline.now());
        pipeline.send(first);
        pipeline.send(circle);
        assertThat(pipeline.records("general")).extracting(record -> record.value().replyTo().orElseThrow())
                .containsExactly("bob:later", target(first));
    }
}
