package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"smsconsent/cmd/smsconsent/operator"
	"smsconsent/local"
	"smsconsent/shared/edge/telemetry"
)

// dataFolder is where the table and the rest of the stack are kept between runs.
const dataFolder = "data"

type localFlags struct{ host, port, dynamodb string }

func localCommand() *cobra.Command {
	f := localFlags{host: "127.0.0.1", port: "8080"}
	if p := os.Getenv("PORT"); p != "" {
		f.port = p
	}
	f.dynamodb = os.Getenv("DYNAMODB")
	c := &cobra.Command{
		Use:   "local",
		Short: "Run everything on this machine, with simulated phones",
		Long: `Run the functions, the parts of AWS they use, a simulated phone for every number and a clock that can be moved, in
one process at one HTTP port. Stop it with Ctrl-C.

Nothing is kept, unless --dynamodb local (or DYNAMODB=local) is given: then Amazon's DynamoDB Local, which needs Java 17,
keeps the table in the folder ` + dataFolder + `, and clock, schedules, phones, queues and opt-out lists are kept beside it.`,
		Example: `  smsconsent local
  PORT=8081 smsconsent local
  smsconsent local --port 8081 --dynamodb local`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runLocal(cmd, f) },
	}
	c.Flags().StringVar(
		&f.host,
		"host",
		f.host,
		"address or name to listen on; other machines can reach the stack where it is not a loopback one",
	)
	c.Flags().StringVar(&f.port, "port", f.port, "port to listen on (environment: PORT)")
	c.Flags().StringVar(
		&f.dynamodb,
		"dynamodb",
		f.dynamodb,
		`"local" for Amazon's DynamoDB Local with data kept; default in memory (environment: DYNAMODB)`,
	)
	return c
}

func runLocal(cmd *cobra.Command, f localFlags) error {
	if n, err := strconv.Atoi(f.port); err != nil || n < 0 || n > 65535 {
		return operator.Usage(fmt.Errorf("--port (or PORT): %q is not a port number between 0 and 65535", f.port))
	}
	if f.dynamodb != "" && f.dynamodb != "local" {
		return operator.Usage(fmt.Errorf(`--dynamodb (or DYNAMODB): %q is neither empty nor "local"`, f.dynamodb))
	}
	programs, err := operator.Catalog()
	if err != nil {
		return err
	}
	// The port is taken first: without it there is no use in starting the rest.
	l, err := local.Listen(f.host, f.port)
	if err != nil {
		return err
	}
	defer l.Close()
	url := address(l.Addr().String())
	options := local.Options{
		Catalog:   programs,
		Log:       telemetry.NewLogger(cmd.ErrOrStderr()),
		Hosts:     []string{f.host},
		URL:       url,
		Campaigns: operator.ConsoleCampaigns,
	}
	if f.dynamodb == "local" {
		db, err := local.StartDynamoDB(cmd.Context(), local.DynamoDBFolder, dataFolder)
		if err != nil {
			return err
		}
		defer func() {
			if err := db.Stop(); err != nil {
				fmt.Fprintln(cmd.ErrOrStderr(), "smsconsent:", err)
			}
		}()
		options.DynamoDB, options.Keep = db, filepath.Join(dataFolder, "stack.json")
	}
	stack, err := local.New(cmd.Context(), options)
	if err != nil {
		return err
	}
	if err := stack.Deploy(cmd.Context()); err != nil {
		return err
	}
	welcome(cmd.OutOrStdout(), url)
	return stack.Serve(cmd.Context(), l)
}

// address returns where a browser on this machine reaches a listener.
func address(listening string) string {
	if host, port, err := net.SplitHostPort(listening); err == nil {
		if ip := net.ParseIP(host); ip.IsLoopback() || ip.IsUnspecified() {
			return "http://localhost:" + port
		}
	}
	return "http://" + listening
}

// welcome says where everything is and what to try.
func welcome(w io.Writer, url string) {
	fmt.Fprintf(w, `smsconsent runs at %[1]s. Phones, clock and campaigns: %[1]s/  Sign-up page: %[1]s/opt-in

Try, in another terminal:
  curl %[1]s/opt-in -H 'Content-Type: application/json' \
    -d '{"brand":"example","topics":["alerts"],"phone":"+12065550142","altcha":"'$(go run ./cmd/smsconsent altcha --url %[1]s)'"}'
  curl %[1]s/handsets/+12065550142
  curl %[1]s/handsets/+12065550142 -d '{"to":"+12065550100","body":"YES"}'

For smsconsent campaign and the AWS CLI: export AWS_ENDPOINT_URL=%[1]s AWS_DEFAULT_REGION=local AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x
Stop it with Ctrl-C.
`, url)
}
