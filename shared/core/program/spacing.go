package program

import "time"

// OtherChannels says what happens to a text whose content another channel, such as e-mail, sent recently.
type OtherChannels struct {
	Within time.Duration // how long "recently" is
	Skip   bool          // the text is dropped; otherwise it waits until that time has passed
}

// otherChannels reads what happens to a text whose content another channel sent.
func (d *decoder) otherChannels(f field) OtherChannels {
	o := d.object(f, "within", "then")
	other := OtherChannels{Within: defaultWithin}
	if at := o.get("within"); at.node != nil {
		text := d.text(at)
		within, err := time.ParseDuration(text)
		if err != nil || within < time.Hour || within > 7*day {
			d.fail(at, "%q: write how long what another channel sent counts as said, 1h to 168h, such as 24h", text)
		}
		other.Within = within
	}
	other.Skip = d.choice(o.get("then"), "wait", "skip") == "skip"
	return other
}

// leastGap reads the least time between two promotional texts to one person.
func (d *decoder) leastGap(f field) time.Duration {
	if f.node == nil {
		return defaultGap
	}
	text := d.text(f)
	if text == "none" {
		return 0
	}
	gap, err := time.ParseDuration(text)
	if err != nil || gap < time.Minute || gap > 7*day {
		d.fail(f, "%q: write the least time between two promotional texts to one person, 1m to 168h such as 4h, or none", text)
	}
	return gap
}
