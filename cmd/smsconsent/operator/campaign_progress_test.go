package operator

import (
	"io"
	"strings"
	"testing"
	"time"
)

// Whoever makes a campaign that goes out at once hears how far it has come before it is done, and each thing once.
func TestWhoWaitsForACampaignHearsOfIt(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: pumpkins are in.")
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	heard, says := io.Pipe()
	ticks := make(chan time.Time)
	err = showProgress(t.Context(), says, s, id, ticks, func() error {
		ticks <- tuesday
		line := make([]byte, 200)
		n, err := heard.Read(line)
		if err != nil {
			return err
		}
		if got := string(line[:n]); !strings.Contains(got, "sent 1,") {
			t.Errorf("heard %q", got)
		}
		ticks <- tuesday // nothing new: nobody reads what would be said
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
