package table

import (
	"context"
	"errors"
	"fmt"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/audience"
)

// errAltered is returned for a deferred text that was not written by us. It must not be sent.
var errAltered = errors.New("the deferred text was altered by somebody else")

// ContactAndDeferred reads a contact and the deferred text with the caller's ID ref, both in their newest version, in
// one call. A text that was never deferred has Turn 0. It returns an error for a deferred text that was altered.
func (t *Table) ContactAndDeferred(ctx context.Context, key consent.Key, ref string) (consent.Contact, consent.Deferred, error) {
	c, d := consent.Contact{Key: key}, consent.Deferred{Key: key, Ref: ref}
	keys := []item{primary(contactKey(key), contactSort), primary(contactKey(key), deferredSort(ref))}
	err := t.batchGet(ctx, consistentRead(keys), func(m item) (err error) {
		if r := (&reader{m: m}); r.str("sk") == contactSort {
			c, err = t.decode(key, m)
		} else {
			d, err = t.decodeDeferred(key, m)
		}
		return err
	})
	if err != nil {
		return consent.Contact{}, consent.Deferred{}, fmt.Errorf("read contact and deferred text: %w", err)
	}
	return c, d, nil
}

// SaveDeferred stores a deferred text in one conditional write, and returns it as stored, with Turn one higher. It
// returns ErrConflict where another Turn is stored than the one given. It may be repeated. DynamoDB deletes the item
// some time after the caller's ID is no longer known (consent.RefKept).
func (t *Table) SaveDeferred(ctx context.Context, d consent.Deferred) (consent.Deferred, error) {
	read := d.Turn
	d.Turn++
	m := encodeDeferred(&d)
	err := t.seal(m)
	if err == nil {
		err = t.putVersion(ctx, m, read)
	}
	if err != nil {
		return consent.Deferred{}, fmt.Errorf("save deferred text: %w", err)
	}
	return d, nil
}

// encodeDeferred returns a deferred text as {i id, t topic, b body, v vouched, h shared, x expires, p proof, s state,
// u until, r rule, w because, c claim, ver turn}. While it waits, the index lists it by the caller's ID.
func encodeDeferred(d *consent.Deferred) item {
	m := primary(contactKey(d.Key), deferredSort(d.Ref))
	setULID(m, "i", d.ID)
	setStr(m, "t", d.Topic)
	setStr(m, "b", d.Body)
	setStr(m, "v", d.Vouched)
	setStr(m, "h", d.Shared)
	setTime(m, "x", d.Expires)
	setNum(m, "p", d.Proof)
	setStr(m, "s", string(d.State))
	setTime(m, "u", d.Until)
	setStr(m, "r", d.Rule)
	setStr(m, "w", d.Because)
	setULID(m, "c", d.Claim)
	setNum(m, "ver", d.Turn)
	m[ttl] = num(d.Expires.Add(consent.RefKept).Unix())
	if d.Open() {
		aud, zone := audience.Single(d.Key, d.Ref)
		m["aud"], m["zone"] = str(aud), str(zone)
	}
	return m
}

func (t *Table) decodeDeferred(key consent.Key, m item) (consent.Deferred, error) {
	r := &reader{m: m}
	d := consent.Deferred{
		Key: key, Ref: r.str("sk")[len(deferredPrefix):], ID: r.ulid("i"), Topic: r.str("t"), Body: r.str("b"),
		Vouched: r.str("v"), Shared: r.str("h"), Expires: r.time("x"), Proof: r.num("p"), State: consent.Stage(r.str("s")),
		Until: r.time("u"), Rule: r.str("r"), Because: r.str("w"), Claim: r.ulid("c"), Turn: r.num("ver"),
	}
	switch {
	case r.fault != nil:
		return consent.Deferred{}, fmt.Errorf("stored deferred text: %w", r.fault)
	case !t.sealedByUs(m):
		return consent.Deferred{}, errAltered
	}
	return d, nil
}
