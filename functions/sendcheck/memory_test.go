package sendcheck_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
)

// memory is the consent table and its index as far as a campaign needs them, quick enough for thousands of runs. Its
// writes are conditional as the table's are.
type memory struct {
	// fault, where set, is asked before and after each write and may fail or end the process there.
	fault func(op string, done bool) error

	mu        sync.Mutex
	contacts  map[consent.Key]consent.Contact
	poisoned  map[consent.Key]bool // of them, those nobody can make sense of
	campaigns map[string]campaign.Campaign
	shards    map[string]map[int]campaign.Shard
	messages  map[consent.Key]map[string]consent.Message
	saves     int
	reads     int // contacts read in batches
}

func newMemory() *memory {
	return &memory{
		contacts: map[consent.Key]consent.Contact{}, poisoned: map[consent.Key]bool{}, campaigns: map[string]campaign.Campaign{},
		shards: map[string]map[int]campaign.Shard{}, messages: map[consent.Key]map[string]consent.Message{},
	}
}

// write does one conditional write, between two places where it may go wrong: with nothing written, and with the answer
// lost.
func (m *memory) write(op string, do func() error) error {
	if m.fault != nil {
		if err := m.fault(op, false); err != nil {
			return err
		}
	}
	m.mu.Lock()
	err := do()
	m.mu.Unlock()
	if err == nil && m.fault != nil {
		err = m.fault(op, true)
	}
	return err
}

func (m *memory) Contact(_ context.Context, key consent.Key) (consent.Contact, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.contacts[key]; ok {
		return c, nil
	}
	return consent.Contact{Key: key}, nil
}

func (m *memory) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []table.Unreadable, error) {
	var contacts []consent.Contact
	var unreadable []table.Unreadable
	for _, key := range keys {
		if m.poisoned[key] {
			unreadable = append(unreadable, table.Unreadable{Key: key, Fault: errBroken})
			continue
		}
		c, _ := m.Contact(ctx, key)
		contacts = append(contacts, c)
	}
	m.mu.Lock()
	m.reads += len(keys)
	m.mu.Unlock()
	return contacts, unreadable, nil
}

func (m *memory) Commit(_ context.Context, ch consent.Change, _ time.Time) (consent.Contact, error) {
	err := m.write("Commit", func() error {
		if m.contacts[ch.Next.Key].Version != ch.Next.Version {
			return table.ErrConflict
		}
		ch.Next.Version++
		ch.Next.Head.Seq += int64(len(ch.Events))
		m.contacts[ch.Next.Key] = ch.Next
		return nil
	})
	return ch.Next, err
}

func (m *memory) Claim(_ context.Context, c consent.Contact, claim consent.Claim, keep time.Duration) (consent.Contact, error) {
	err := m.write("Claim", func() error {
		if m.contacts[c.Key].Version != c.Version {
			return table.ErrConflict
		}
		c = c.WithClaim(claim, keep)
		c.Version++
		m.contacts[c.Key] = c
		return nil
	})
	return c, err
}

func (m *memory) Heard(context.Context, consent.Key, string) (bool, error) { return false, nil }

func (m *memory) Tend(_ context.Context, c consent.Contact, change func(consent.Contact) consent.Contact) (consent.Contact, error) {
	err := m.write("Tend", func() error {
		c = change(m.contacts[c.Key])
		c.Version++
		m.contacts[c.Key] = c
		return nil
	})
	return c, err
}

func (m *memory) Record(_ context.Context, sent ...table.Sent) error {
	return m.write("Record", func() error {
		for _, s := range sent {
			m.record(s.Key, s.Message)
		}
		return nil
	})
}

func (m *memory) Statuses(_ context.Context, texts ...table.Text) (map[table.Text]consent.Status, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	on := map[table.Text]consent.Status{}
	for _, t := range texts {
		if r, ok := m.messages[t.Key][t.ID]; ok {
			on[t] = r.Status
		}
	}
	return on, nil
}

func (m *memory) RecordUnconfirmed(_ context.Context, key consent.Key, text consent.Message) error {
	return m.write("RecordUnconfirmed", func() error {
		if _, ok := m.messages[key][text.ID]; !ok {
			m.record(key, text)
		}
		return nil
	})
}

func (m *memory) record(key consent.Key, text consent.Message) {
	if m.messages[key] == nil {
		m.messages[key] = map[string]consent.Message{}
	}
	m.messages[key][text.ID] = text
}

func (m *memory) Campaign(_ context.Context, id string) (campaign.Campaign, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.campaigns[id]
	if !ok {
		return c, table.ErrNotFound
	}
	return c, nil
}

func (m *memory) Campaigns(context.Context) ([]campaign.Campaign, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.campaigns), func(a, b campaign.Campaign) int { return cmp.Compare(b.ID, a.ID) }), nil
}

func (m *memory) SetCampaignState(_ context.Context, id string, from []campaign.State, to campaign.State, why string) error {
	return m.write("SetCampaignState", func() error {
		c := m.campaigns[id]
		if !slices.Contains(from, c.State) {
			return table.ErrConflict
		}
		c.State, c.Why = to, why
		m.campaigns[id] = c
		return nil
	})
}

func (m *memory) Shards(_ context.Context, id string) ([]campaign.Shard, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	shards := make([]campaign.Shard, 0, len(m.shards[id]))
	for _, s := range m.shards[id] {
		s.Groups = maps.Clone(s.Groups)
		shards = append(shards, s)
	}
	return shards, nil
}

func (m *memory) Shard(_ context.Context, id string, n int) (campaign.Shard, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.shards[id][n]
	s.Campaign, s.Number, s.Groups = id, n, maps.Clone(s.Groups)
	return s, nil
}

func (m *memory) SaveShard(_ context.Context, s campaign.Shard) error {
	return m.write("SaveShard", func() error {
		if m.shards[s.Campaign] == nil {
			m.shards[s.Campaign] = map[int]campaign.Shard{}
		}
		if m.shards[s.Campaign][s.Number].Version != s.Version {
			return table.ErrConflict
		}
		s.Version++
		s.Groups = maps.Clone(s.Groups)
		m.shards[s.Campaign][s.Number] = s
		m.saves++
		return nil
	})
}

// entry is a person on a list, in the order of the index.
type entry struct {
	zone string
	area phone.Area
	key  consent.Key
}

func (m *memory) entries(brand, topic string, shard int) []entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []entry
	for key, c := range m.contacts {
		if key.Brand != brand || audience.ShardOf(key.Phone) != shard || c.Subs[topic].State != consent.Subscribed {
			continue
		}
		area, err := phone.Locate(key.Phone, c.Told)
		if err != nil {
			area = audience.Nowhere
		}
		_, zone := audience.Entry(brand, topic, area, key.Phone)
		all = append(all, entry{zone, area, key})
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.zone, b.zone) })
	return all
}

func (m *memory) NextArea(_ context.Context, brand, topic string, shard int, after phone.Area) (phone.Area, bool, error) {
	for _, e := range m.entries(brand, topic, shard) {
		if e.zone > string(after)+"$" {
			return e.area, true, nil
		}
	}
	return "", false, nil
}

func (m *memory) Page(_ context.Context, brand, topic string, shard int, area phone.Area, after string, limit int) ([]consent.Key, string, error) {
	var keys []consent.Key
	for _, e := range m.entries(brand, topic, shard) {
		if e.area != area || string(e.key.Phone) <= after {
			continue
		}
		if len(keys) == limit {
			return keys, string(keys[limit-1].Phone), nil
		}
		keys = append(keys, e.key)
	}
	return keys, "", nil
}

func (m *memory) Count(_ context.Context, brand, topic string, shard int, area phone.Area) (int, error) {
	n := 0
	for _, e := range m.entries(brand, topic, shard) {
		if e.area == area {
			n++
		}
	}
	return n, nil
}

// campaignTexts are the texts of a campaign on record, those the carrier refused aside.
func (m *memory) campaignTexts(id string) []consent.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	var texts []consent.Message
	for _, mine := range m.messages {
		for _, text := range mine {
			if text.Campaign == id && text.Status != consent.Rejected && strings.TrimSpace(text.Body) != "" {
				texts = append(texts, text)
			}
		}
	}
	return texts
}
