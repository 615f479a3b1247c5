package org.charla.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;
import com.mongodb.bulk.BulkWriteResult;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonMaximumSizeExceededException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

    static Stream<Throwable> outages() {
        MongoException labelled = new MongoException(4242, "new");
        labelled.addLabel("TransientTransactionError");
        return Stream.of(new MongoTimeoutException("no server"), new MongoInterruptedException("stopped", null),
                new MongoSocketOpenException("refused", new ServerAddress()), command(189), command(11600), labelled,
                new DataException("wrapped", new MongoTimeoutException("no server")),
                new MongoBulkWriteException(BulkWriteResult.unacknowledged(), List.of(), null, new ServerAddress(),
                        Set.of("RetryableWriteError")));
    }

    @ParameterizedTest
    @MethodSource("outages")
    void whatPassesIsAnOutage(Throwable error) {
        assertThat(Fault.of(error)).isEqualTo(Fault.OUTAGE);
    }

    static Stream<Throwable> records() {
        return Stream.of(new BsonMaximumSizeExceededException("too large"), new BsonInvalidOperationException("no"),
                new DataException("no value"), new IllegalArgumentException("a field begins with $"), command(10334),
                command(17420), command(11000), new DataException("wrapped", new BsonInvalidOperationException("no")));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatALoneRecordBringsAboutIsTheRecords(Throwable error) {
        assertThat(Fault.of(error)).isEqualTo(Fault.RECORD);
    }

    static Stream<Throwable> others() {
        return Stream.of(command(13), command(4242), new ConfigException("no"), new NullPointerException(),
                new MongoSecurityException(MongoCredential.createCredential("u", "admin", new char[0]), "refused"),
                new DataException("wrapped", new NullPointerException()), new DataException("wrapped", command(13)));
    }

    @ParameterizedTest
    @MethodSource("others")
    void whateverElseNeedsAPerson(Throwable error) {
        assertThat(Fault.of(error)).isEqualTo(Fault.OTHER);
    }

    @Test
    void ofASingleWriteWhatNeitherPassesNorConcernsTheWriterIsTheRecords() {
        assertThat(Fault.ofWrite(112)).isEqualTo(Fault.OUTAGE);
        assertThat(Fault.ofWrite(13)).isEqualTo(Fault.OTHER);
        assertThat(Fault.ofWrite(11000)).isEqualTo(Fault.RECORD);
        assertThat(Fault.ofWrite(4242)).isEqualTo(Fault.RECORD);
    }

    @Test
    void anIdIsTakenWhereTheDuplicateKeyIsOfItsIndex() {
        assertThat(Fault.isIdTaken(11000, "E11000 duplicate key error collection: c index: _id_ dup key: { _id: 1 }"))
                .isTrue();
        assertThat(Fault.isIdTaken(11000, "E11000 duplicate key error collection: c index: _id_ dup key:")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "E11000 duplicate key error collection: chat.c index: a_1 dup key: { a: \" index: _id_ dup key\" }",
        "E11000 duplicate key error collection: chat.c index: a_id_1 dup key: { a: 1 }",
        "E11000 duplicate key error collection: chat.c index: my_id_ dup key: { a: 1 }", ""})
    void anIdIsNotTakenWhereItIsOfAnotherIndex(String message) {
        assertThat(Fault.isIdTaken(11000, message)).isFalse();
    }

    @Test
    void noOtherErrorTakesAnId() {
        assertThat(Fault.isIdTaken(121, "E11000 duplicate key error collection: c index: _id_ dup key: {}")).isFalse();
    }

    private static MongoCommandException command(int code) {
        return new MongoCommandException(MemoryCollection.answer(code, "no"), new ServerAddress());
    }
}
