package sendcheck

import (
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience/walk"
)

// opening returns until when everybody in an area must wait, zero where they need not. The gate is still asked about
// each person at the claim.
func (v *visit) opening(area phone.Area) time.Time {
	now := v.Now()
	switch {
	case !now.Before(v.campaign.Expires):
		return time.Time{}
	case !v.text.Local.IsZero():
		return v.ownOpening(area, now)
	case !v.text.ObeysHours():
		return time.Time{}
	default:
		return walk.Opening(v.Gate, v.campaign.Brand, area, now)
	}
}

// ownOpening is opening for a campaign that runs by each person's own clock. When its time is over in the area, zero
// is returned, so that each person is visited and counted as expired.
func (v *visit) ownOpening(area phone.Area, now time.Time) time.Time {
	hours, err := v.Gate.Hours(v.campaign.Brand, area)
	if err != nil {
		return time.Time{} // nothing is sent to them; each is visited and counted
	}
	about := v.text.About()
	opens, expires := about.Window(hours)
	if !now.Before(expires) {
		return time.Time{}
	}
	if opens.Before(now) {
		opens = now
	}
	if about.ObeysHours() {
		if later := walk.Opening(v.Gate, v.campaign.Brand, area, opens); !later.IsZero() {
			opens = later
		}
	}
	if !opens.After(now) {
		return time.Time{}
	}
	return earlier(opens, expires)
}

// nextLook returns when the shard must be looked at again, zero for never. It is a whole minute, so that people whose
// limits end one after the other are visited together. At the campaign's end a last wave counts all who still wait as
// expired, because late is worse than never (I6).
func (v *visit) nextLook(next time.Time) time.Time {
	if next.IsZero() {
		return next
	}
	if next.After(v.campaign.Expires) {
		next = v.campaign.Expires
	}
	if earliest := v.Now().Add(leastRest); next.Before(earliest) {
		next = earliest
	}
	return next.Add(time.Minute - 1).Truncate(time.Minute)
}

// afterTheOther returns when another walk that is ahead of this one has certainly ended or queued its next job. All
// walks that are overtaken within that time return the same time, so that they do not cause ever more jobs.
func (v *visit) afterTheOther() time.Time {
	return v.nextLook(v.Now().Truncate(longestRun).Add(2 * longestRun))
}

// earlier returns the earlier of two times; a zero time does not count.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
