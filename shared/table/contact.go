package table

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/audience"
	"smsconsent/shared/consent"
)

// A contact must stay within 1 KB, so that a claim costs one write unit: names have a letter or two, words we choose a letter,
// IDs and hashes are the bytes they stand for, and what is zero is left out.
//
//	ver      version                  sub  topic → {s state, p program, c class, t tier, a since, u until, r request, f proof}
//	st       told: state              off  stopped: scope → when
//	zip      told: postal code        un   undone: scope → when
//	tz       told: zone               cl   claims: see encodeClaim
//	loc      locale                   in   seen: IDs of inbound messages
//	seq      head: number             tch  touches: {a at, c channel, h content}
//	head     head: hash               hlt  health: {u undeliverable, f failures, d delivered, h heard}
//	pau      paused until             clr  clarified
//	sst, szip, stz, sloc              said with a request that waits for its YES: state, postal code, zone, locale
//	aud, zone                         while a request waits: its place in the index, by when it expires
func encodeContact(c *consent.Contact) (item, error) {
	m := make(item, 16)
	m["pk"], m["sk"], m["ver"] = str(contactKey(c.Key)), str(contactSort), num(c.Version)
	setStr(m, "st", c.Told.State)
	setStr(m, "zip", c.Told.ZIP)
	setStr(m, "tz", c.Told.Zone)
	setStr(m, "sst", c.Said.State)
	setStr(m, "szip", c.Said.ZIP)
	setStr(m, "stz", c.Said.Zone)
	setStr(m, "sloc", c.SaidIn)
	setStr(m, "loc", c.Locale)
	if len(c.Subs) > 0 {
		subs := make(item, len(c.Subs))
		for topic := range c.Subs {
			s, err := encodeSubscription(c.Subs[topic])
			if err != nil {
				return nil, fmt.Errorf("topic %s: %w", topic, err)
			}
			subs[topic] = s
		}
		m["sub"] = &types.AttributeValueMemberM{Value: subs}
	}
	setTimes(m, "off", c.Stopped)
	setTimes(m, "un", c.Undone)
	setTime(m, "pau", c.Paused)
	setTime(m, "clr", c.Clarified)
	if due := c.Due(); !due.IsZero() {
		aud, zone := audience.Waiting(c.Brand, due, c.Phone)
		m["aud"], m["zone"] = str(aud), str(zone)
	}
	if len(c.Claims) > 0 {
		claims, err := encodeClaims(c.Claims)
		if err != nil {
			return nil, err
		}
		m["cl"] = claims
	}
	if len(c.Seen) > 0 {
		seen := make([]types.AttributeValue, len(c.Seen))
		for i, id := range c.Seen {
			seen[i] = uuidValue(id)
		}
		m["in"] = &types.AttributeValueMemberL{Value: seen}
	}
	if len(c.Touches) > 0 {
		touches := make([]types.AttributeValue, len(c.Touches))
		for i, t := range c.Touches {
			touch := make(item, 3)
			setTime(touch, "a", t.At)
			setStr(touch, "c", t.Channel)
			setStr(touch, "h", t.Content)
			touches[i] = &types.AttributeValueMemberM{Value: touch}
		}
		m["tch"] = &types.AttributeValueMemberL{Value: touches}
	}
	health := make(item, 4)
	setTrue(health, "u", c.Health.Undeliverable)
	setNum(health, "f", int64(c.Health.Failures))
	setTime(health, "d", c.Health.Delivered)
	setTime(health, "h", c.Health.Heard)
	if len(health) > 0 {
		m["hlt"] = &types.AttributeValueMemberM{Value: health}
	}
	setNum(m, "seq", c.Head.Seq)
	return m, setHash(m, "head", c.Head.Hash)
}

func encodeSubscription(s consent.Subscription) (*types.AttributeValueMemberM, error) {
	m := make(item, 7)
	setStr(m, "p", s.Program)
	setTime(m, "a", s.Since)
	setTime(m, "u", s.Until)
	setNum(m, "r", s.Request)
	setNum(m, "f", s.Proof)
	if err := setCode(m, "s", s.State, states()); err != nil {
		return nil, err
	}
	if err := setCode(m, "c", s.Class, classes()); err != nil {
		return nil, err
	}
	if err := setCode(m, "t", s.Tier, tiers()); err != nil {
		return nil, err
	}
	return &types.AttributeValueMemberM{Value: m}, nil
}

// encodeClaims makes of each claim {i id, a at, k kind, p program, t topics, g campaign, h content, o opt-out, n notice, f failed}. The time is
// left out where the ID, a ULID, says the same.
func encodeClaims(claims []consent.Claim) (*types.AttributeValueMemberL, error) {
	list := make([]types.AttributeValue, len(claims))
	for i := range claims {
		cl := &claims[i]
		m := make(item, 8)
		setULID(m, "i", cl.ID)
		if at, ok := idTime(m["i"]); !ok || !at.Equal(cl.At) {
			m["a"] = instant(cl.At)
		}
		setStr(m, "p", cl.Program)
		setList(m, "t", cl.Topics)
		setULID(m, "g", cl.Campaign)
		setStr(m, "h", cl.Content)
		setTrue(m, "o", cl.OptOut)
		setStr(m, "n", cl.Notice)
		setTrue(m, "f", cl.Failed)
		if err := setCode(m, "k", cl.Kind, kinds()); err != nil {
			return nil, fmt.Errorf("claim %s: %w", cl.ID, err)
		}
		list[i] = &types.AttributeValueMemberM{Value: m}
	}
	return &types.AttributeValueMemberL{Value: list}, nil
}

func decodeContact(k consent.Key, m item) (consent.Contact, error) {
	r := &reader{m: m}
	c := consent.Contact{
		Key:       k,
		Locale:    r.str("loc"),
		SaidIn:    r.str("sloc"),
		Stopped:   r.times("off"),
		Undone:    r.times("un"),
		Paused:    r.time("pau"),
		Clarified: r.time("clr"),
		Seen:      r.uuids("in"),
		Head:      consent.Head{Seq: r.num("seq"), Hash: r.hash("head")},
		Version:   r.num("ver"),
	}
	c.Told.State, c.Told.ZIP, c.Told.Zone = r.str("st"), r.str("zip"), r.str("tz")
	c.Said.State, c.Said.ZIP, c.Said.Zone = r.str("sst"), r.str("szip"), r.str("stz")
	if subs := r.mapOf("sub"); subs != nil {
		c.Subs = make(map[string]consent.Subscription, len(subs))
		r.within(subs, "sub", func(in *reader) {
			for topic := range subs {
				in.within(in.mapOf(topic), topic, func(s *reader) { c.Subs[topic] = decodeSubscription(s) })
			}
		})
	}
	if n := len(r.values("cl")); n > 0 {
		c.Claims = make([]consent.Claim, 0, n)
		r.items("cl", func(in *reader) { c.Claims = append(c.Claims, decodeClaim(in)) })
	}
	r.items("tch", func(in *reader) {
		c.Touches = append(c.Touches, consent.Touch{At: in.time("a"), Channel: in.str("c"), Content: in.str("h")})
	})
	if health := r.mapOf("hlt"); health != nil {
		r.within(health, "hlt", func(in *reader) {
			c.Health = consent.Health{
				Undeliverable: in.isTrue("u"), Failures: int(in.num("f")), Delivered: in.time("d"), Heard: in.time("h"),
			}
		})
	}
	if c.Version < 1 {
		r.fail("ver", "1 or more")
	}
	if r.fault != nil {
		return consent.Contact{}, fmt.Errorf("stored contact: %w", r.fault)
	}
	return c, nil
}

func decodeSubscription(r *reader) consent.Subscription {
	return consent.Subscription{
		State: readCode(r, "s", states()), Program: r.str("p"), Class: readCode(r, "c", classes()), Tier: readCode(r, "t", tiers()),
		Since: r.time("a"), Until: r.time("u"), Request: r.num("r"), Proof: r.num("f"),
	}
}

func decodeClaim(r *reader) consent.Claim {
	at, _ := idTime(r.m["i"])
	if _, differs := r.m["a"]; differs {
		at = r.time("a")
	}
	return consent.Claim{
		ID: r.ulid("i"), At: at, Kind: readCode(r, "k", kinds()), Program: r.str("p"), Topics: r.list("t"),
		Campaign: r.ulid("g"), Content: r.str("h"), OptOut: r.isTrue("o"), Notice: r.str("n"), Failed: r.isTrue("f"),
	}
}
