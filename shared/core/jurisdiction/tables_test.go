package jurisdiction

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// Every country of the facts and every state has its row, once.
func TestPlaces(t *testing.T) {
	want := strings.Fields("US CA GB JP FR DE ES IT NL BE IE AT PT SE DK FI NO PL CZ GR RO HU CH AU NZ IN SG BR MX ZA AE" +
		" CO KR IL TR SA HK TW TH MY ID PH VN CL AR PE EG KE NG SK SI HR BG LT LV EE LU MT CY IS UA")
	for _, state := range strings.Fields(`AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY
		NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI`) {
		want = append(want, "US-"+state)
	}
	var got []string
	for _, r := range Regions() {
		for _, e := range r.Entries {
			got = append(got, e.Place)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("places %v, want %v", got, want)
	}
}

// What a lawyer needs in every row; and that strict never permits what the law's reading of the same row forbids.
func TestRows(t *testing.T) {
	tiers := []Tier{TierLaw, TierLawCalls, TierRegulator, TierCarrier, TierGuidance, TierDefault}
	certainties := []Certainty{Found, Mixed, General}
	for _, r := range Regions() {
		for _, e := range r.Entries {
			country := len(e.Place) == 2
			if country && e.Holidays == nil {
				t.Errorf("%s: no public holidays, which policy business needs", e.Place)
			}
			if e.AsOf.IsZero() || e.Name == "" || !slices.Contains(certainties, e.Certainty) {
				t.Errorf("%s: name %q, certainty %q", e.Place, e.Name, e.Certainty)
			}
			if country && (len(e.Rules) == 0 || e.Law == "" || e.Consent == "" || e.SoftOptIn == "" || e.Content == "" || e.OptOutWithin == "" ||
				e.Retention == "" || e.TwoWay == "" || e.SenderID == "" || len(e.Sources) == 0) {
				t.Errorf("%s: a country's row has a gap", e.Place)
			}
			if len(e.Rules) > 0 && len(e.Sources) == 0 || e.Certainty != General && len(e.Sources) == 0 {
				t.Errorf("%s: hours or certainty without source", e.Place)
			}
			for _, s := range e.Sources {
				if s.Title == "" || s.URL != "" && !strings.HasPrefix(s.URL, "http") {
					t.Errorf("%s: source %+v", e.Place, s)
				}
			}
			for i, rule := range e.Rules {
				if rule.AsOf.IsZero() || rule.AsOf.day() < date("2026-11-23").day() {
					t.Errorf("%s: rule %d was read on %s", e.Place, i, rule.AsOf)
				}
				if rule.Citation == "" || !slices.Contains(certainties, rule.Certainty) || !slices.Contains(tiers, rule.Law.Tier) || !slices.Contains(tiers, rule.Strict.Tier) {
					t.Errorf("%s: rule %d lacks citation, certainty or tier", e.Place, i)
				}
				if i > 0 && rule.From != e.Rules[i-1].Until {
					t.Errorf("%s: rule %d begins %s, the one before ends %s", e.Place, i, rule.From, e.Rules[i-1].Until)
				}
				for d := range 7 {
					for _, holiday := range []bool{false, true} {
						for _, eve := range []bool{false, true} {
							law, strict := rule.Law.on(weekdays[d], holiday, eve), rule.Strict.on(weekdays[d], holiday, eve)
							if strict != None && law.intersect(strict) != strict {
								t.Errorf("%s on %s: strict %s is wider than law %s", e.Place, weekdays[d], strict, law)
							}
						}
					}
				}
				if rule.Certainty != Found && rule.Law.Tier != TierDefault && rule.Note == "" {
					t.Errorf("%s: the rule is %s and no note says why", e.Place, rule.Certainty)
				}
			}
			for _, w := range e.OptOutWords {
				if w.Language == "" || len(w.Words) == 0 {
					t.Errorf("%s: opt-out words without language or words", e.Place)
				}
			}
		}
	}
}

var weekdays = []time.Weekday{0, 1, 2, 3, 4, 5, 6}

// The tables are read by people outside the company: no marks of private notes, no unfinished sentences.
func TestTextOfTheTables(t *testing.T) {
	mark := regexp.MustCompile(`\[(S\d+|GK|U)\]|TODO|FIXME|XXX`)
	for _, r := range Regions() {
		for _, e := range r.Entries {
			texts := []string{e.Law, e.Consent, e.SoftOptIn, e.Content, e.OptOutWithin, e.Retention, e.Note, e.Pending, e.RevokeAll.Pending}
			for _, rule := range e.Rules {
				texts = append(texts, rule.Citation, rule.Note, rule.Pending)
			}
			if e.Holidays != nil {
				texts = append(texts, e.Holidays.Note, e.Holidays.Source.Title)
			}
			for _, text := range texts {
				if mark.MatchString(text) || strings.Contains(text, "  ") || strings.TrimSpace(text) != text {
					t.Errorf("%s: %q", e.Place, text)
				}
			}
		}
	}
}
