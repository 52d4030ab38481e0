package carriercode

import "slices"

// textEvents returns the kinds of event of a text.
func textEvents() []Code {
	of := func(text Text, phone Phone, campaign Campaign, all ...said) []Code {
		return like(Code{Class: Event, Text: text, Phone: phone, Campaign: campaign}, all...)
	}
	const wait = "Wait: a final event comes within 72 hours."
	const anew = "The next text may arrive. What still matters may be said in a new one."
	return slices.Concat(
		of(
			UnderWay, Nothing, GoesOn,
			said{"TEXT_QUEUED", "AWS holds the text ready.", wait},
			said{"TEXT_PENDING", "The text is on its way.", wait},
			said{"TEXT_SENT", "AWS handed the text on.", wait},
		),
		of(
			Delivered, Reached, GoesOn,
			said{
				"TEXT_SUCCESSFUL", "The carrier took the text. In some countries that is all one ever learns.",
				"Nothing.",
			},
			said{"TEXT_DELIVERED", "The text arrived. In some countries AWS says SUCCESSFUL for it.", "Nothing."},
		),
		of(
			Undelivered, NoPhone, Counted,
			said{
				"TEXT_INVALID", "There is no phone with that number.",
				"Do not text it again; ask the person for another number.",
			},
		),
		of(
			Undelivered, Nothing, Counted,
			said{"TEXT_INVALID_MESSAGE", "The words cannot be sent as they are.", "Mend the text."},
		),
		of(
			Undelivered, Missed, Counted,
			said{"TEXT_UNREACHABLE", "The phone is off, or out of reach.", anew},
			said{"TEXT_CARRIER_UNREACHABLE", "The phone's carrier had a fault for a while.", anew},
			said{
				"TEXT_BLOCKED", "The phone or its carrier lets nothing through to this person.",
				"Do not repeat it. The person may have asked their carrier for that.",
			},
		),
		of(
			Undelivered, Blocked, Counted,
			said{
				"TEXT_CARRIER_BLOCKED", "The carrier took the text for abuse: deceit, or something nobody asked for.",
				"Do not repeat it. Read the text as the carrier did: its links, its offer, who it says it is of.",
			},
		),
		of(
			Undelivered, Blocked, Spammed,
			said{
				"TEXT_SPAM", "The carrier took the text for advertising that nobody asked for.",
				"Do not repeat it. Find out how these people came on the list.",
			},
		),
		of(
			Undelivered, Nothing, Counted,
			said{
				"TEXT_TTL_EXPIRED", "The time the text had to arrive was over; a text has until its window closes.",
				"Do not repeat it outside its window.",
			},
		),
		of(
			Undelivered, Guarded, Counted,
			said{
				"TEXT_PROTECT_BLOCKED", "A protect configuration of your account keeps such texts back.",
				"Mend the protect configuration, or do not text there.",
			},
		),
		of(
			Unconfirmed, Nothing, GoesOn,
			said{
				"TEXT_UNKNOWN", "No carrier said anything in 72 hours, or it failed for no reason AWS has a word for.",
				"Do not repeat it: it may have arrived.",
			},
		),
	)
}
