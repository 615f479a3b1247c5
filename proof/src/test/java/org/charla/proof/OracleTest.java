package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.charla.proof.Findings.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that are planted in a world that is right: each is found, and called what it is. */
class OracleTest {

    @TempDir
    private Path folder;
    private World world;

    @BeforeEach
    void makeWorld() throws Exception {
        world = new World(folder);
    }

    private void assertFound(Kind... kinds) {
        Findings findings = world.judge();
        assertThat(findings.counts()).as(findings::toString).containsOnlyKeys(kinds);
    }

    @Test
    void findsNothingWhereAllIsRight() {
        assertFound();
    }

    @Test
    void findsAMessageThatIsInNoChannel() {
        world.remove(World.GENERAL, 8);
        world.collection(World.GENERAL).remove("bob:b5");

        assertFound(Kind.LOST);
    }

    @Test
    void findsAChangeThatIsInNoChannel() {
        world.remove(World.GENERAL, 4);
        world.collection(World.GENERAL).get("alice:a1").remove("reactions");

        assertFound(Kind.LOST);
    }

    @Test
    void findsARefusalThatNobodyWasTold() {
        world.remove(Oracle.REJECTED, 1);
        world.remove(Oracle.REFUSALS, 1);

        assertFound(Kind.LOST);
    }

    @Test
    void findsARefusalThatOnlyTheOperatorWasTold() {
        world.remove(Oracle.REFUSALS, 1);

        assertFound(Kind.LOST);
    }

    @Test
    void findsAProfileThatIsNotInUsers() {
        world.remove(Oracle.USERS, 3);

        assertFound(Kind.LOST);
    }

    @Test
    void findsAnOwnerThatNobodyWasTold() {
        world.remove(Oracle.CHANNELS, 0);
        world.remove(Oracle.CHANNELS, 2);
        world.collection(Oracle.CHANNELS).clear();

        assertThat(world.judge().count(Kind.LOST)).isPositive();
    }

    @Test
    void findsAMessageThatIsThereTwice() {
        world.copy(World.GENERAL, 0, 9);

        assertFound(Kind.TWICE);
    }

    @Test
    void findsARefusalThatIsThereTwice() {
        world.copy(Oracle.REJECTED, 0, 9);

        assertFound(Kind.TWICE);
    }

    @Test
    void findsAProfileThatIsThereTwice() {
        world.copy(Oracle.USERS, 1, 2);

        assertFound(Kind.TWICE);
    }

    @Test
    void findsTwoMessagesThatWereSwapped() {
        ConsumerRecord<byte[], byte[]> first = world.at(World.GENERAL, 1);
        ConsumerRecord<byte[], byte[]> second = world.at(World.GENERAL, 8);
        world.remove(World.GENERAL, 1);
        world.remove(World.GENERAL, 8);
        world.move(second, 1);
        world.move(first, 8);

        assertThat(world.judge().count(Kind.OUT_OF_ORDER)).isPositive();
    }

    @Test
    void findsATextThatWasChangedOnTheWay() {
        world.change(World.GENERAL, 8, "later", "sooner");
        world.collection(World.GENERAL).get("bob:b5").put("text", new BsonString("sooner"));

        assertFound(Kind.ALTERED);
    }

    @Test
    void findsARefusedEventThatIsNotKeptAsItCame() {
        world.change(Oracle.REJECTED, 0, "who am I", "who are you");

        assertFound(Kind.ALTERED);
    }

    @Test
    void findsWhatHoldsInAChannelUnlikeItsRules() {
        world.change(Oracle.CHANNELS, 2, "{\"userId\":\"bob\"}", "");
        world.collection(Oracle.CHANNELS).get("club").getArray("muted").clear();

        assertFound(Kind.ALTERED);
    }

    @Test
    void findsAnEventThatShouldHaveBeenAccepted() {
        world.remove(World.GENERAL, 8);
        world.collection(World.GENERAL).remove("bob:b5");
        refuse(13, "MUTED");

        assertFound(Kind.WRONGLY_REFUSED);
    }

    @Test
    void findsAnEventThatWasRefusedForAnotherReason() {
        // One record's headers are the other's.
        world.at(Oracle.REJECTED, 0).headers().remove("rejection.code").add("rejection.code", "MUTED".getBytes(UTF_8));

        assertFound(Kind.WRONGLY_REFUSED);
    }

    private void refuse(long rawOffset, String code) {
        for (String topic : new String[] {Oracle.REJECTED, Oracle.REFUSALS}) {
            world.copy(topic, 0, 20);
            ConsumerRecord<byte[], byte[]> copied = world.at(topic, 20);
            ConsumerRecord<byte[], byte[]> raw = world.at(Oracle.RAW, rawOffset);
            world.remove(topic, 20);
            ConsumerRecord<byte[], byte[]> added = new ConsumerRecord<>(topic, 0, 20, 0, copied.timestampType(), 0, 0,
                    copied.key() == null ? null : raw.key(), copied.key() == null ? null : raw.value(),
                    new RecordHeaders(copied.headers().toArray()),
                    Optional.empty());
            added.headers().remove("rejection.code").add("rejection.code", code.getBytes(UTF_8));
            added.headers().remove("rejection.source")
                    .add("rejection.source", ("chat.raw-0@" + rawOffset).getBytes(UTF_8));
            world.add(added);
        }
    }

    @Test
    void findsAnEventThatShouldHaveBeenRefused() {
        world.remove(Oracle.REJECTED, 4);
        world.remove(Oracle.REFUSALS, 4);
        accept(World.CLUB, 3, "bob:b6", "{\"messageId\":\"b6\",\"channel\":\"club\",\"author\":{\"userId\":\"bob\","
                + "\"displayName\":\"Bob\"},\"text\":\"let me in\",\"sentAt\":17,\"acceptedAt\":" + World.at(17) + "}");

        assertThat(world.judge().counts()).isEqualTo(Map.of(Kind.WRONGLY_ACCEPTED, 1L, Kind.DOCUMENT_MISSING, 1L));
    }

    private void accept(String topic, long offset, String key, String value) {
        ConsumerRecord<byte[], byte[]> any = world.at(World.CLUB, 0);
        world.add(new ConsumerRecord<>(topic, 0, offset, 0, any.timestampType(), 0, 0, key.getBytes(UTF_8),
                value.getBytes(UTF_8), new RecordHeaders(), Optional.empty()));
    }

    @Test
    void findsARuleOfWhoMayNotRule() {
        world.change(Oracle.CHANNELS, 0, "\"owner\":\"dora\"", "\"owner\":\"bob\"");
        world.change(Oracle.CHANNELS, 2, "\"owner\":\"dora\"", "\"owner\":\"bob\"");

        assertThat(world.judge().count(Kind.WRONGLY_ACCEPTED)).isPositive();
    }

    @Test
    void findsAMessageThatNobodySent() {
        accept(World.CLUB, 3, "bob:b7", "{\"messageId\":\"b7\",\"channel\":\"club\",\"author\":{\"userId\":\"bob\","
                + "\"displayName\":\"Bob\"},\"text\":\"from nowhere\",\"sentAt\":17,\"acceptedAt\":"
                + World.at(17) + "}");

        assertThat(world.judge().counts()).isEqualTo(Map.of(Kind.FROM_NOWHERE, 1L, Kind.DOCUMENT_MISSING, 1L));
    }

    @Test
    void findsAnAcknowledgedRecordThatKafkaLost() {
        world.acknowledge(19, world.at(Oracle.RAW, 2));

        assertFound(Kind.LOST_BY_KAFKA);
    }

    @Test
    void findsARecordThatKafkaHasTwice() {
        world.copy(Oracle.RAW, 2, 19);

        assertFound(Kind.NOT_WRITTEN);
    }

    @Test
    void takesAnAttemptThatNobodySaidAnythingOfForThereOrNot() {
        ConsumerRecord<byte[], byte[]> raw = world.at(Oracle.RAW, 2);
        long hash = Attempt.hash(raw.key(), raw.value(), null);
        world.ledger().note(new Attempt(Attempt.Answer.UNSAID, 0, -1, hash));
        assertFound();

        world.copy(Oracle.RAW, 2, 19);
        assertFound();
    }

    @Test
    void findsADeadLetter() {
        ConsumerRecord<byte[], byte[]> record = world.at(World.GENERAL, 0);
        world.add(new ConsumerRecord<>(Oracle.DEAD_LETTERS, 0, 0, record.key(), record.value()));

        assertFound(Kind.DEAD_LETTER);
    }

    @Test
    void findsAMissingDocument() {
        world.collection(World.GENERAL).remove("bob:b5");
        assertFound(Kind.DOCUMENT_MISSING);
    }

    @Test
    void findsAMissingUser() {
        world.collection(Oracle.USERS).remove("bob");
        assertFound(Kind.DOCUMENT_MISSING);
    }

    @Test
    void findsADeletionThatWasUndone() {
        BsonDocument deleted = world.collection(World.GENERAL).get("bob:b1");
        deleted.remove("deleted");
        deleted.put("text", new BsonString("sí"));

        assertFound(Kind.DOCUMENT_UNEQUAL);
    }

    @Test
    void findsATextOfADeletedMessage() {
        world.collection(World.GENERAL).get("bob:b1").put("text", new BsonString("sí"));
        assertFound(Kind.DOCUMENT_UNEQUAL);
    }

    @Test
    void findsAnEditThatWasNotApplied() {
        BsonDocument edited = world.collection(World.GENERAL).get("alice:a1");
        edited.remove("edited");
        edited.put("text", new BsonString("hola"));

        assertFound(Kind.DOCUMENT_UNEQUAL);
    }

    @Test
    void findsAReactionThatWasNotApplied() {
        world.collection(World.GENERAL).get("alice:a1").remove("reactions");
        assertFound(Kind.DOCUMENT_UNEQUAL);
    }

    @Test
    void findsADocumentAtAnotherPosition() {
        world.collection(World.GENERAL).get("bob:b5").put("offset", new BsonInt64(9));
        assertFound(Kind.DOCUMENT_UNEQUAL);
    }

    @Test
    void findsADocumentTooMany() {
        world.add(World.GENERAL, world.collection(World.GENERAL).get("bob:b5").clone()
                .append("_id", new BsonString("bob:b9")));
        assertFound(Kind.DOCUMENT_EXTRA);
    }

    @Test
    void findsAUserWhoseProfileWasRemoved() {
        world.add(Oracle.USERS,
                world.collection(Oracle.USERS).get("bob").clone().append("_id", new BsonString("alice")));
        assertFound(Kind.DOCUMENT_EXTRA);
    }

    @Test
    void findsACollectionOfNoChannel() {
        world.add(Oracle.CHANNEL + "nowhere", BsonDocument.parse("{'_id':'x'}"));
        assertFound(Kind.DOCUMENT_EXTRA);
    }

    @Test
    void findsAMissingIndex() {
        world.indexesOf(World.GENERAL).clear();
        assertFound(Kind.INDEX);
    }

    @Test
    void findsAnIndexTooMany() {
        world.index(World.CLUB, "{'v':2,'key':{'text':1},'name':'text_1'}");
        assertFound(Kind.INDEX);
    }

    @Test
    void leavesAloneWhatRetentionTookBeforeAnybodyReadIt() {
        world.remove(World.GENERAL, 8);
        world.collection(World.GENERAL).remove("bob:b5");
        world.ledger().taken(0, 13, 14);

        assertFound();
    }

    @Test
    void readsPositionsOfATopicThatWasMadeAnew() {
        world.add("chat.topics", BsonDocument.parse("{'_id':'" + World.CLUB + "','topics':[{'id':'before','base':"
                + "{'$numberLong':'0'}},{'id':'id-of-" + World.CLUB + "','base':{'$numberLong':'1000000000000'}}]}"));
        BsonDocument later = world.collection(World.CLUB).get("dora:d1");
        world.add(World.CLUB, later.clone().append("_id", new BsonString("dora:of-before")));
        assertFound(Kind.DOCUMENT_UNEQUAL);

        later.put("offset", new BsonInt64(1_000_000_000_000L));
        assertFound();
    }
}
