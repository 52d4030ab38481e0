package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"smsconsent"
	"smsconsent/local/account"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// Catalog returns the programs that this command was built with. They are in force where nobody has published others.
func Catalog() (*program.Catalog, error) {
	c, err := program.Load(smsconsent.Programs())
	if err != nil {
		return nil, fmt.Errorf("programs.yaml: %w", err)
	}
	return c, nil
}

// remote opens the deployed stack, or the local one where AWS_ENDPOINT_URL points to this machine, with the programs
// in force there.
func remote(ctx context.Context) (*wiring.Deployment, error) {
	s, err := remoteUnderBuiltIn(ctx)
	if err != nil {
		return nil, err
	}
	if s.Catalog, _, err = wiring.InForce(ctx, consentTable(s), s.Catalog); err != nil {
		return nil, err
	}
	return s, nil
}

// programsInForce returns the programs of the stack that the environment names. It is for commands that can do
// without a stack: where the environment names none, or it does not answer, it returns the built-in programs.
func programsInForce(cmd *cobra.Command) (*program.Catalog, error) {
	c, _, err := inForce(cmd)
	return c, err
}

// inForce returns the programs as programsInForce does, and the time by the same stack's clock. Without a stack that
// is this machine's clock.
func inForce(cmd *cobra.Command) (*program.Catalog, time.Time, error) {
	own, err := Catalog()
	if err != nil || os.Getenv("TABLE_NAME") == "" && !loopback(os.Getenv("AWS_ENDPOINT_URL")) {
		return own, time.Now(), err
	}
	s, err := remote(cmd.Context())
	if err != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "Taking the programs built into this command: %v\n", err)
		return own, time.Now(), nil
	}
	return s.Catalog, s.Now(), nil
}

// programsIn reads a programs.yaml. The error names the flag.
func programsIn(flag, path string) ([]byte, *program.Catalog, error) {
	text, err := readAtMost(path, program.MaxFile+1)
	if err != nil {
		return nil, nil, usageError{fmt.Errorf("%s: %w", flag, err)}
	}
	c, err := program.Load(text)
	if err != nil {
		// The mistakes name the file as it is called in the repository.
		told := regexp.MustCompile(`(?m)^programs\.yaml:`).ReplaceAllLiteralString(err.Error(), path+":")
		return nil, nil, usageError{fmt.Errorf("%s: %s has mistakes:\n%s", flag, path, told)}
	}
	return text, c, nil
}

// readAtMost reads a file up to a number of bytes. The path may name something without an end, such as a device.
func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// remoteUnderBuiltIn opens a stack as remote does, but with the programs built into this command.
func remoteUnderBuiltIn(ctx context.Context) (*wiring.Deployment, error) {
	c, err := Catalog()
	if err != nil {
		return nil, err
	}
	endpoint := os.Getenv("AWS_ENDPOINT_URL")
	if loopback(endpoint) {
		return localRemote(ctx, endpoint, c)
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	for _, variable := range []string{"TABLE_NAME", "SENDCHECK_ARN", "SCHEDULER_ROLE_ARN", "FAILED_EVENTS_ARN"} {
		if os.Getenv(variable) == "" {
			return nil, usageError{
				fmt.Errorf(
					"%s is not set: export the stack's outputs (docs/deploy.md#campaigns), or set AWS_ENDPOINT_URL=http://localhost:8080 for the local stack",
					variable,
				),
			}
		}
	}
	return wiring.New(c, os.Getenv, cfg, time.Now), nil
}

// caller returns the ARN of the IAM identity that runs the command.
func caller(ctx context.Context, s *wiring.Deployment) (string, error) {
	out, err := sts.NewFromConfig(s.AWS).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return "", fmt.Errorf("ask AWS who you are: %w", err)
	}
	return aws.ToString(out.Arn), nil
}

// loopback reports whether an endpoint is on this machine.
func loopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || endpoint == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}

// localRemote opens the local stack. It needs no settings: the names and credentials there are known, and the stack's
// own clock counts. The access key ID in the environment, where there is one, is the caller's name, so that one
// person can play two.
func localRemote(ctx context.Context, endpoint string, c *program.Catalog) (*wiring.Deployment, error) {
	now, err := localClock(ctx, endpoint)
	if err != nil {
		return nil, fmt.Errorf("no local stack answers at %s; start it with: make run (%w)", endpoint, err)
	}
	env := func(variable string) string {
		if variable == wiring.LinksURL {
			return strings.TrimRight(endpoint, "/")
		}
		return account.Env(variable)
	}
	cfg := account.AWS(endpoint)
	if user := os.Getenv("AWS_ACCESS_KEY_ID"); user != "" {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(user, "local", "")
	}
	return account.Deployment(c, env, cfg, func() time.Time { return now }), nil
}

// localClock returns the local stack's time.
func localClock(ctx context.Context, endpoint string) (time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/clock", nil)
	if err != nil {
		return time.Time{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return time.Time{}, err
	}
	defer resp.Body.Close()
	var clock struct {
		Now time.Time `json:"now"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&clock); err != nil {
		return time.Time{}, err
	}
	if clock.Now.IsZero() {
		return time.Time{}, errors.New("its clock says nothing")
	}
	return clock.Now, nil
}

// consentTable opens the table for reading and for campaigns. Commands write no ledger events, so they have no ledger
// key.
func consentTable(s *wiring.Deployment) *table.Table {
	return s.Table(consent.Ledger{})
}

// brandOf returns the brand with an ID, or the first brand of programs.yaml where id is empty.
func brandOf(c *program.Catalog, id string) (*program.Brand, error) {
	if id == "" {
		return &c.Brands[0], nil
	}
	b, ok := c.Brand(id)
	if !ok {
		known := make([]string, len(c.Brands))
		for i := range c.Brands {
			known[i] = c.Brands[i].ID
		}
		return nil, usageError{fmt.Errorf("--brand: %q is not in programs.yaml; it has %v", id, known)}
	}
	return b, nil
}

// topicOf returns the topic that --topic names, and its program.
func topicOf(brand *program.Brand, id string) (*program.Program, *program.Topic, error) {
	if id == "" {
		return nil, nil, usageError{errors.New("--topic is required: the ID of a topic in programs.yaml, such as alerts")}
	}
	prog, topic, ok := brand.Topic(id)
	if !ok {
		return nil, nil, usageError{fmt.Errorf("--topic: brand %s has no topic %q in programs.yaml", brand.ID, id)}
	}
	return prog, topic, nil
}

// findTopic returns the brand, program and topic that the flags name.
func findTopic(c *program.Catalog, brandID, topicID string) (*program.Brand, *program.Program, *program.Topic, error) {
	brand, err := brandOf(c, brandID)
	if err != nil {
		return nil, nil, nil, err
	}
	prog, topic, err := topicOf(brand, topicID)
	return brand, prog, topic, err
}

// brandWithTopic returns the brand that the flags name, after checking that it has the topic.
func brandWithTopic(cmd *cobra.Command, brandID, topicID string) (*program.Brand, error) {
	c, err := programsInForce(cmd)
	if err != nil {
		return nil, err
	}
	brand, _, _, err := findTopic(c, brandID, topicID)
	return brand, err
}
