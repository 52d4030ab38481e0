package audit

import (
	"context"

	"smsconsent/shared/core/consent"
)

// review moves the person to the tier of the topic that is due, by the signs of reading they gave (practice: adjust
// your sending based on engagement). The complete record is verified first, because an attacker who restores an older
// contact could otherwise have people asked or removed. A lost text is recorded before that.
func (v *visit) review(ctx context.Context, c consent.Contact) error {
	if _, due := c.NextMove(v.topic, v.Now()); !due {
		return nil
	}
	if err := v.Outbox.Reconcile(ctx, c); err != nil {
		return err
	}
	fault, err := v.Table.Verify(ctx, c.Key, v.Now())
	if err != nil {
		return err
	}
	if fault != nil {
		v.Log.ErrorContext(ctx, "a record does not verify; nobody is moved for it", "brand", v.brand.ID, "fault", fault)
		return nil
	}
	done, err := v.Outbox.Change(ctx, c.Key, func(c consent.Contact) consent.Change { return c.Review(v.topic, v.Now()) })
	if err == nil && len(done.Events) > 0 {
		to := done.Next.Subs[v.topic.ID].TierNow()
		v.Metrics.Count("AuditMoved", 1, "to", string(to))
	}
	return err
}
