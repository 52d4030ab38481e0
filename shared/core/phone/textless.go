package phone

import "fmt"

// ErrNoTexts is wrapped by Locate where the number cannot receive texts, such as a premium-rate number. It wraps
// ErrUnknownPlace: nothing may be sent there.
var ErrNoTexts = fmt.Errorf("cannot receive texts: %w", ErrUnknownPlace)

// NoTexts returns the error for a number of a kind that cannot receive texts, such as "a landline". It wraps
// ErrNoTexts.
func NoTexts(kind string) error {
	return &FieldError{FieldPhone, kind + ", which cannot receive texts; type the number of a mobile", ErrNoTexts}
}

// premiumExchange is the exchange of premium-rate numbers in each area code (NANPA, "976-NXX").
const premiumExchange = "976"

// textless are the North American area codes without mobile phones, and the kinds of their numbers (NANPA,
// "Non-geographic NPAs").
var textless = map[string]string{
	"500": personal, "521": personal, "522": personal, "523": personal, "524": personal, "525": personal,
	"526": personal, "527": personal, "528": personal, "529": personal, "532": personal, "533": personal,
	"535": personal, "538": personal, "542": personal, "543": personal, "544": personal, "545": personal,
	"546": personal, "547": personal, "549": personal, "550": personal, "552": personal, "553": personal,
	"554": personal, "556": personal, "566": personal, "569": personal, "577": personal, "578": personal,
	"588": personal, "589": personal,
	"600": canadian, "622": canadian, "633": canadian, "644": canadian, "655": canadian, "677": canadian, "688": canadian,
	"700": "a carrier's service number",
	"710": "a number of the government of the United States",
	"900": "a premium-rate number",
}

const (
	personal = "a personal communications number"
	canadian = "a non-geographic number of Canada"
)
