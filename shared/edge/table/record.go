package table

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Events and texts are evidence that people read. So attributes have longer names than in a contact, and words are
// whole.

func encodeEvent(k consent.Key, e *consent.Event) (item, error) {
	m := primary(contactKey(k), eventSort(e.Seq))
	setStr(m, "type", string(e.Type))
	setTime(m, "at", e.At)
	setTime(m, "rec", e.Recorded)
	setStr(m, "src", e.Source)
	setStr(m, "prog", e.Program)
	setList(m, "topics", e.Topics)
	setStrings(m, "ev", e.Evidence)
	setStr(m, "class", string(e.Class))
	setTime(m, "until", e.Until)
	setNum(m, "req", e.Request)
	setStr(m, "st", e.Told.State)
	setStr(m, "zip", e.Told.ZIP)
	setStr(m, "tz", e.Told.Zone)
	setStr(m, "loc", e.Locale)
	setTimes(m, "off", e.Stopped)
	setList(m, "lifted", e.Lifted)
	setStr(m, "tier", string(e.Tier))
	setStrings(m, "ans", e.Answers)
	setNum(m, "txn", e.Texts.Count)
	setStr(m, "key", e.KeyID)
	return m, errors.Join(setHash(m, "txt", e.Texts.Hash), setHash(m, "prev", e.Prev), setHash(m, "hash", e.Hash))
}

func decodeEvent(m item) (consent.Event, error) {
	r := &reader{m: m}
	digits, ok := strings.CutPrefix(r.str("sk"), eventPrefix)
	seq, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil {
		r.fail("sk", "the key of an event")
	}
	e := consent.Event{
		Seq:      seq,
		Type:     consent.EventType(r.str("type")),
		At:       r.time("at"),
		Recorded: r.time("rec"),
		Source:   r.str("src"),
		Program:  r.str("prog"),
		Topics:   r.list("topics"),
		Evidence: r.strings("ev"),
		Effect: consent.Effect{
			Class: program.Class(r.str("class")), Until: r.time("until"), Request: r.num("req"),
			Told:   phone.Told{State: r.str("st"), ZIP: r.str("zip"), Zone: r.str("tz")},
			Locale: r.str("loc"), Stopped: r.times("off"), Lifted: r.list("lifted"), Tier: consent.Tier(r.str("tier")),
			Answers: r.strings("ans"),
		},
		Texts: consent.TextHead{
			Count: r.num("txn"),
			Hash:  r.hash("txt"),
		},
		KeyID: r.str("key"),
		Prev:  r.hash("prev"),
		Hash:  r.hash("hash"),
	}
	if r.fault != nil {
		return consent.Event{}, fmt.Errorf("stored event %d: %w", seq, r.fault)
	}
	return e, nil
}

func encodeMessage(k consent.Key, msg *consent.Message) item {
	m := primary(contactKey(k), messageSort(msg.ID))
	setNum(m, "n", msg.Number)
	setTime(m, "at", msg.At)
	setStr(m, "kind", string(msg.Kind))
	setStr(m, "prog", msg.Program)
	setList(m, "topics", msg.Topics)
	setStr(m, "camp", msg.Campaign)
	setStr(m, "ref", msg.Ref)
	setStr(m, "content", msg.Content)
	setStr(m, "notice", msg.Notice)
	setStr(m, "from", msg.Identity)
	setStr(m, "body", msg.Body)
	setStr(m, "news", msg.Vouched.NotMarketing)
	setStr(m, "urge", msg.Vouched.Urgent)
	setStr(m, "aws", msg.AWSID)
	setStr(m, "status", string(msg.Status))
	setStr(m, "policy", msg.Policy)
	if len(msg.History) > 0 {
		steps := make([]types.AttributeValue, len(msg.History))
		for i, s := range msg.History {
			step := make(item, 3)
			setStep(step, s)
			steps[i] = &types.AttributeValueMemberM{Value: step}
		}
		m["hist"] = &types.AttributeValueMemberL{Value: steps}
	}
	return m
}

func decodeMessage(r *reader) consent.Message {
	msg := consent.Message{
		ID: strings.TrimPrefix(
			r.str("sk"),
			messagePrefix,
		),
		Number: r.num("n"),
		At:     r.time("at"),
		Kind:   message.Kind(r.str("kind")),
		Program: r.str(
			"prog",
		),
		Topics:   r.list("topics"),
		Campaign: r.str("camp"),
		Ref:      r.str("ref"),
		Content:  r.str("content"),
		Notice:   r.str("notice"),
		Identity: r.str(
			"from",
		),
		Body: r.str("body"),
		Vouched: message.Vouched{
			NotMarketing: r.str("news"),
			Urgent:       r.str("urge"),
		},
		AWSID:  r.str("aws"),
		Status: consent.Status(r.str("status")),
		Policy: r.str("policy"),
	}
	r.items("hist", func(in *reader) { msg.History = append(msg.History, readStep(in)) })
	return msg
}

func setStep(m item, s consent.StatusChange) {
	setTime(m, "at", s.At)
	setStr(m, "status", string(s.Status))
	setStr(m, "why", s.Detail)
}

func readStep(r *reader) consent.StatusChange {
	return consent.StatusChange{At: r.time("at"), Status: consent.Status(r.str("status")), Detail: r.str("why")}
}
