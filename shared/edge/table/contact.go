package table

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
)

// encodeContact returns the stored form of a contact. It must stay within 1 KB, so that a claim costs one write unit.
// So attribute names have one to three letters, fixed words are stored as a letter, IDs and hashes as bytes, and zero
// values are left out.
//
//	ver      version                  sub  topic → {s state, p program, c class, t tier, a since, u until, r request, f proof, m moved}
//	att  attention: topic → {n chances, s sign}
//	st       told: state              off  stopped: scope → when
//	zip      told: postal code        un   undone: scope → when
//	tz       told: zone               cl   claims: see encodeClaims
//	loc      locale                   tch  touches: {a at, c channel, h content}
//	seq      head: number             hlt  health: {u undeliverable, f failures, d delivered, h heard, n takes no texts, b blocked}
//	head     head: hash               clr  clarified
//	pau      paused until
//	q    questions: {r request, i claim, p program, t topics, a at, u until, st state, zip, tz zone, loc locale}
//	w    waiting texts: {k kind, n answer, p program, t topics, l language, e everything, v invited, g change, m inbound, r request, a from, u by,
//	     x expected}
//	fu   follow-up                    sus  suspect
//	txn  texts: count                 txt  texts: hash                  mac  see macName
//	aud, zone                         keys of the index while something is due, sorted by when
func encodeContact(c *consent.Contact) (item, error) {
	m := make(item, 16)
	m["pk"], m["sk"], m["ver"] = str(contactKey(c.Key)), str(contactSort), num(c.Version)
	setStr(m, "st", c.Told.State)
	setStr(m, "zip", c.Told.ZIP)
	setStr(m, "tz", c.Told.Zone)
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
	health := make(item, 5)
	setTrue(health, "u", c.Health.Undeliverable)
	setNum(health, "f", int64(c.Health.Failures))
	setTime(health, "d", c.Health.Delivered)
	setTime(health, "h", c.Health.Heard)
	setTime(health, "n", c.Health.NoTexts)
	setTime(health, "b", c.Health.Blocked)
	if len(health) > 0 {
		m["hlt"] = &types.AttributeValueMemberM{Value: health}
	}
	if len(c.Attention) > 0 {
		attention := make(item, len(c.Attention))
		for topic, a := range c.Attention {
			e := make(item, 2)
			setNum(e, "n", int64(a.Chances))
			setTime(e, "s", a.Sign)
			attention[topic] = &types.AttributeValueMemberM{Value: e}
		}
		m["att"] = &types.AttributeValueMemberM{Value: attention}
	}
	setTime(m, "fu", c.FollowUp)
	setTrue(m, "sus", c.Suspect)
	setNum(m, "txn", c.Texts.Count)
	setNum(m, "seq", c.Head.Seq)
	encodeQuestions(m, c.Questions)
	if err := encodeWaiting(m, c.Waiting); err != nil {
		return nil, err
	}
	return m, errors.Join(setHash(m, "head", c.Head.Hash), setHash(m, "txt", c.Texts.Hash))
}

func encodeQuestions(m item, questions []consent.Question) {
	if len(questions) == 0 {
		return
	}
	list := make([]types.AttributeValue, len(questions))
	for i := range questions {
		q := &questions[i]
		e := make(item, 10)
		setNum(e, "r", q.Request)
		setULID(e, "i", q.Claim)
		setStr(e, "p", q.Program)
		setList(e, "t", q.Topics)
		setTime(e, "a", q.At)
		setTime(e, "u", q.Until)
		setStr(e, "st", q.Told.State)
		setStr(e, "zip", q.Told.ZIP)
		setStr(e, "tz", q.Told.Zone)
		setStr(e, "loc", q.Locale)
		list[i] = &types.AttributeValueMemberM{Value: e}
	}
	m["q"] = &types.AttributeValueMemberL{Value: list}
}

func encodeWaiting(m item, waiting []consent.Ask) error {
	if len(waiting) == 0 {
		return nil
	}
	list := make([]types.AttributeValue, len(waiting))
	for i := range waiting {
		a := &waiting[i]
		e := make(item, 11)
		setStr(e, "n", string(a.Answer))
		setStr(e, "p", a.Program)
		setList(e, "t", a.Topics)
		setStr(e, "l", a.Language)
		setTrue(e, "e", a.Everything)
		setTrue(e, "v", a.Invited)
		setTrue(e, "g", a.Change)
		setStr(e, "m", a.Inbound)
		setNum(e, "r", a.Request)
		setTime(e, "a", a.From)
		setTime(e, "u", a.By)
		setTime(e, "x", a.Expected)
		if err := setCode(e, "k", a.Kind, kinds()); err != nil {
			return fmt.Errorf("waiting text %d: %w", i, err)
		}
		list[i] = &types.AttributeValueMemberM{Value: e}
	}
	m["w"] = &types.AttributeValueMemberL{Value: list}
	return nil
}

func encodeSubscription(s consent.Subscription) (*types.AttributeValueMemberM, error) {
	m := make(item, 8)
	setStr(m, "p", s.Program)
	setTime(m, "a", s.Since)
	setTime(m, "u", s.Until)
	setNum(m, "r", s.Request)
	setNum(m, "f", s.Proof)
	setTime(m, "m", s.Moved)
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

// encodeClaims returns a list of claims {i id, x number, a at, k kind, p program, t topics, g campaign, h content, o
// opt-out, n notice, c change, b chance, d digest, l area, s answered, r ref, w body, v vouched}. The time is left
// out where the ID, a ULID, holds the same time.
func encodeClaims(claims []consent.Claim) (*types.AttributeValueMemberL, error) {
	list := make([]types.AttributeValue, len(claims))
	for i := range claims {
		cl := &claims[i]
		m := make(item, 8)
		setULID(m, "i", cl.ID)
		setNum(m, "x", cl.Number)
		if at, ok := idTime(m["i"]); !ok || !at.Equal(cl.At) {
			m["a"] = instant(cl.At)
		}
		setStr(m, "p", cl.Program)
		setList(m, "t", cl.Topics)
		setULID(m, "g", cl.Campaign)
		setULID(m, "r", cl.Ref)
		setStr(m, "h", cl.Content)
		setStr(m, "w", cl.Body)
		setStr(m, "v", cl.Vouched)
		setTrue(m, "o", cl.OptOut)
		setStr(m, "n", cl.Notice)
		setTrue(m, "c", cl.Change)
		setTrue(m, "b", cl.Chance)
		setTrue(m, "d", cl.Digest)
		setStr(m, "l", cl.Area)
		setTrue(m, "s", cl.Answered)
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
		Stopped:   r.times("off"),
		Undone:    r.times("un"),
		Paused:    r.time("pau"),
		Clarified: r.time("clr"),
		FollowUp:  r.time("fu"),
		Suspect:   r.isTrue("sus"),
		Head:      consent.Head{Seq: r.num("seq"), Hash: r.hash("head")},
		Texts:     consent.TextHead{Count: r.num("txn"), Hash: r.hash("txt")},
		Version:   r.num("ver"),
	}
	c.Told.State, c.Told.ZIP, c.Told.Zone = r.str("st"), r.str("zip"), r.str("tz")
	if subs := r.mapOf("sub"); subs != nil {
		c.Subs = make(map[string]consent.Subscription, len(subs))
		r.within(subs, "sub", func(in *reader) {
			for topic := range subs {
				in.within(in.mapOf(topic), topic, func(s *reader) { c.Subs[topic] = decodeSubscription(s) })
			}
		})
	}
	if attention := r.mapOf("att"); attention != nil {
		c.Attention = make(map[string]consent.Attention, len(attention))
		r.within(attention, "att", func(in *reader) {
			for topic := range attention {
				in.within(in.mapOf(topic), topic, func(a *reader) {
					c.Attention[topic] = consent.Attention{Chances: int(a.num("n")), Sign: a.time("s")}
				})
			}
		})
	}
	if n := len(r.values("cl")); n > 0 {
		c.Claims = make([]consent.Claim, 0, n)
		r.items("cl", func(in *reader) { c.Claims = append(c.Claims, decodeClaim(in)) })
	}
	r.items("q", func(in *reader) { c.Questions = append(c.Questions, decodeQuestion(in)) })
	r.items("w", func(in *reader) { c.Waiting = append(c.Waiting, decodeWaiting(in)) })
	r.items("tch", func(in *reader) {
		c.Touches = append(c.Touches, consent.Touch{At: in.time("a"), Channel: in.str("c"), Content: in.str("h")})
	})
	if health := r.mapOf("hlt"); health != nil {
		r.within(health, "hlt", func(in *reader) {
			c.Health = consent.Health{
				Undeliverable: in.isTrue("u"), Failures: int(in.num("f")), Delivered: in.time("d"), Heard: in.time("h"),
				NoTexts: in.time("n"), Blocked: in.time("b"),
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
		State: readCode(
			r,
			"s",
			states(),
		),
		Program: r.str("p"),
		Class:   readCode(r, "c", classes()),
		Tier:    readCode(r, "t", tiers()),
		Since:   r.time("a"),
		Until:   r.time("u"),
		Request: r.num("r"),
		Proof:   r.num("f"),
		Moved:   r.time("m"),
	}
}

func decodeQuestion(r *reader) consent.Question {
	return consent.Question{
		Request: r.num(
			"r",
		),
		Claim:   r.ulid("i"),
		Program: r.str("p"),
		Topics:  r.list("t"),
		At:      r.time("a"),
		Until:   r.time("u"),
		Told:    phone.Told{State: r.str("st"), ZIP: r.str("zip"), Zone: r.str("tz")},
		Locale:  r.str("loc"),
	}
}

func decodeWaiting(r *reader) consent.Ask {
	return consent.Ask{
		Kind: readCode(r, "k", kinds()), Answer: message.Answer(r.str("n")), Program: r.str("p"), Topics: r.list("t"),
		Language: r.str("l"), Everything: r.isTrue("e"), Invited: r.isTrue("v"), Change: r.isTrue("g"), Inbound: r.str("m"),
		Request: r.num("r"),
		From:    r.time("a"), By: r.time("u"), Expected: r.time("x"),
	}
}

func decodeClaim(r *reader) consent.Claim {
	at, _ := idTime(r.m["i"])
	if _, differs := r.m["a"]; differs {
		at = r.time("a")
	}
	return consent.Claim{
		ID: r.ulid(
			"i",
		),
		Number:   r.num("x"),
		At:       at,
		Kind:     readCode(r, "k", kinds()),
		Program:  r.str("p"),
		Topics:   r.list("t"),
		Campaign: r.ulid("g"),
		Ref:      r.ulid("r"),
		Content:  r.str("h"),
		Body:     r.str("w"),
		Vouched:  r.str("v"),
		OptOut:   r.isTrue("o"),
		Notice:   r.str("n"),
		Change:   r.isTrue("c"),
		Chance:   r.isTrue("b"),
		Digest:   r.isTrue("d"),
		Area:     r.str("l"),
		Answered: r.isTrue("s"),
	}
}
