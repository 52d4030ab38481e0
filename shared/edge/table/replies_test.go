package table_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What a person should read is listed with the change it made, once, until somebody has read it or its time is over.
// A STOP is never among it, and writes no item more.
func TestRepliesToRead(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		read := func(all bool, most int, now time.Time) ([]consent.Reply, bool) {
			t.Helper()
			found, more, err := tab.Replies(t.Context(), key.Brand, all, most, now)
			if err != nil {
				t.Fatal(err)
			}
			return found, more
		}
		question := keyword.Intent{Kind: keyword.Other}
		c := consent.Contact{Key: key}
		for i, in := range []keyword.Intent{question, saidHelp, question, saidStop, question} {
			c = commit(t, tab, inboundHeard(c, in, noon.Add(time.Duration(i)*time.Minute)), noon)
		}
		found, more := read(false, 2, noon.Add(time.Hour))
		if len(found) != 2 || !more || !found[0].At.Equal(noon.Add(4*time.Minute)) || !found[1].At.Equal(noon.Add(2*time.Minute)) {
			t.Fatalf("the latest two are %+v, more %t", found, more)
		}
		want := consent.Reply{
			Key: key, ID: found[1].ID, At: noon.Add(2 * time.Minute), Program: "alerts", Why: "no rule understands it", Seq: 3,
			Words: "other",
		}
		if diff := cmp.Diff(want, found[1]); diff != "" {
			t.Error(diff)
		}
		by := table.NumbersRequest{By: "arn:ana", At: noon.Add(time.Hour)}
		if err := tab.MarkRead(t.Context(), &found[0], by.By, by.At); err != nil {
			t.Fatal(err)
		}
		if left, _ := read(false, 9, noon); len(left) != 2 {
			t.Errorf("unread: %+v", left)
		}
		if all, _ := read(true, 9, noon); len(all) != 3 || all[0].ReadBy != by.By || !all[0].Read.Equal(by.At) {
			t.Errorf("all: %+v", all)
		}
		late := noon.Add(consent.RepliesKept + 3*time.Minute)
		if left, more := read(true, 9, late); len(left) != 1 || more {
			t.Errorf("when two are over: %+v", left)
		}
		gone := consent.Reply{Key: key, ID: "never", At: noon}
		if err := tab.MarkRead(t.Context(), &gone, by.By, by.At); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("of one that is not listed: %v", err)
		}
	})
}

func TestWhoAskedForTheNumbersOfReplies(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		asking := table.NumbersRequest{By: "arn:ana", At: noon}
		if err := tab.RecordReplyNumbersRequest(t.Context(), "example", asking); err != nil {
			t.Fatal(err)
		}
		got, err := tab.ReplyNumbersRequests(t.Context(), "example")
		if diff := cmp.Diff([]table.NumbersRequest{asking}, got); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
		if replies, _, err := tab.Replies(t.Context(), "example", true, 9, noon); err != nil || len(replies) != 0 {
			t.Errorf("an asking is listed as a reply: %+v %v", replies, err)
		}
	})
}
