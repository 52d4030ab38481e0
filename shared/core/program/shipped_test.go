package program

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/core/jurisdiction"
)

func TestShippedFile(t *testing.T) {
	text := shipped(t)
	c, err := Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if c.Policy.Mode != jurisdiction.Strict {
		t.Errorf("policy is %q, want strict", c.Policy.Mode)
	}
	b, prog, ok := c.ByDestination("+12065550100")
	if !ok {
		t.Fatal("nobody answers +12065550100")
	}
	want := Program{
		ID: "alerts", Brand: "example", BrandName: "Example Corp.", Class: Promotional,
		Identity: Identity{Number: "+12065550100"}, OptOutList: "Default", PerSecond: 1, Clarify: true,
		Topics: []Topic{{
			ID: "alerts", Name: "alerts", Program: "alerts", Class: Promotional, Keyword: "JOIN", Frequency: Frequency{2, Month},
			HelpEmail: "help@example.com", HelpPhone: "XXX-555-0199", Locale: "en-US", Engagement: defaultEngagement,
			Limits: Limits{OptOuts: 300, Undelivered: 1000, Complaints: 50, Least: 50},
		}},
	}
	if diff := cmp.Diff(want, *prog); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
	if b.ID != "example" || b.Region != "US" || b.Hours != nil {
		t.Errorf("brand %+v", b)
	}
	if p, topic, ok := b.Topic("orders"); !ok || p.Class != Transactional || p.Identity.Number != "+12065550101" || !topic.Frequency.IsZero() {
		t.Error("orders is not transactional from +12065550101 without a promised frequency")
	}
	if len(c.Brands) != 2 {
		t.Errorf("%d brands, want a second one", len(c.Brands))
	}
	again, err := Load([]byte(text + "\n"))
	if err != nil || len(c.Hash()) != 64 || c.Hash() == again.Hash() {
		t.Errorf("hash %q does not tell two files apart (%v)", c.Hash(), err)
	}
}

// Every example a comment of the shipped file offers must work as it stands.
func TestShippedExamples(t *testing.T) {
	for _, c := range []struct{ name, from, to string }{
		{"short code", "          number: \"+12065550100\"         #   a long code, 10DLC or toll-free number\n          # short_code:", "          short_code:"},
		{"told", "            # consent: told", "            consent: told"},
		{"pool", "          number: \"+12065550100\"         #   a long code, 10DLC or toll-free number\n          # short_code: \"12345\"          #   a short code\n          # pool: ", "          pool: "},
	} {
		text := shipped(t)
		if !strings.Contains(text, c.from) {
			t.Errorf("%s: the shipped file has no %q", c.name, c.from)
			continue
		}
		text = strings.Replace(text, c.from, c.to, 1)
		if c.name == "pool" {
			text = strings.Replace(text, "          # numbers:", "          numbers:", 1)
		}
		if _, err := Load([]byte(text)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for _, first := range []string{"  # countries:", "    # hours:", "    # texts:"} {
		text := uncomment(t, shipped(t), first)
		c, err := Load([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", first, err)
			continue
		}
		if b := c.Brands[0]; c.Policy.Countries == nil && b.Hours == nil && b.Texts == nil {
			t.Errorf("%s changed nothing", first)
		}
	}
}

// uncomment makes YAML of the comment that begins with the line first and ends before the next line that is none.
func uncomment(t *testing.T, text, first string) string {
	t.Helper()
	lines := strings.Split(text, "\n")
	at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, first) })
	if at < 0 {
		t.Fatalf("the shipped file has no line %q", first)
	}
	indent, _, _ := strings.Cut(first, "#")
	for ; strings.HasPrefix(lines[at], indent+"# "); at++ {
		lines[at] = indent + strings.TrimPrefix(lines[at], indent+"# ")
	}
	return strings.Join(lines, "\n")
}

// Dedicated short codes: in whatever file loads, no number, short code, pool or opt-out list serves two programs.
func TestLoadedIdentitiesAreDedicated(t *testing.T) {
	loaded := 0
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("+120655501%02d", rapid.IntRange(0, 30).Draw(t, "number")) })
		identity := rapid.Custom(func(t *rapid.T) string {
			switch rapid.IntRange(0, 3).Draw(t, "kind") {
			case 0:
				return fmt.Sprintf("short_code: 1234%d", rapid.IntRange(0, 9).Draw(t, "code"))
			case 1:
				arn := rapid.SampledFrom([]string{"", "arn:aws:sms-voice:us-east-1:123456789012:pool/"}).Draw(t, "arn")
				return fmt.Sprintf("pool: %spool-%d, numbers: [%s]", arn, rapid.IntRange(0, 9).Draw(t, "pool"),
					strings.Join(rapid.SliceOfN(number, 1, 3).Draw(t, "numbers"), ", "))
			default:
				return "number: " + number.Draw(t, "number")
			}
		})
		var text strings.Builder
		text.WriteString("brands:\n")
		for i := range rapid.IntRange(1, 3).Draw(t, "brands") {
			fmt.Fprintf(&text, "  - id: b%d\n    name: B\n    region: US\n    programs:\n", i)
			for j := range rapid.IntRange(1, 2).Draw(t, "programs") {
				fmt.Fprintf(&text, "      - id: p%d\n        class: transactional\n        identity: {%s}\n        opt_out_list: l%d\n        topics: [{id: t%d, name: x, help: {phone: 1}}]\n",
					j, identity.Draw(t, "identity"), rapid.IntRange(0, 30).Draw(t, "list"), j)
			}
		}
		c, err := Load([]byte(text.String()))
		if err != nil {
			return
		}
		loaded++
		owner := map[string]*Program{}
		claim := func(p *Program, name string) {
			if name == "" {
				return
			}
			if owner[name] != nil {
				t.Fatalf("%s serves %s/%s and %s/%s:\n%s", name, owner[name].Brand, owner[name].ID, p.Brand, p.ID, &text)
			}
			owner[name] = p
		}
		for i := range c.Brands {
			for j := range c.Brands[i].Programs {
				p := &c.Brands[i].Programs[j]
				claim(p, string(p.Identity.Number))
				claim(p, p.Identity.ShortCode)
				claim(p, strings.TrimPrefix(p.Identity.Pool, "arn:aws:sms-voice:us-east-1:123456789012:pool/"))
				for _, n := range p.Identity.Numbers {
					claim(p, string(n))
				}
				claim(p, p.OptOutList)
				if b, found, ok := c.ByDestination(p.Identity.String()); !ok || b.ID != p.Brand || found.ID != p.ID {
					t.Fatalf("a text to %s does not reach %s/%s", p.Identity, p.Brand, p.ID)
				}
			}
		}
	})
	if loaded == 0 {
		t.Error("no file loaded, so nothing was tested")
	}
}
