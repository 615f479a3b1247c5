// Consume, process, produce, each batch in a transaction: franz-go BOOTSTRAP_SERVERS GROUP. What is remembered lies in maps,
// and each change of it in a changelog, in the same transaction. An error ends it; started again it goes on.
package main

import (
	"context"
	"encoding/binary"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	raw = "chat.raw"
	// As Charla's: at once while it keeps up, else after this long.
	commitInterval = 200 * time.Millisecond
	keepingUp      = 30 * time.Millisecond
	pollTimeout    = 100 * time.Millisecond
	pollRecords    = 2_000
)

type loop struct {
	session   *kgo.GroupTransactSession
	rules     *rules
	changelog string
	states    map[int32]*state
}

func main() {
	log.SetFlags(log.Lshortfile)
	seed, group := os.Args[1], os.Args[2]
	// As much as the others' heap may be, and collected as seldom as that allows.
	debug.SetMemoryLimit(1 << 30)
	debug.SetGCPercent(400)
	ctx := context.Background()
	l := &loop{changelog: group + "-changelog", states: map[int32]*state{}}
	l.prepare(ctx, seed)
	session, err := kgo.NewGroupTransactSession(
		kgo.SeedBrokers(seed),
		kgo.ConsumerGroup(group),
		// Known again after a kill, it need not wait for its predecessor's session to end.
		kgo.InstanceID(group+"-0"),
		kgo.SessionTimeout(6*time.Second),
		kgo.HeartbeatInterval(2*time.Second),
		kgo.ConsumeTopics(raw),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		// Nothing is assigned or revoked while events are processed.
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(func(ctx context.Context, client *kgo.Client, assigned map[string][]int32) {
			// Ends a predecessor's transaction.
			if _, _, err := client.ProducerID(ctx); err != nil {
				log.Fatal(err)
			}
			for _, partition := range assigned[raw] {
				l.states[partition] = restored(ctx, seed, l.changelog, partition)
			}
		}),
		kgo.TransactionalID(group+"-0"),
		kgo.TransactionTimeout(10*time.Second),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		// The brokers would unpack it.
		kgo.ProducerBatchCompression(kgo.NoCompression()),
		kgo.ProducerLinger(20*time.Millisecond),
		// Brokers of Charla take no larger requests (socket.request.max.bytes).
		kgo.BrokerMaxWriteBytes(2<<20),
		kgo.MaxBufferedRecords(100_000),
	)
	if err != nil {
		log.Fatal(err)
	}
	l.session = session
	l.run(ctx)
}

func (l *loop) prepare(ctx context.Context, seed string) {
	client, err := kgo.NewClient(kgo.SeedBrokers(seed))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	topics, err := admin.ListTopics(ctx, raw)
	if err == nil {
		err = topics[raw].Err
	}
	if err != nil {
		log.Fatal(err)
	}
	partitions := len(topics[raw].Partitions)
	l.rules = newRules(partitions)
	makeChangelog(ctx, admin, l.changelog, partitions)
}

func (l *loop) run(ctx context.Context) {
	var begun time.Time
	for isOpen := false; ; {
		limited, cancel := context.WithTimeout(ctx, pollTimeout)
		fetches := l.session.PollRecords(limited, pollRecords)
		cancel()
		fetches.EachError(func(_ string, _ int32, err error) {
			if !errors.Is(err, context.DeadlineExceeded) {
				log.Fatal(err)
			}
		})
		keepsUp := fetches.Empty()
		if !keepsUp && !isOpen {
			if err := l.session.Begin(); err != nil {
				log.Fatal(err)
			}
			isOpen, begun = true, time.Now()
		}
		fetches.EachRecord(func(record *kgo.Record) {
			l.process(ctx, record)
			keepsUp = keepsUp || time.Since(record.Timestamp) < keepingUp
		})
		if isOpen && (keepsUp || time.Since(begun) >= commitInterval) {
			if committed, err := l.session.End(ctx, kgo.TryCommit); !committed {
				log.Fatal("not committed: ", err)
			}
			isOpen = false
		}
		if !isOpen {
			l.session.AllowRebalance()
		}
	}
}

func (l *loop) process(ctx context.Context, record *kgo.Record) {
	e, refused := l.rules.judge(record)
	if refused == nil {
		refused = l.accept(ctx, record, e)
	}
	if refused != nil {
		l.produce(ctx, &kgo.Record{Topic: "chat.rejected", Partition: record.Partition, Timestamp: record.Timestamp,
			Key: record.Key, Value: record.Value, Headers: []kgo.RecordHeader{
				{Key: "rejection.code", Value: []byte(refused.code)},
				{Key: "rejection.reason", Value: []byte(refused.reason)},
				{Key: "rejection.source", Value: fmt.Appendf(nil, "%s-%d@%d", raw, record.Partition, record.Offset)}}})
	}
}

func (l *loop) accept(ctx context.Context, record *kgo.Record, e *event) *refusal {
	s := l.states[record.Partition]
	at := record.Timestamp.UnixMilli()
	id := e.userID.string + ":" + e.messageID.string
	if s.isKnown(id, at) {
		return nil
	}
	switch {
	case e.kind == nil || e.kind.string == "message":
		displayName, ok := s.displayNames[e.userID.string]
		if !ok {
			return &refusal{"UNKNOWN_USER", "The user has no profile; send one first."}
		}
		l.produce(ctx, &kgo.Record{Topic: "chat.channel." + e.channel.string, Timestamp: record.Timestamp,
			Key: []byte(id), Value: channelMessage(e, displayName, at)})
	case e.kind.string == "profile":
		l.produce(ctx, &kgo.Record{Topic: "chat.users", Partition: record.Partition, Timestamp: record.Timestamp,
			Key: record.Key, Value: userProfile(e, at)})
		l.change(ctx, record, append([]byte{profilePrefix}, record.Key...), []byte(e.displayName.string))
	default:
		l.produce(ctx, &kgo.Record{Topic: "chat.users", Partition: record.Partition, Timestamp: record.Timestamp,
			Key: record.Key})
		l.change(ctx, record, append([]byte{profilePrefix}, record.Key...), nil)
	}
	l.change(ctx, record, []byte(id), binary.BigEndian.AppendUint64(nil, uint64(at)))
	return nil
}

// change of the state, remembered in the changelog.
func (l *loop) change(ctx context.Context, cause *kgo.Record, key, value []byte) {
	change := &kgo.Record{Topic: l.changelog, Partition: cause.Partition, Timestamp: cause.Timestamp, Key: key, Value: value}
	l.states[cause.Partition].apply(change)
	l.produce(ctx, change)
}

func (l *loop) produce(ctx context.Context, record *kgo.Record) {
	l.session.Produce(ctx, record, func(_ *kgo.Record, err error) {
		if err != nil {
			log.Fatal(err)
		}
	})
}

func channelMessage(e *event, displayName string, acceptedAt int64) []byte {
	to := make([]byte, 0, 256+len(e.message.string))
	to = appendString(append(to, `{"messageId":`...), e.messageID.string)
	to = appendString(append(to, `,"channel":`...), e.channel.string)
	to = appendString(append(to, `,"author":{"userId":`...), e.userID.string)
	to = appendString(append(to, `,"displayName":`...), displayName)
	to = appendString(append(to, `},"text":`...), e.message.string)
	to = strconv.AppendInt(append(to, `,"sentAt":`...), e.sentAt, 10)
	to = strconv.AppendInt(append(to, `,"acceptedAt":`...), acceptedAt, 10)
	return append(to, '}')
}

func userProfile(e *event, updatedAt int64) []byte {
	to := appendString([]byte(`{"userId":`), e.userID.string)
	to = appendString(append(to, `,"displayName":`...), e.displayName.string)
	to = strconv.AppendInt(append(to, `,"updatedAt":`...), updatedAt, 10)
	return append(to, '}')
}

func appendString(to []byte, s string) []byte {
	// What is accepted is well-formed.
	to, _ = jsontext.AppendQuote(to, s)
	return to
}
