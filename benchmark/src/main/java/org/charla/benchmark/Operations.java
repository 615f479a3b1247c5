package org.charla.benchmark;

import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.charla.protocol.Author;
import org.charla.protocol.ChannelMessage;
import org.charla.protocol.EventRules;
import org.charla.protocol.Judgement;
import org.charla.protocol.MalformedJsonException;
import org.charla.protocol.RawEvent;
import org.charla.protocol.Topics;
import org.charla.protocol.Wire;
import org.charla.protocol.signature.RecordSignature;
import org.charla.protocol.signature.RecordSigner;
import org.charla.protocol.signature.RecordVerifier;
import org.charla.protocol.signature.SignatureVerifier;
import org.charla.protocol.signature.SigningKey;
import org.charla.protocol.signature.UserKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The operations of the protocol, one a method: {@link Protocol} measures all that there are. */
@State(Scope.Benchmark)
public class Operations {

    private static final int EVENT = Workload.USERS + 2;
    private static final int PARTITIONS = 6;
    private static final int SEED_BYTES = 32;
    private static final String REALM = "charla";

    // Not final: the compiler must not take what they hold for granted.
    private byte[] key = Workload.synthetic(1).key(EVENT);
    private byte[] value = Workload.synthetic(1).value(EVENT);
    private int partition = BuiltInPartitioner.partitionForKey(key, PARTITIONS);
    private long timestamp = System.currentTimeMillis();
    private RawEvent.Message raw = (RawEvent.Message) ((Judgement.Accepted)
            EventRules.judge(key, value, timestamp, partition, PARTITIONS)).event();
    private ChannelMessage message = new ChannelMessage(raw.messageId(), raw.channel(),
            new Author(raw.userId(), "The " + raw.userId()), raw.text(), raw.sentAt(), timestamp);
    private byte[] written = Wire.write(message);

    // A user's key, and what it signed; which numbers it is made of makes no difference to the time.
    private SigningKey signingKey = SigningKey.fromSeed(new byte[SEED_BYTES]);
    private RecordSigner signer = new RecordSigner(signingKey, REALM, Topics.RAW);
    private RecordVerifier verifier = new RecordVerifier(REALM, Topics.RAW, SignatureVerifier.bouncyCastle());
    private UserKey userKey = signingKey.publicKey();
    private RecordSignature signature = signer.sign(key, value, timestamp);

    /** The streams app's, of each record. */
    @Benchmark
    public Judgement judge() {
        return EventRules.judge(key, value, timestamp, partition, PARTITIONS);
    }

    /** A client's. */
    @Benchmark
    public byte[] writeRaw() {
        return Wire.write(raw);
    }

    /** The streams app's, of each message. */
    @Benchmark
    public byte[] writeMessage() {
        return Wire.write(message);
    }

    /** A client's. */
    @Benchmark
    public ChannelMessage readMessage() throws MalformedJsonException {
        return Wire.readChannelMessage(written).orElseThrow();
    }

    /** A client's, and an import's for each event. */
    @Benchmark
    public RecordSignature sign() {
        return signer.sign(key, value, timestamp);
    }

    /** The streams app's, of each signed record. */
    @Benchmark
    public boolean verify() {
        return verifier.verify(userKey, signature, key, value);
    }
}
