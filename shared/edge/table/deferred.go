package table

import (
	"context"
	"errors"
	"fmt"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/audience"
)

// errAltered is of an item somebody else wrote: nothing goes out by it.
var errAltered = errors.New("the deferred text was altered by somebody else")

// Single reads, as they are now, a contact and what was deferred of the single text of that ID. Turn of the latter is 0
// where nothing was. One call.
func (t *Table) Single(ctx context.Context, key consent.Key, ref string) (consent.Contact, consent.Deferred, error) {
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

// SaveDeferred writes a deferred text in one conditional write, and returns it as stored. It returns ErrConflict where
// another turn of it is stored by now. It is safe to repeat. DynamoDB deletes the item some time after its ID is no
// longer known.
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

// encodeDeferred makes of a deferred text {i id, t topic, b body, v vouched, h shared, x expires, p proof, s state, u
// until, r rule, w because, c claim, ver turn}. While it waits it is in the index by its caller's ID.
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
