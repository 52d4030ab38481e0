package operator

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"smsconsent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

// careful is the programs.yaml of a brand whose campaigns somebody else approves, and that has a tester.
func careful(t *testing.T) *program.Catalog {
	t.Helper()
	yaml := strings.Replace(string(smsconsent.Programs()), "    region: US",
		"    approval: required\n    testers: [\""+her+"\"]\n    region: US", 1)
	cat, err := program.Load([]byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// as does something as somebody, on a stack with that programs.yaml.
func (w *world) as(cat *program.Catalog, user string, do func(*cobra.Command, *wiring.Deployment) error) (string, error) {
	w.t.Helper()
	w.t.Setenv("AWS_ACCESS_KEY_ID", user)
	s, err := localRemote(w.t.Context(), w.url, cat)
	if err != nil {
		w.t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetContext(context.WithoutCancel(w.t.Context()))
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	err = do(cmd, s)
	return out.String(), err
}

// A campaign of a careful brand goes out once somebody else approved it; who made it cannot, and both are on record.
func TestApproval(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	w.subscribes(her)
	out, err := w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
		es := "Example Corp.: ya hay calabazas."
		f := campaignFlags{topic: "alerts", yes: true, wordFlags: wordFlags{
			text: "Example Corp.: pumpkins are in.", texts: map[string]*string{"es": &es},
		}}
		return f.create(cmd, s)
	})
	if err != nil || !strings.Contains(out, "Made by arn:aws:iam::000000000000:user/ana") || !strings.Contains(out, "campaign approve") {
		t.Fatalf("create says %q, %v", out, err)
	}
	id := campaignSaying(t, "pumpkins")
	w.goTo(tuesday.Add(10 * time.Minute))
	if n := w.got(her, "pumpkins"); n != 0 {
		t.Fatalf("before anybody approved it, it reached her %d times", n)
	}
	listed := func() bool {
		out, err := w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
			rows, err := campaignRows(cmd.Context(), s)
			printCampaigns(cmd.OutOrStdout(), s.Catalog, rows)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(out, "waits for approval")
	}
	if !listed() {
		t.Error("the list does not say that it waits for approval")
	}
	approve := func(user string, yes bool) (string, error) {
		return w.as(cat, user, func(cmd *cobra.Command, s *wiring.Deployment) error { return approveCampaign(cmd, s, id, yes, false) })
	}
	if _, err := approve("ana", true); err == nil || !strings.Contains(err.Error(), "who made it") {
		t.Errorf("Ana approves her own: %v", err)
	}
	out, err = approve("ben", false)
	if err == nil || !strings.Contains(err.Error(), "--yes") || !strings.Contains(out, "en: Example Corp.: pumpkins") || !strings.Contains(out, "es: Example Corp.: ya hay") {
		t.Errorf("with nobody to ask it says %q, %v", out, err)
	}
	if !listed() {
		t.Error("it is approved without a yes")
	}
	if out, err := approve("ben", true); err != nil || listed() || !strings.Contains(out, "user/ben") || !strings.Contains(out, "pumpkins are in") {
		t.Errorf("Ben's approval says %q, %v", out, err)
	}
	w.goTo(tuesday.Add(20 * time.Minute))
	if n := w.got(her, "pumpkins"); n != 1 {
		t.Errorf("approved, it reached her %d times", n)
	}
	out, err = w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
		return campaignStatus(cmd.Context(), cmd.OutOrStdout(), s, id, false)
	})
	if err != nil || !strings.Contains(out, "Made by arn:aws:iam::000000000000:user/ana, approved by arn:aws:iam::000000000000:user/ben") ||
		!strings.Contains(out, "es: Example Corp.: ya hay") {
		t.Errorf("status says %q, %v", out, err)
	}
}

// Who approves sees all they approve, and so does whoever asks how it stands; each language once.
func TestTheApproverSeesAllOfIt(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	_, err := w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
		en, es := "Example Corp.: for readers of English.", "Example Corp.: ya hay calabazas."
		f := campaignFlags{
			topic: "alerts", yes: true, digest: true, content: "november", in: []string{"US-WA"}, attributes: []string{"city=Yakima"},
			at: "2027-01-06T18:00:00Z", expires: "2027-01-07T18:00:00Z",
			wordFlags: wordFlags{text: "Example Corp.: for all others.", texts: map[string]*string{"en": &en, "es": &es}},
		}
		return f.create(cmd, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	id := campaignSaying(t, "others")
	shown, _ := w.as(cat, "ben", func(cmd *cobra.Command, s *wiring.Deployment) error { return approveCampaign(cmd, s, id, true, false) })
	state, err := w.as(cat, "ben", func(cmd *cobra.Command, s *wiring.Deployment) error {
		return campaignStatus(cmd.Context(), cmd.OutOrStdout(), s, id, false)
	})
	for name, said := range map[string]string{"approve": shown, "status": state} {
		for _, want := range []string{
			"other languages: Example Corp.: for all", "en: Example Corp.: for readers", "es: Example Corp.: ya hay", "US-WA", "city=Yakima",
			"digest", "november", "from 2027-01-06T18:00:00Z until 2027-01-07T18:00:00Z",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s does not show %q (%v):\n%s", name, want, err, said)
			}
		}
		if n := strings.Count(said, "\nen: "); n != 1 {
			t.Errorf("%s shows the text in English %d times:\n%s", name, n, said)
		}
	}
	if s := status(t, id); !s.Digest || s.Content != "november" || s.At.Day() != 6 || s.Expires.Day() != 7 {
		t.Errorf("as JSON it is %+v", s)
	}
}

func TestApprovalMistakes(t *testing.T) {
	newWorld(t)
	id := create(t, "Example Corp.: hi.")
	if _, says := execute(t, exitFailed, "campaign", "approve", id); !strings.Contains(says, "needs no approval") {
		t.Errorf("of a brand that wants none it says %q", says)
	}
	execute(t, exitUsage, "campaign", "approve", "nosuch")
	execute(t, exitFailed, "campaign", "approve", unknownCampaign)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{id}, "--to is required"},
		{[]string{id, "--to", "x"}, "--to: has signs"},
		{[]string{id, "--to", her}, "is no tester of brand example"},
	} {
		if _, says := execute(t, exitUsage, append([]string{"campaign", "test"}, c.args...)...); !strings.Contains(says, c.says) {
			t.Errorf("%v: %q, want %q", c.args, says, c.says)
		}
	}
}

// The ID of a test tells the campaign, and no other text's ID does.
func TestTestedCampaign(t *testing.T) {
	for _, id := range []string{unknownCampaign, "next-week", "a"} {
		if of, ok := testedCampaign(testID(id)); !ok || of != id {
			t.Errorf("a test of %s is one of %q", id, of)
		}
	}
	for _, ref := range []string{"", "test-", "test-12345678", "test--12345678", "test-week", "order-5-12345678", "test-order-five-six", "test-orders-1234567l"} {
		if of, ok := testedCampaign(ref); ok {
			t.Errorf("%q is taken for a test of %q", ref, of)
		}
	}
}

// A tester gets what the campaign says by the door of single texts, and still gets the campaign.
func TestATest(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	w.subscribes(her)
	_, err := w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
		es := "Example Corp.: ¡hola! {link:https://example.com/x}"
		f := campaignFlags{topic: "alerts", yes: true, at: tuesday.Add(24 * time.Hour).Format(time.RFC3339), wordFlags: wordFlags{
			text: "Example Corp.: hi {first_name|there}: {link:https://example.com/x}", texts: map[string]*string{"es": &es},
		}}
		return f.create(cmd, s)
	})
	if err != nil {
		t.Fatal(err)
	}
	id := campaignSaying(t, "first_name")
	test := func(language string) (string, error) {
		return w.as(cat, "ana", func(cmd *cobra.Command, s *wiring.Deployment) error {
			c, err := campaignOf(cmd.Context(), consentTable(s), id)
			if err != nil {
				return err
			}
			f, err := testOf(s, &c, her, language)
			if err != nil {
				return err
			}
			return sendTest(cmd, her, f)
		})
	}
	if out, err := test(""); err != nil || !strings.HasPrefix(out, "sent, as test-"+id+"-") {
		t.Errorf("it says %q, %v", out, err)
	}
	if n := w.got(her, "hi there: https://example.com/x"); n != 1 {
		t.Errorf("the test reached her %d times", n)
	}
	marked := "promotional (test of campaign …" + id[len(id)-6:] + ")"
	if out, _ := execute(t, 0, "record", her); strings.Count(out, marked+" delivered: ") != 1 {
		t.Errorf("the record does not say that it was a test:\n%s", out)
	}
	if out, _ := execute(t, 0, "explain", her, "--topic", "alerts"); !strings.Contains(strings.Join(strings.Fields(out), " "), marked+" on 5 Jan") {
		t.Errorf("what is counted is not said to have been a test:\n%s", out)
	}
	if out, err := test("es"); err != nil || !strings.Contains(out, "least-gap") {
		t.Errorf("a second at once says %q, %v", out, err)
	}
	w.says(her, "STOP")
	if out, err := test(""); err == nil || !strings.Contains(err.Error(), "opted-out") || !strings.HasPrefix(out, "refused") {
		t.Errorf("after her STOP it says %q, %v", out, err)
	}
	if _, err := test("fr"); err == nil {
		t.Error("a language it has no text in is sent")
	}
}
