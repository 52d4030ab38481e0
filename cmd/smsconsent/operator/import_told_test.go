package operator

import (
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"smsconsent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
)

// Rows of a topic that begins with a telling ask nobody, wait for no hours and lack no evidence; one without the words
// is a bad row that names its column.
func TestAListOfPeopleWhoWereTold(t *testing.T) {
	cat, err := program.Load([]byte(strings.Replace(string(smsconsent.Programs()), "# consent: told\n", "consent: told\n", 1)))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(cat)
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2027, 1, 6, 8, 0, 0, 0, time.UTC)
	terms := signup.Terms{Catalog: cat, Gate: g, Brand: &cat.Brands[0], Topics: []string{"orders"}, Zone: time.UTC, Now: midnight}
	path := list(t, "phone,date,source,disclosure\n"+
		"+12065550142,2027-01-04,checkout,We text you when it ships.\n"+
		"+12065550143,2027-01-05,checkout,We text you when it ships.\n"+
		"+12065550144,2027-01-05,checkout,\n")
	r := newImportReport(path, terms, importFlags{dryRun: true})
	if err := survey(path, terms, &importResults{}, r); err != nil {
		t.Fatal(err)
	}
	if r.Rows != 2 || r.Told != 2 || r.WithoutEvidence != 0 || r.OutsideHours != 0 || r.Bad != 1 || r.Problems[0].Name != "disclosure" {
		t.Errorf("%+v, %+v", r, r.Problems)
	}
	if limit := r.limit(false); limit != rate.Inf {
		t.Errorf("nobody is texted, and yet %v rows a second", limit)
	}
	var out strings.Builder
	if err := r.print(&out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"subscribed without being asked: 2 rows", "To ask: nobody. To subscribe: 2.", "Nothing was sent"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("it says\n%swithout %q", &out, part)
		}
	}
	r.flags.dryRun, r.DryRun, r.Statuses[signup.Told] = false, false, 2
	if err := r.print(&out, io.Discard); err != nil || !strings.Contains(out.String(), "told") || !strings.Contains(out.String(), "STOP ends it") {
		t.Errorf("%v\n%s", err, &out)
	}

	mixed := newImportReport(path, terms, importFlags{})
	terms.Topics = []string{"orders", "alerts"}
	if err := survey(path, terms, &importResults{}, mixed); err != nil {
		t.Fatal(err)
	}
	if mixed.Told != 0 || mixed.WithoutEvidence != 2 || mixed.OutsideHours != 2 || mixed.limit(false) != 0.5 {
		t.Errorf("%+v", mixed)
	}
}
