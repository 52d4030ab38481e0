package sendcheck

import (
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience/walk"
)

// opening returns until when a whole area must wait; zero where it need not. Each person's own answer is asked again at
// the claim.
func (v *visit) opening(area phone.Area) time.Time {
	now := v.Now()
	switch {
	case v.text.Program == nil || !now.Before(v.campaign.Expires):
		return time.Time{}
	case !v.text.Local.IsZero():
		return v.ownOpening(area, now)
	case !v.text.ObeysHours():
		return time.Time{}
	default:
		return walk.Opening(v.Gate, v.campaign.Brand, area, now)
	}
}

// ownOpening is opening where the campaign has a span on each person's own clock. Once that is over each of the area's
// people is told apart, and counted as expired.
func (v *visit) ownOpening(area phone.Area, now time.Time) time.Time {
	hours, err := v.Gate.Hours(v.campaign.Brand, area)
	if err != nil {
		return time.Time{} // nothing is sent to them, and each is told apart
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

// nextLook returns when the shard is looked at again, zero for never: at a whole minute, so that people whose caps run
// out one by one are met together. At the campaign's end one last wave counts as expired whoever still waits: late is
// worse than never (I6).
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

// afterTheOther returns when another walk that is ahead of this one has certainly ended, or handed on. All who are
// overtaken within as long name the same instant, so that looking again does not itself make ever more jobs to be
// overtaken.
func (v *visit) afterTheOther() time.Time {
	return v.nextLook(v.Now().Truncate(longestRun).Add(2 * longestRun))
}

// earlier returns the earlier of two instants, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
