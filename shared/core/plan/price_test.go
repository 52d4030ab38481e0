package plan_test

import (
	"strings"
	"testing"

	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/program"
)

const headings = "country,sender,aws_price,carrier_fee,as_of,certainty,source\n"

func TestReadPrices(t *testing.T) {
	for text, says := range map[string]string{
		"":                      "read the price table",
		"country\n":             "wrong number of fields",
		"a,b,c,d,e,f,g\n":       "write the headings country,sender",
		headings:                "",
		headings + "# a note\n": "",
		headings + "US,any,0.01,0,2026-05-26,sure,page\n":                         "",
		headings + "us,any,0.01,0,2026-05-26,sure,page\n":                         `line 2, country: "us"`,
		headings + "US,10dlc,0.01,0,2026-05-26,sure,page\n":                       `line 2, sender: "10dlc"`,
		headings + "US,any,-1,0,2026-05-26,sure,page\n":                           `line 2, aws_price: "-1"`,
		headings + "US,any,1,NaN,2026-05-26,sure,page\n":                          `line 2, carrier_fee: "NaN"`,
		headings + "US,any,1,0,May,sure,page\n":                                   `line 2, as_of: "May"`,
		headings + "US,any,1,0,2026-05-26,perhaps,page\n":                         `line 2, certainty: "perhaps"`,
		headings + "US,any,1,0,2026-05-26,sure,p\nUS,any,1,0,2026-05-26,sure,p\n": `line 3, sender: any of US is there twice`,
	} {
		_, err := plan.ReadPrices(strings.NewReader(text))
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

func TestThePriceOfASender(t *testing.T) {
	p, err := plan.ReadPrices(strings.NewReader(headings + "US,any,1,0.5,2026-05-26,sure,page\nUS,toll-free,2,0,2026-05-26,unsure,page\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		identity program.Identity
		country  string
		want     float64
		known    bool
	}{
		{program.Identity{Number: "+12065550100"}, "US", 1, true},
		{program.Identity{Number: "+18335550100"}, "US", 2, true},
		{program.Identity{Number: "+18085550100"}, "US", 1, true}, // Hawaii
		{program.Identity{ShortCode: "12345"}, "US", 1, true},
		{program.Identity{Number: "+12065550100"}, "GB", 0, false},
	} {
		if got, known := p.Of(c.country, plan.SenderOf(c.identity)); got.AWS != c.want || known != c.known {
			t.Errorf("%v to %s: %+v, %t", c.identity, c.country, got, known)
		}
	}
}
