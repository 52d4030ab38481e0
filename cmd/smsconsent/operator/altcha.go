package operator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent/shared/edge/captcha"
)

// maxChallenge is how many bytes of a challenge are read at most. A challenge has about 500.
const maxChallenge = 64 << 10

func altchaCommand() *cobra.Command {
	var address string
	c := &cobra.Command{
		Use:   "altcha",
		Short: "Solve a challenge of the sign-up form, for scripts",
		Long: `Fetch a challenge of the sign-up form, solve it, and print the value for the form's field altcha. The value is good
for one sign-up.`,
		Example: `  curl http://localhost:8080/opt-in -H 'Content-Type: application/json' \
    -d '{"brand":"example","topics":["alerts"],"phone":"+12065550142","altcha":"'$(smsconsent altcha)'"}'
  smsconsent altcha --url https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
				return usageError{fmt.Errorf("--url: %q is not an address such as http://localhost:8080", address)}
			}
			return solveAltcha(cmd, strings.TrimSuffix(address, "/"))
		},
	}
	c.Flags().StringVar(&address, "url", "http://localhost:8080", "where the sign-up form is served")
	return c
}

func solveAltcha(cmd *cobra.Command, address string) error {
	req, err := http.NewRequestWithContext(cmd.Context(), http.MethodGet, address+"/opt-in/challenge", nil)
	if err != nil {
		return fmt.Errorf("ask for a challenge: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask for a challenge: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("ask for a challenge: %s answered %s", address, resp.Status)
	}
	var c captcha.Challenge
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxChallenge)).Decode(&c); err != nil {
		return fmt.Errorf("read the challenge of %s: %w", address, err)
	}
	solution, err := captcha.Solve(cmd.Context(), c)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), solution)
	return err
}
