package console

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
)

// maxReplies is how many replies the page lists.
const maxReplies = 100

// Reply is an unread text that somebody should read.
type Reply struct {
	ID     string    `json:"id"`     // sealed; only this console can read it
	Person string    `json:"person"` // the ID of the sender, sealed likewise
	Phone  string    `json:"phone"`  // masked, unless people are simulated
	Brand  string    `json:"brand"`
	At     time.Time `json:"at"`
	Words  string    `json:"words"`
	Why    string    `json:"why"` // why somebody should read it
}

// Replies are the latest replies to read, newest first.
type Replies struct {
	Replies []Reply `json:"replies"`
	More    bool    `json:"more"`
}

// toMark identifies a reply to mark as read.
type toMark struct {
	Brand, ID string
	At        time.Time
}

func (c *Console) getReplies(r *http.Request) (any, error) {
	found := Replies{Replies: []Reply{}}
	for i := range c.Programs().Brands {
		brand := c.Programs().Brands[i].ID
		replies, more, err := c.table.Replies(r.Context(), brand, false, maxReplies, c.Stack.Now())
		if err != nil {
			return nil, err
		}
		found.More = found.More || more
		for _, one := range replies {
			found.Replies = append(found.Replies, Reply{
				ID: c.seal.seal(toMark{brand, one.ID, one.At}), Person: c.seal.seal(one.Key), Phone: c.displayed(one.Phone),
				Brand: brand, At: one.At, Words: one.Words, Why: one.Why,
			})
		}
	}
	slices.SortStableFunc(found.Replies, func(a, b Reply) int { return cmp.Compare(b.At.UnixMilli(), a.At.UnixMilli()) })
	return found, nil
}

// markRead takes a reply off the list after somebody has read it.
func (c *Console) markRead(r *http.Request) (any, error) {
	var of toMark
	if !c.seal.open(r.PathValue("id"), &of) {
		return nil, badRequest("id", "the console was started anew since; look at the replies again")
	}
	one := consent.Reply{Key: consent.Key{Brand: of.Brand}, ID: of.ID, At: of.At}
	return struct{}{}, c.table.MarkRead(r.Context(), &one, c.About.Who, c.Stack.Now())
}
