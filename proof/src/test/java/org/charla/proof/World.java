package org.charla.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.bson.BsonDocument;

/**
 * What a pipeline that is right makes of some events, written down by hand: the oracle has nothing to find in it, until
 * a test takes something away, adds or changes something. All topics have one partition.
 */
final class World implements Logs, Documents {

    static final String GENERAL = Oracle.CHANNEL + "general";
    static final String CLUB = Oracle.CHANNEL + "club";

    /** When the raw record of an offset was written. */
    private static final long EPOCH = 1_763_791_200_000L;
    private static final Signature.Key DORAS_KEY = new Signature.Key(7);

    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> topics = new TreeMap<>();
    private final Map<String, Map<String, BsonDocument>> collections = new LinkedHashMap<>();
    private final Map<String, List<BsonDocument>> indexes = new HashMap<>();
    private final Ledger ledger;

    World(Path folder) throws IOException {
        ledger = new Ledger(folder.resolve("ledger"));
        for (String topic : List.of(Oracle.RAW, Oracle.USERS, Oracle.CHANNELS, Oracle.REJECTED, Oracle.REFUSALS,
                GENERAL, CLUB)) {
            topics.put(topic, new ArrayList<>());
        }
        events();
        outcomes();
        documents();
        topics.get(Oracle.RAW).forEach(raw -> acknowledge(raw.offset(), raw));
    }

    static long at(long offset) {
        return EPOCH + offset * 10_000;
    }

    private void events() {
        raw(0, "alice", "{'type':'profile','messageId':'a0','userId':'alice','displayName':'Alice','sentAt':1}");
        raw(1, "bob", "{'type':'profile','messageId':'b0','userId':'bob','displayName':'Bob','sentAt':1}");
        raw(2, "alice", "{'messageId':'a1','userId':'alice','channel':'general','text':'hola','sentAt':2}");
        raw(3, "bob", "{'type':'message','messageId':'b1','userId':'bob','channel':'general','text':'sí',"
                + "'replyTo':'alice:a1','sentAt':3}");
        raw(4, "alice", "{'type':'edit','messageId':'a2','userId':'alice','channel':'general','target':'alice:a1',"
                + "'text':'hola a todos','sentAt':4}");
        raw(5, "bob", "{'type':'reaction','messageId':'b2','userId':'bob','channel':'general','target':'alice:a1',"
                + "'reactions':['👍'],'sentAt':5}");
        raw(6, "alice", "{'messageId':'a1','userId':'alice','channel':'general','text':'hola','sentAt':2}");
        raw(7, "bob", "{'type':'deletion','messageId':'b3','userId':'bob','channel':'general',"
                + "'target':'bob:b1','sentAt':7}");
        raw(8, "carol", "{'messageId':'c1','userId':'carol','channel':'general','text':'who am I','sentAt':8}");
        raw(9, "bob", "{'type':'deletion','messageId':'b4','userId':'bob','channel':'general',"
                + "'target':'alice:a1','sentAt':9}");
        raw(10, "alice", "{'type':'profile-removal','messageId':'a3','userId':'alice','sentAt':10}");
        raw(11, "alice", "{'messageId':'a4','userId':'alice','channel':'general','text':'still here','sentAt':11}");
        raw(12, null, "{");
        raw(13, "bob", "{'messageId':'b5','userId':'bob','channel':'general','text':'later','sentAt':13}");
        signed(14, "{'type':'profile','messageId':'d0','userId':'dora','displayName':'Dora','keys':['"
                + DORAS_KEY.text() + "'],'sentAt':14}");
        signed(15, "{'messageId':'d1','userId':'dora','channel':'club','text':'mine','sentAt':15}");
        signed(16, "{'type':'rule','messageId':'d2','userId':'dora','channel':'club','rule':'mute',"
                + "'value':'bob','sentAt':16}");
        raw(17, "bob", "{'messageId':'b6','userId':'bob','channel':'club','text':'let me in','sentAt':17}");
        raw(18, "dora", "{'messageId':'d3','userId':'dora','channel':'club','text':'not Dora','sentAt':18}");
    }

    private void outcomes() {
        put(Oracle.USERS, 0, "alice", "{'userId':'alice','displayName':'Alice','updatedAt':" + at(0) + "}");
        put(Oracle.USERS, 1, "bob", "{'userId':'bob','displayName':'Bob','updatedAt':" + at(1) + "}");
        put(Oracle.USERS, 3, "alice", null);
        put(Oracle.USERS, 4, "dora", "{'userId':'dora','displayName':'Dora','updatedAt':" + at(14) + ",'keys':['"
                + DORAS_KEY.text() + "']}");
        put(GENERAL, 0, "alice:a1", "{'messageId':'a1','channel':'general','author':{'userId':'alice',"
                + "'displayName':'Alice'},'text':'hola','sentAt':2,'acceptedAt':" + at(2) + "}");
        put(GENERAL, 1, "bob:b1", "{'messageId':'b1','channel':'general','author':{'userId':'bob','displayName':'Bob'},"
                + "'text':'sí','replyTo':'alice:a1','sentAt':3,'acceptedAt':" + at(3) + "}");
        put(GENERAL, 3, "alice:a2", "{'type':'edit','messageId':'a2','channel':'general','author':{'userId':'alice',"
                + "'displayName':'Alice'},'target':'alice:a1','text':'hola a todos','sentAt':4,"
                + "'acceptedAt':" + at(4) + "}");
        put(GENERAL, 4, "bob:b2", "{'type':'reaction','messageId':'b2','channel':'general','author':{'userId':'bob',"
                + "'displayName':'Bob'},'target':'alice:a1','reactions':['👍'],'sentAt':5,'acceptedAt':" + at(5) + "}");
        put(GENERAL, 6, "bob:b3", "{'type':'deletion','messageId':'b3','channel':'general','author':{'userId':'bob',"
                + "'displayName':'Bob'},'target':'bob:b1','sentAt':7,'acceptedAt':" + at(7) + "}");
        put(GENERAL, 8, "bob:b5", "{'messageId':'b5','channel':'general','author':{'userId':'bob','displayName':'Bob'},"
                + "'text':'later','sentAt':13,'acceptedAt':" + at(13) + "}");
        put(CLUB, 0, "dora:d1", "{'messageId':'d1','channel':'club','author':{'userId':'dora','displayName':'Dora',"
                + "'verified':true},'text':'mine','sentAt':15,'acceptedAt':" + at(15) + "}");
        put(CLUB, 2, "dora:d2", "{'type':'rule','messageId':'d2','channel':'club','author':{'userId':'dora',"
                + "'displayName':'Dora','verified':true},'rule':'mute','value':'bob','sentAt':16,"
                + "'acceptedAt':" + at(16) + "}");
        put(Oracle.CHANNELS, 0, "club", holds("", at(15)));
        put(Oracle.CHANNELS, 2, "club", holds("{'userId':'bob'}", at(16)));
        refuse(0, 8, "UNKNOWN_USER");
        refuse(1, 9, "NOT_ALLOWED");
        refuse(2, 11, "UNKNOWN_USER");
        refuse(3, 12, "MALFORMED");
        refuse(4, 17, "MUTED");
        refuse(5, 18, "UNSIGNED");
    }

    private static String holds(String muted, long updatedAt) {
        return "{'channel':'club','title':'','owner':'dora','moderators':[],'posting':'everyone','slowModeSeconds':0,"
                + "'muted':[" + muted + "],'updatedAt':" + updatedAt + "}";
    }

    private void documents() {
        document(GENERAL, "{'_id':'alice:a1','messageId':'a1','channel':'general','author':{'userId':'alice',"
                + "'displayName':'Alice'},'text':'hola a todos','sentAt':DATE(2),'acceptedAt':DATE(" + at(2) + "),"
                + "'offset':LONG(0),'edited':{'at':DATE(4),'position':LONG(3)},"
                + "'reactions':[{'userId':'bob','reactions':['👍'],'position':LONG(4)}]}");
        document(GENERAL, "{'_id':'bob:b1','messageId':'b1','channel':'general','author':{'userId':'bob',"
                + "'displayName':'Bob'},'sentAt':DATE(3),'acceptedAt':DATE(" + at(3) + "),'offset':LONG(1),"
                + "'replyTo':'alice:a1','deleted':{'at':DATE(7),'by':'bob','position':LONG(6)}}");
        document(GENERAL, "{'_id':'bob:b5','messageId':'b5','channel':'general','author':{'userId':'bob',"
                + "'displayName':'Bob'},'text':'later','sentAt':DATE(13),'acceptedAt':DATE(" + at(13)
                + "),'offset':LONG(8)}");
        document(CLUB, "{'_id':'dora:d1','messageId':'d1','channel':'club','author':{'userId':'dora',"
                + "'displayName':'Dora','verified':true},'text':'mine','sentAt':DATE(15),'acceptedAt':DATE(" + at(15)
                + "),'offset':LONG(0)}");
        document(Oracle.USERS, "{'_id':'bob','userId':'bob','displayName':'Bob','updatedAt':DATE(" + at(1) + ")}");
        document(Oracle.USERS, "{'_id':'dora','userId':'dora','displayName':'Dora','updatedAt':DATE(" + at(14)
                + "),'keys':['" + DORAS_KEY.text() + "']}");
        document(Oracle.CHANNELS, "{'_id':'club','channel':'club','title':'','owner':'dora','moderators':[],"
                + "'posting':'everyone','slowModeSeconds':0,'muted':[{'userId':'bob'}],"
                + "'updatedAt':DATE(" + at(16) + ")}");
        index(GENERAL, "{'v':2,'key':{'offset':1},'name':'offset_1'}");
        index(CLUB, "{'v':2,'key':{'offset':1},'name':'offset_1'}");
    }

    void raw(long offset, String key, String value) {
        topics.get(Oracle.RAW).add(record(Oracle.RAW, offset, at(offset), key == null ? null : key.getBytes(UTF_8),
                bytes(value), new RecordHeaders()));
    }

    private void signed(long offset, String value) {
        byte[] key = "dora".getBytes(UTF_8);
        topics.get(Oracle.RAW).add(record(Oracle.RAW, offset, at(offset), key, bytes(value), new RecordHeaders()
                .add(Signature.HEADER, DORAS_KEY.sign(key, bytes(value), at(offset)))));
    }

    private void put(String topic, long offset, String key, String value) {
        add(record(topic, offset, 0, key.getBytes(UTF_8), value == null ? null : bytes(value), new RecordHeaders()));
    }

    private void refuse(long offset, long rawOffset, String code) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("rejection.code", code.getBytes(UTF_8));
        headers.add("rejection.reason", "So it is.".getBytes(UTF_8));
        headers.add("rejection.source", ("chat.raw-0@" + rawOffset).getBytes(UTF_8));
        ConsumerRecord<byte[], byte[]> raw = at(Oracle.RAW, rawOffset);
        add(record(Oracle.REJECTED, offset, 0, raw.key(), raw.value(), headers));
        add(record(Oracle.REFUSALS, offset, 0, null, null, headers));
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, long offset, long timestamp, byte[] key,
            byte[] value, Headers headers) {
        return new ConsumerRecord<>(topic, 0, offset, timestamp, TimestampType.LOG_APPEND_TIME, 0, 0, key, value,
                headers, Optional.empty());
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    private void document(String collection, String json) {
        add(collection, BsonDocument.parse(json.replaceAll("DATE\\((\\d+)\\)", "{'\\$date':{'\\$numberLong':'$1'}}")
                .replaceAll("LONG\\((\\d+)\\)", "{'\\$numberLong':'$1'}")));
    }

    void index(String collection, String json) {
        indexes.computeIfAbsent(collection, any -> new ArrayList<>()).add(BsonDocument.parse(json));
    }

    /** Kafka acknowledged that this record stands at that offset. */
    void acknowledge(long offset, ConsumerRecord<byte[], byte[]> raw) {
        var header = raw.headers().lastHeader(Signature.HEADER);
        ledger.note(new Attempt(Attempt.Answer.ACKNOWLEDGED, 0, offset,
                Attempt.hash(raw.key(), raw.value(), header == null ? null : header.value())));
    }

    Ledger ledger() {
        return ledger;
    }

    ConsumerRecord<byte[], byte[]> at(String topic, long offset) {
        return topics.get(topic).stream().filter(record -> record.offset() == offset).findFirst().orElseThrow();
    }

    void remove(String topic, long offset) {
        topics.get(topic).remove(at(topic, offset));
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        topics.computeIfAbsent(record.topic(), any -> new ArrayList<>()).add(record);
        topics.get(record.topic()).sort(java.util.Comparator.comparingLong(ConsumerRecord::offset));
    }

    /** The same record at another place. */
    void copy(String topic, long offset, long to) {
        move(at(topic, offset), to);
    }

    void move(ConsumerRecord<byte[], byte[]> record, long to) {
        add(record(record.topic(), to, record.timestamp(), record.key(), record.value(), record.headers()));
    }

    void change(String topic, long offset, String from, String to) {
        ConsumerRecord<byte[], byte[]> before = at(topic, offset);
        String changed = new String(before.value(), UTF_8).replace(from, to);
        remove(topic, offset);
        add(record(topic, offset, before.timestamp(), before.key(), changed.getBytes(UTF_8), before.headers()));
    }

    void add(String collection, BsonDocument document) {
        collections.computeIfAbsent(collection, any -> new LinkedHashMap<>())
                .put(document.getString("_id").getValue(), document);
    }

    Map<String, BsonDocument> collection(String name) {
        return collections.get(name);
    }

    List<BsonDocument> indexesOf(String collection) {
        return indexes.get(collection);
    }

    Findings judge() {
        return new Oracle(this, this, ledger, new Oracle.Settings(3_600_000, 1_000, 100)).judge();
    }

    @Override
    public Set<String> topics() {
        return topics.keySet();
    }

    @Override
    public int partitions(String topic) {
        return 1;
    }

    @Override
    public String id(String topic) {
        return "id-of-" + topic;
    }

    @Override
    public void read(String topic, int partition, Consumer<ConsumerRecord<byte[], byte[]>> reader) {
        topics.get(topic).forEach(reader);
    }

    @Override
    public Set<String> collections() {
        return collections.keySet();
    }

    @Override
    public void read(String collection, Consumer<BsonDocument> reader) {
        collections.getOrDefault(collection, Map.of()).values().forEach(reader);
    }

    @Override
    public List<BsonDocument> indexes(String collection) {
        List<BsonDocument> all = new ArrayList<>(indexes.getOrDefault(collection, List.of()));
        all.add(BsonDocument.parse("{'v':2,'key':{'_id':1},'name':'_id_'}"));
        return all;
    }
}
