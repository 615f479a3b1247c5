package main

import (
	"bytes"
	"encoding/json/jsontext"
	"io"
	"regexp"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	maxRecordBytes = 64 * 1024
	maxTextLength  = 4_000
	maxNameLength  = 64
	maxClockSkewMs = 5 * 60 * 1_000
	// The beginning of the year 1 and the end of the year 9999, in epoch milliseconds.
	earliestDate = -62_135_596_800_000
	latestDate   = 253_402_300_799_999
)

// event is a raw event as it came; a string that is missing, or isn't one, is nil.
type event struct {
	kind                                             *text
	messageID, userID, channel, message, displayName *text
	sentAt                                           int64
	hasSentAt                                        bool
}

// text is a string of JSON, with U+FFFD where a surrogate stood alone.
type text struct {
	string
	isWellFormed bool
}

// refusal is why an event isn't accepted: a code, and one sentence for a person.
type refusal struct{ code, reason string }

// rules judges raw records on their own, as the contract has it: the first rule that fails names the refusal.
type rules struct {
	partitioner kgo.TopicPartitioner
	partitions  int
	decoder     jsontext.Decoder
	reader      bytes.Reader
}

func newRules(partitions int) *rules {
	return &rules{partitioner: kgo.StickyKeyPartitioner(nil).ForTopic(raw), partitions: partitions}
}

func (r *rules) judge(record *kgo.Record) (*event, *refusal) {
	e, ok := r.parse(record.Value)
	if !ok {
		return nil, &refusal{"MALFORMED", "The record is not a JSON object of at most 64 KiB in UTF-8 that names no field twice."}
	}
	if record.Key == nil || r.partitioner.Partition(record, r.partitions) != int(record.Partition) {
		return nil, &refusal{"WRONG_PARTITION", "The record must be in the partition that murmur2 gives its key."}
	}
	kind := "message"
	if e.kind != nil {
		kind = e.kind.string
	}
	if kind != "message" && kind != "profile" && kind != "profile-removal" {
		return nil, &refusal{"UNKNOWN_TYPE", "The type is none of message, profile, profile-removal."}
	}
	if refused := identity(e, record.Key); refused != nil {
		return nil, refused
	}
	if kind == "message" {
		if refused := message(e); refused != nil {
			return nil, refused
		}
	}
	if kind == "profile" && (!isName(e.displayName) || isBlank(e.displayName.string) ||
		anyRune(e.displayName.string, isControlOrFormat)) {
		return nil, &refusal{"INVALID_DISPLAY_NAME",
			"The displayName must be 1 to 64 code points, not blank, without control or format characters."}
	}
	if !e.hasSentAt || e.sentAt < earliestDate || e.sentAt > latestDate {
		return nil, &refusal{"INVALID_SENT_AT", "The sentAt must be epoch milliseconds of the years 1 to 9999."}
	}
	if e.sentAt-maxClockSkewMs > record.Timestamp.UnixMilli() {
		return nil, &refusal{"INVALID_SENT_AT", "The sentAt is more than 5 minutes ahead of the record's timestamp."}
	}
	return e, nil
}

func (r *rules) parse(value []byte) (*event, bool) {
	if len(value) > maxRecordBytes || !utf8.Valid(value) {
		return nil, false
	}
	r.reader.Reset(value)
	// A lone surrogate is JSON.
	r.decoder.Reset(&r.reader, jsontext.AllowInvalidUTF8(true))
	if token, err := r.decoder.ReadToken(); err != nil || token.Kind() != '{' {
		return nil, false
	}
	e := &event{}
	for r.decoder.PeekKind() != '}' {
		token, err := r.decoder.ReadToken()
		if err != nil {
			return nil, false
		}
		name := token.String()
		value, err := r.decoder.ReadValue()
		if err != nil {
			return nil, false
		}
		switch name {
		case "type":
			if e.kind = unquoted(value); e.kind == nil {
				e.kind = &text{}
			}
		case "messageId":
			e.messageID = unquoted(value)
		case "userId":
			e.userID = unquoted(value)
		case "channel":
			e.channel = unquoted(value)
		case "text":
			e.message = unquoted(value)
		case "displayName":
			e.displayName = unquoted(value)
		case "sentAt":
			e.sentAt, err = strconv.ParseInt(string(value), 10, 64)
			e.hasSentAt = err == nil
		}
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, false
	}
	_, err := r.decoder.ReadToken()
	return e, err == io.EOF
}

func unquoted(value jsontext.Value) *text {
	if value.Kind() != '"' {
		return nil
	}
	bytes, err := jsontext.AppendUnquote(nil, value)
	return &text{string(bytes), err == nil}
}

var (
	messageID = regexp.MustCompile("^[A-Za-z0-9_-]{1,64}$")
	channel   = regexp.MustCompile("^[a-z0-9][a-z0-9-]{0,63}$")
)

func identity(e *event, key []byte) *refusal {
	if e.messageID == nil || !messageID.MatchString(e.messageID.string) {
		return &refusal{"INVALID_MESSAGE_ID", "The messageId must be 1 to 64 of A-Z, a-z, 0-9, _ and -."}
	}
	if !isName(e.userID) || anyRune(e.userID.string, isWhiteSpace) || anyRune(e.userID.string, isControlOrFormat) {
		return &refusal{"INVALID_USER_ID",
			"The userId must be 1 to 64 code points without white space, control or format characters."}
	}
	if e.userID.string != string(key) {
		return &refusal{"KEY_MISMATCH", "The record's key is not the userId."}
	}
	return nil
}

func message(e *event) *refusal {
	if e.channel == nil || !channel.MatchString(e.channel.string) {
		return &refusal{"INVALID_CHANNEL", "The channel must be 1 to 64 of a-z, 0-9 and -, and not start with -."}
	}
	if e.message == nil || isBlank(e.message.string) {
		return &refusal{"EMPTY_TEXT", "There is no text, or nothing but white space."}
	}
	if length := utf8.RuneCountInString(e.message.string); length > maxTextLength {
		return &refusal{"TEXT_TOO_LONG",
			"The text has " + strconv.Itoa(length) + " code points; at most 4000 are allowed."}
	}
	if !e.message.isWellFormed || anyRune(e.message.string, func(r rune) bool { return r == 0 }) {
		return &refusal{"INVALID_TEXT", "The text holds U+0000 or a lone surrogate."}
	}
	return nil
}

func isName(name *text) bool {
	return name != nil && name.isWellFormed && name.string != "" && utf8.RuneCountInString(name.string) <= maxNameLength
}

func isBlank(s string) bool {
	return !anyRune(s, func(r rune) bool { return !isWhiteSpace(r) })
}

func anyRune(s string, is func(rune) bool) bool {
	for _, r := range s {
		if is(r) {
			return true
		}
	}
	return false
}

// What Java counts besides are U+001C to U+001F.
func isWhiteSpace(r rune) bool {
	return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F
}

func isControlOrFormat(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf)
}
