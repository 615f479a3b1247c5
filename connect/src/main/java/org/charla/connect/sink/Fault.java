package org.charla.connect.sink;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.bson.BSONException;
import org.bson.BsonSerializationException;
import org.bson.codecs.configuration.CodecConfigurationException;

/** Whose fault it is that something was not written. */
enum Fault {

    /** MongoDB's, for now: it is away, starting, electing a primary or too slow. */
    OUTAGE,

    /** A record's: no other record is concerned, and trying again is of no use. */
    RECORD,

    /** The configuration's, the permissions', or nobody knows whose: a person is needed. */
    OTHER;

    /** The numbers of MongoDB's errors (its {@code error_codes.yml}) that pass by themselves. */
    private static final Set<Integer> PASSING = Set.of(
            6 /* HostUnreachable */, 7 /* HostNotFound */, 24 /* LockTimeout */, 46 /* LockBusy */,
            50 /* MaxTimeMSExpired */, 64 /* WriteConcernTimeout */, 89 /* NetworkTimeout */,
            91 /* ShutdownInProgress */, 94 /* NotYetInitialized */, 112 /* WriteConflict */,
            117 /* ConflictingOperationInProgress */, 133 /* FailedToSatisfyReadPreference */,
            134 /* ReadConcernMajorityNotAvailableYet */, 150 /* StaleEpoch */,
            175 /* QueryPlanKilled */, 189 /* PrimarySteppedDown */, 202 /* NetworkInterfaceExceededTimeLimit */,
            216 /* ElectionInProgress */, 246 /* SnapshotUnavailable */, 249 /* StaleDbVersion */,
            262 /* ExceededTimeLimit */, 276 /* IndexBuildAborted */, 314 /* ObjectIsBusy */,
            355 /* InterruptedDueToStorageChange */, 365 /* TemporarilyUnavailable */, 384 /* ConnectionError */,
            462 /* IngressRequestRateLimitExceeded */,
            9001 /* SocketException */, 10058 /* LegacyNotPrimary */, 10107 /* NotWritablePrimary */,
            11600 /* InterruptedAtShutdown */, 11601 /* Interrupted */, 11602 /* InterruptedDueToReplStateChange */,
            12586 /* BackgroundOperationInProgressForDatabase */,
            12587 /* BackgroundOperationInProgressForNamespace */, 13388 /* StaleConfig */,
            13435 /* NotPrimaryNoSecondaryOk */, 13436 /* NotPrimaryOrSecondary */, 14031 /* OutOfDiskSpace */);

    /** What MongoDB itself, or the driver, calls an error that passes, whatever its number. */
    private static final List<String> PASSING_LABELS = List.of("RetryableWriteError", "TransientTransactionError",
            "RetryableError", "SystemOverloadedError");

    /** The numbers of those that concern the one who writes, although MongoDB may tell them of a single write. */
    private static final Set<Integer> WRITER = Set.of(
            11 /* UserNotFound */, 13 /* Unauthorized */, 18 /* AuthenticationFailed */,
            79 /* UnknownReplWriteConcern */, 100 /* UnsatisfiableWriteConcern */,
            8000 /* AtlasError: over its quota, for one */);

    /** The numbers of those that MongoDB tells of a whole command although one document is too large. */
    private static final Set<Integer> SIZE = Set.of(10334 /* BSONObjectTooLarge */, 17419, 17420);

    /** @param thrown by the driver, or on the way to it */
    static Fault of(Throwable thrown) {
        if (chain(thrown).anyMatch(Fault::isOutage)) {
            return OUTAGE;
        }
        Throwable decisive = chain(thrown).filter(MongoException.class::isInstance).findFirst()
                .orElseGet(() -> chain(thrown).reduce(thrown, (outer, inner) -> inner));
        return isRecords(decisive) ? RECORD : OTHER;
    }

    /** @param code MongoDB's number of what became of a single write */
    static Fault ofWrite(int code) {
        return PASSING.contains(code) ? OUTAGE : WRITER.contains(code) ? OTHER : RECORD;
    }

    /**
     * Whether MongoDB refused to put a document in because there is one of its {@code _id}.
     *
     * @param code MongoDB's number
     * @param message MongoDB's
     */
    static boolean isIdTaken(int code, String message) {
        if (ErrorCategory.fromErrorCode(code) != ErrorCategory.DUPLICATE_KEY) {
            return false;
        }
        // Which index it was, the driver keeps to itself; what a record brings along stands behind that, in braces.
        int braces = message.indexOf('{');
        return message.substring(0, braces < 0 ? message.length() : braces).contains(" index: _id_ ");
    }

    private static Stream<Throwable> chain(Throwable thrown) {
        return Stream.iterate(thrown, error -> error != null, Throwable::getCause);
    }

    private static boolean isOutage(Throwable error) {
        return error instanceof MongoSocketException || error instanceof MongoTimeoutException
                || error instanceof MongoExecutionTimeoutException || error instanceof MongoNotPrimaryException
                || error instanceof MongoNodeIsRecoveringException || error instanceof MongoServerUnavailableException
                || error instanceof MongoConnectionPoolClearedException || error instanceof MongoInterruptedException
                || PASSING.contains(code(error))
                || error instanceof MongoException mongo && PASSING_LABELS.stream().anyMatch(mongo::hasErrorLabel);
    }

    private static boolean isRecords(Throwable error) {
        if (error instanceof MongoException) {
            return SIZE.contains(code(error))
                    || ErrorCategory.fromErrorCode(code(error)) == ErrorCategory.DUPLICATE_KEY;
        }
        return error instanceof DataException || error instanceof BSONException
                || error instanceof BsonSerializationException || error instanceof CodecConfigurationException
                || error instanceof IllegalArgumentException && !(error instanceof ConfigException);
    }

    private static int code(Throwable error) {
        return error instanceof MongoException mongo ? mongo.getCode() : 0;
    }
}
