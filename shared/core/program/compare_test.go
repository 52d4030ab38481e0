package program

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func catalogOf(t *testing.T, replace ...string) *Catalog {
	t.Helper()
	text := shipped(t)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("programs.yaml has no %q", replace[i])
		}
		text = strings.Replace(text, replace[i], replace[i+1], 1)
	}
	c, err := Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompareSaysWhatChangesForWhom(t *testing.T) {
	_, second, _ := strings.Cut(shipped(t), "\n  - id: examplecafe")
	reply := "nothing they text to +12065550100 would reach the program, no STOP either; keep the number beside others in a pool"
	for name, tc := range map[string]struct {
		replace []string
		want    []string // a loss begins with "LOSS "
	}{
		"comments":  {[]string{"# When texts", "# When the texts"}, nil},
		"hours":     {[]string{"hours: strict", "hours: business"}, []string{"everybody: hours: business instead of strict"}},
		"a cap":     {[]string{"answers_per_hour: 6", "answers_per_hour: 9"}, []string{"everybody: answers_per_hour: 9 instead of 6"}},
		"gap":       {[]string{"  # least_gap: 4h", "  least_gap: 4h30m"}, []string{"everybody: least_gap: 4h30m instead of 4h"}},
		"frequency": {[]string{"2 per month", "4 per month"}, []string{"example/alerts: frequency: 4 msgs/month instead of 2 msgs/month"}},
		"every country": {international, []string{
			"example, program alerts: identity.international: yes instead of no",
			"example, program orders: identity.international: yes instead of no",
			"example: countries: every country with hours instead of US",
		}},
		"brand's hours": {
			[]string{`    # hours: {weekdays: "10:00-18:00", saturday: "10:00-16:00"`, `    hours: {weekdays: "10:00-18:00", saturday: "10:00-16:00"`},
			[]string{"example: hours: 10:00-18:00 / 10:00-16:00 / none / none instead of none"},
		},
		"both hours": {
			[]string{
				"hours: strict", "hours: law",
				`    # hours: {weekdays: "10:00-18:00", saturday: "10:00-16:00"`, `    hours: {weekdays: "10:00-18:00", saturday: "10:00-16:00"`,
			},
			[]string{"everybody: hours: law instead of strict", "example: hours: 10:00-18:00 / 10:00-16:00 / none / none instead of none"},
		},
		"a rate": {
			[]string{"messages_per_second: 1 ", "messages_per_second: 10 "},
			[]string{"example, program alerts: messages_per_second: 10 instead of 1"},
		},
		"a number given up": {
			[]string{`number: "+12065550100"`, `number: "+12065550199"`},
			[]string{"example, program alerts: identity.number: +12065550199 instead of +12065550100", "LOSS example/alerts: " + reply},
		},
		"a number kept in a pool": {
			[]string{`number: "+12065550100"`, `pool: pool-0123456789abcdef
          numbers: ["+12065550100", "+12065550105"]`},
			[]string{
				"example, program alerts: identity.number: none instead of +12065550100",
				"example, program alerts: identity.numbers: +12065550100, +12065550105 instead of none",
				"example, program alerts: identity.pool: pool-0123456789abcdef instead of none",
			},
		},
		"a topic": {
			[]string{"- id: orders\n            name", "- id: purchases\n            name"},
			[]string{"LOSS example/orders: the topic is gone", "example/purchases: is new, from +12065550101"},
		},
		"a program": {
			[]string{"- id: orders\n        class", "- id: purchases\n        class"},
			[]string{"LOSS example/orders: it would come from program purchases instead of orders"},
		},
		"a class": {
			[]string{"class: promotional\n", "class: transactional\n", "frequency: 1 per week", "frequency: 1 per week"},
			[]string{
				"LOSS examplecafe/specials: they agreed to promotional texts, and it would be transactional",
				"examplecafe, program specials: class: transactional instead of promotional",
			},
		},
		"a brand": {[]string{"\n  - id: examplecafe" + second, ""}, []string{"LOSS examplecafe/specials: the topic is gone"}},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := catalogOf(t), catalogOf(t, tc.replace...)
			got := map[string]bool{}
			for _, c := range Compare(from, to) {
				line := c.Of() + ": " + c.Says
				if c.Loses {
					line = "LOSS " + line
				}
				got[line] = true
			}
			want := map[string]bool{}
			for _, line := range tc.want {
				want[line] = true
			}
			for line := range got {
				if strings.Contains(line, "clarify") || strings.Contains(line, "engagement") { // follow from the class
					delete(got, line)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// international has AWS send from both numbers of a brand to every country.
var international = []string{
	`number: "+12065550100" `, `international: yes
          number: "+12065550100" `,
	`{number: "+12065550101"}`, `{number: "+12065550101", international: yes}`,
}

// Whoever has a phone in a country that is no longer served loses each topic of the brand, and nobody else does.
func TestACountryThatIsNoLongerServedIsALoss(t *testing.T) {
	const rwanda = "  countries: {RW: {weekdays: \"09:00-18:00\", saturday: none, sunday: none, holidays: \"09:00-18:00\"}}\n"
	everywhere, home := catalogOf(t, international...), catalogOf(t)
	withRwanda := catalogOf(t, append(international, "policy:\n", "policy:\n"+rwanda)...)
	both := catalogOf(t, append(international, "    # countries: [US]", "    countries: [US, CA]")...)
	for name, tc := range map[string]struct {
		from, to *Catalog
		lost     string // of US CA RW
	}{
		"reach":            {everywhere, home, "CA"},
		"one of two":       {both, home, "CA"},
		"withOwnHoursOnly": {everywhere, both, ""},
		"hours":            {withRwanda, everywhere, "RW"},
		"hours and more":   {withRwanda, home, "CA RW"},
		"more":             {home, withRwanda, ""},
		"the same":         {both, both, ""},
	} {
		lost := map[string][]string{}
		for _, c := range Compare(tc.from, tc.to) {
			for _, country := range []string{"US", "CA", "RW"} {
				if c.Loses && c.Concerns(tc.from, tc.to, country) {
					lost[c.Of()] = append(lost[c.Of()], country)
				}
			}
		}
		for _, topic := range []string{"example/alerts", "example/orders"} {
			if got := strings.Join(lost[topic], " "); got != tc.lost {
				t.Errorf("%s: %s loses %q, want %q", name, topic, got, tc.lost)
			}
		}
	}
}

// A change is about the people on the topics that there were.
func TestWhomAChangeIsAbout(t *testing.T) {
	c := catalogOf(t)
	for want, change := range map[string]Change{
		"example/alerts example/orders examplecafe/specials": {},
		"example/alerts example/orders":                      {Brand: "example"},
		"example/orders":                                     {Brand: "example", Program: "orders"},
		"example/alerts":                                     {Brand: "example", Topic: "alerts"},
		"":                                                   {Brand: "example", Topic: "new"},
	} {
		var got []string
		for _, topic := range change.Topics(c) {
			got = append(got, topic[0]+"/"+topic[1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%+v is about %v, want %s", change, got, want)
		}
	}
}

// Nothing in a programs.yaml changes unseen: each field that is read from it has the name it has there.
func TestEveryFieldIsCompared(t *testing.T) {
	follows := map[string]bool{ // from other fields, or compared as what they are in
		"Catalog.Brands": true, "Brand.ID": true, "Brand.Programs": true, "Program.ID": true, "Program.Brand": true, "Program.BrandName": true,
		"Program.Topics": true, "Topic.ID": true, "Topic.Program": true, "Topic.Class": true,
	}
	seen := map[string]bool{}
	var look func(of reflect.Type)
	look = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			look(of.Elem())
			return
		case reflect.Struct:
		default:
			return
		}
		if _, leaf := formatted(reflect.New(of).Elem()); leaf || seen[of.Name()] || of == reflect.TypeFor[time.Time]() {
			return
		}
		seen[of.Name()] = true
		for i := range of.NumField() {
			f := of.Field(i)
			name := of.Name() + "." + f.Name
			if _, compared := yamlNames[name]; f.IsExported() && !compared && !follows[name] {
				t.Errorf("%s is not compared", name)
			}
			look(f.Type)
		}
	}
	look(reflect.TypeFor[Catalog]())
	for name := range yamlNames {
		if of, _, _ := strings.Cut(name, "."); !seen[of] {
			t.Errorf("there is no %s", name)
		}
	}
}
