package main

import (
	"context"
	"encoding/binary"
	"errors"
	"log"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	window = time.Hour
	// In front of a user id in the changelog; an id of a message has none of it.
	profilePrefix = '\n'
)

// state is what was accepted within the window, and the users' names, of one partition of chat.raw. Each change is also
// a record of the changelog, from which it comes back.
type state struct {
	accepted     map[string]int64
	oldestFirst  []acceptance
	displayNames map[string]string
}

type acceptance struct {
	id string
	at int64
}

func newState() *state {
	return &state{accepted: map[string]int64{}, displayNames: map[string]string{}}
}

func (s *state) isKnown(id string, now int64) bool {
	at, ok := s.accepted[id]
	return ok && at >= now-window.Milliseconds()
}

func (s *state) remember(id string, at int64) {
	s.accepted[id] = at
	s.oldestFirst = append(s.oldestFirst, acceptance{id, at})
	for oldest := s.oldestFirst[0]; oldest.at < at-window.Milliseconds(); oldest = s.oldestFirst[0] {
		if s.accepted[oldest.id] == oldest.at {
			delete(s.accepted, oldest.id)
		}
		s.oldestFirst = s.oldestFirst[1:]
	}
}

func (s *state) apply(change *kgo.Record) {
	switch key := string(change.Key); {
	case key[0] != profilePrefix:
		s.remember(key, int64(binary.BigEndian.Uint64(change.Value)))
	case change.Value == nil:
		delete(s.displayNames, key[1:])
	default:
		s.displayNames[key[1:]] = string(change.Value)
	}
}

func makeChangelog(ctx context.Context, admin *kadm.Client, topic string, partitions int) {
	policy, retention := "compact,delete", "7200000"
	_, err := admin.CreateTopic(ctx, int32(partitions), -1,
		map[string]*string{"cleanup.policy": &policy, "retention.ms": &retention}, topic)
	if err != nil && !errors.Is(err, kerr.TopicAlreadyExists) {
		log.Fatal(err)
	}
}

// restored reads a partition of the changelog to its end, behind which there must be no open transaction.
func restored(ctx context.Context, seed, topic string, partition int32) *state {
	client, err := kgo.NewClient(kgo.SeedBrokers(seed), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		// What commits is the last that there is.
		kgo.KeepControlRecords(),
		kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {partition: kgo.NewOffset().AtStart()}}))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListCommittedOffsets(ctx, topic)
	if err != nil {
		log.Fatal(err)
	}
	end, ok := ends.Lookup(topic, partition)
	if !ok || end.Err != nil {
		log.Fatal("no end of ", topic, ": ", end.Err)
	}
	s := newState()
	for next := int64(0); next < end.Offset; {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			log.Fatal(err)
		}
		fetches.EachRecord(func(change *kgo.Record) {
			next = change.Offset + 1
			if !change.Attrs.IsControl() {
				s.apply(change)
			}
		})
	}
	return s
}
