package operator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

func campaignTestCommand() *cobra.Command {
	var to, language string
	var asJSON bool
	c := &cobra.Command{
		Use:   "test ID",
		Short: "Send a campaign's text to one tester",
		Long: `Send a campaign's text to a tester, who is listed in programs.yaml under testers of the brand. Like any text it is
sent by POST /texts, so the gate decides. A tester must sign up like everybody, and a test counts as one of their
texts. On record the test is called test-ID-…. It is not part of the campaign's figures, and the tester still gets the
campaign.

Links in a test are not shortened, because short links are counted.`,
		Example: `  smsconsent campaign test 01KB3M8Y5T0QF2Z9W6R7C4X1VN --to +12065550142
  smsconsent campaign test 01KB3M8Y5T0QF2Z9W6R7C4X1VN --to +12065550142 --language es --json`,
		Args: oneCampaign,
		PreRunE: func(*cobra.Command, []string) error {
			if to == "" {
				return usageError{errors.New("--to is required: the phone of a tester, such as +12065550142")}
			}
			return nil
		},
		RunE: onCampaign(func(cmd *cobra.Command, s *wiring.Deployment, id string) error {
			c, err := campaignOf(cmd.Context(), consentTable(s), id)
			if err != nil {
				return err
			}
			f, err := testOf(s, &c, to, language)
			if err != nil {
				return err
			}
			f.json = asJSON
			return sendTest(cmd, to, f)
		}),
	}
	c.Flags().StringVar(&to, "to", "", "the phone of a tester (required)")
	c.Flags().StringVar(&language, "language", "", "the campaign's text in that language (ISO 639-1) instead of the topic's")
	c.Flags().BoolVar(&asJSON, "json", false, `print {"status","id","until","rule","because"} as JSON`)
	return c
}

// sendTest sends a test, and fails where the tester does not get it.
func sendTest(cmd *cobra.Command, to string, f textFlags) error {
	a, err := sendText(cmd, to, f)
	return errors.Join(err, a.untested())
}

// untested says why a tester does not get a test; nil where they do.
func (a *textAnswer) untested() error {
	if a.Status == "refused" || a.Status == "withdrawn" {
		return fmt.Errorf("the test was not sent: by rule %s, %s", a.Rule, a.Because)
	}
	return nil
}

// testOf words the test of a campaign for a tester.
func testOf(s *wiring.Deployment, c *campaign.Campaign, to, language string) (f textFlags, err error) {
	brand, err := brandOf(s.Catalog, c.Brand)
	if err != nil {
		return f, err
	}
	if err := checkTester(brand, to); err != nil {
		return f, err
	}
	text := c.Text
	if language != "" {
		if text = c.Texts[language]; text == "" {
			return f, usageError{fmt.Errorf("--language: campaign %s has no text in %q", c.ID, language)}
		}
	}
	links, err := message.Links(text)
	if err != nil {
		return f, err
	}
	for _, link := range links {
		text = strings.Replace(text, "{link:"+link+"}", link, 1)
	}
	return textFlags{brand: c.Brand, topic: c.Topic, text: text, id: testID(c.ID)}, nil
}

// A test of a campaign is on record under testPrefix, the campaign's ID, a hyphen and the end of a ULID.
const (
	testPrefix = "test-"
	testLength = 8
)

// testID returns a new ID for a test of a campaign.
func testID(campaignID string) string {
	one := ulid.Make().String()
	return testPrefix + campaignID + "-" + one[len(one)-testLength:]
}

// testedCampaign returns the campaign that a single text is the test of, by its ID, and reports whether it is one.
func testedCampaign(ref string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(ref, testPrefix)
	end := len(rest) - testLength
	if !ok || end < len("1-") || rest[end-1] != '-' || strings.Trim(rest[end:], ulid.Encoding) != "" {
		return "", false
	}
	return rest[:end-1], true
}

// checkTester refuses a phone that is no tester's of the brand.
func checkTester(brand *program.Brand, to string) error {
	n, err := typed.Number(to, brand.Region)
	if err != nil {
		return usageError{locateError("--to", err)}
	}
	if !slices.Contains(brand.Testers, n) {
		return usageError{fmt.Errorf("--to: %s is no tester of brand %s; list it under testers of the brand in programs.yaml", n, brand.ID)}
	}
	return nil
}
