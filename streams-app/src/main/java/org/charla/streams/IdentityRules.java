package org.charla.streams;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.charla.protocol.RawEvent;
import org.charla.protocol.RejectionCode;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordVerifier;
import org.charla.protocol.signature.UserKey;

/**
 * Who may speak as whom. An id belongs to whoever claimed it, by a profile that brings keys and is signed by one of them.
 *
 * @param required whether ids that nobody claimed are refused
 * @param mostAheadMs how far a signature's time may be ahead of the record's, if that is less than
 *         {@link RecordSignature#MAX_AGE_MS}
 */
record IdentityRules(RecordVerifier verifier, Operators operators, boolean required, long mostAheadMs) {

    /** Judges an event that is accepted so far, and whose user is looked up. */
    Judged judge(Judged judged, byte[] key) {
        return judged.signature() == null ? unsigned(judged) : signed(judged, key);
    }

    private Judged unsigned(Judged judged) {
        if (isClaimed(judged)) {
            return judged.reject(RejectionCode.UNSIGNED, "The user id is somebody's, and the event is not signed.");
        }
        if (!keysBrought(judged).isEmpty()) {
            return judged.reject(RejectionCode.UNSIGNED, "A profile that brings keys is signed by one of them.");
        }
        return required ? noClaim(judged) : judged;
    }

    private Judged signed(Judged judged, byte[] key) {
        Optional<RecordSignature> parsed = RecordSignature.parse(judged.signature());
        if (parsed.isEmpty()) {
            return judged.reject(RejectionCode.INVALID_SIGNATURE, "The header " + RecordSignature.HEADER + " is not "
                    + RecordSignature.BYTES + " bytes of version 1.");
        }
        RecordSignature signature = parsed.get();
        boolean claimed = isClaimed(judged);
        List<String> brought = keysBrought(judged);
        List<UserKey> own = claimed
                ? Stream.concat(keys(judged.user().keys()).stream(), operatorKeys(judged).stream()).toList()
                : keys(brought);
        List<UserKey> vouching = claimed && brought.isEmpty() ? List.of() : operators.keys();
        Optional<UserKey> signedWith = Stream.concat(own.stream(), vouching.stream()).distinct()
                .filter(known -> verifier.verify(known, signature, key, judged.rawValue())).findFirst();
        if (signedWith.isEmpty()) {
            return judged.reject(RejectionCode.INVALID_SIGNATURE, claimed || !brought.isEmpty()
                    ? "The signature is not that of one of the user's keys, over this record as it stands here."
                    : "Nobody claimed the user id, so it has no key yet: send a profile that brings it first.");
        }
        if (!isFresh(signature, judged.source().timestamp())) {
            return judged.reject(RejectionCode.STALE_SIGNATURE,
                    "The event was not signed within 30 minutes of the record's timestamp: sign it again.");
        }
        boolean byOperator = vouching.contains(signedWith.get()) && !(claimed && own.contains(signedWith.get()));
        if (byOperator && brought.isEmpty() && required) {
            return noClaim(judged);
        }
        // By the key: whoever claimed the id before it was an operator's doesn't become one.
        return judged.signedBy(byOperator ? Signer.OPERATOR
                : operatorKeys(judged).contains(signedWith.get()) ? Signer.OPERATING_AUTHOR : Signer.AUTHOR);
    }

    private boolean isFresh(RecordSignature signature, long timestamp) {
        return signature.isFreshAt(timestamp) && signature.signedAt() - timestamp <= mostAheadMs;
    }

    private boolean isClaimed(Judged judged) {
        return !judged.user().keys().isEmpty() || !operatorKeys(judged).isEmpty();
    }

    /** The keys that these texts are; what is none is left out, so nobody can sign with it. */
    private static List<UserKey> keys(List<String> texts) {
        return texts.stream().map(UserKey::parse).flatMap(Optional::stream).toList();
    }

    private List<UserKey> operatorKeys(Judged judged) {
        return operators.keysOf(judged.event().userId());
    }

    private static List<String> keysBrought(Judged judged) {
        return judged.event() instanceof RawEvent.Profile profile ? profile.keys() : List.of();
    }

    private static Judged noClaim(Judged judged) {
        return judged.reject(RejectionCode.UNSIGNED,
                "Nobody claimed the user id, and only claimed ones may be used here: send a signed profile with keys.");
    }
}
