package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

func consoleCommand() *cobra.Command {
	var port int
	var open bool
	c := &cobra.Command{
		Use:   "console",
		Short: "Serve a page on this machine for daily work with the stack: people, campaigns, audits, alarms",
		Long: `Serve the console of the stack on this machine only, with your own AWS credentials (docs/console.md). Anybody with the
address it prints may do there what you may. The address is a new one each time. Stop it with Ctrl-C.`,
		Example: `  smsconsent console
  smsconsent console --port 8099 --open`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if port < 0 || port > 65535 {
				return usageError{fmt.Errorf("--port: %d is not a port number between 0 and 65535", port)}
			}
			return serveConsole(cmd, port, open)
		},
	}
	c.Flags().IntVar(&port, "port", 8090, "port to listen on at 127.0.0.1; 0 for any that is free")
	c.Flags().BoolVar(&open, "open", false, "open the page in your browser")
	return c
}

func serveConsole(cmd *cobra.Command, port int, open bool) error {
	ctx := cmd.Context()
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("--port: %w; choose another", err)
	}
	defer l.Close()
	page, err := openConsole(cmd)
	if err != nil {
		return err
	}
	_, listening, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return err
	}
	guard := console.NewGuard(listening)
	mux := http.NewServeMux()
	page.Routes(mux)
	server := &http.Server{
		Handler: guard.In(mux), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
	}
	fmt.Fprintf(cmd.OutOrStdout(), "The console, for anybody with this address: %s\n", guard.Address())
	if open {
		if err := browse(ctx, guard.Address()); err != nil {
			fmt.Fprintln(cmd.ErrOrStderr(), "--open: no browser could be started; open the address yourself:", err)
		}
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return server.Shutdown(stopping)
	}
}

// openConsole returns the console of the stack that the environment names.
func openConsole(cmd *cobra.Command) (*console.Console, error) {
	ctx := cmd.Context()
	s, err := remote(ctx)
	if err != nil {
		return nil, err
	}
	name := "stack of table " + s.Getenv("TABLE_NAME") + " in " + s.AWS.Region
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); loopback(endpoint) {
		name, s.Now = "local stack", localStackClock(ctx, endpoint, s.Now())
	}
	who, err := caller(ctx, s)
	if err != nil {
		return nil, err
	}
	log := telemetry.NewLogger(cmd.ErrOrStderr())
	c := console.Config{
		Stack: s, Log: log, About: console.About{Name: name, Who: who}, Campaigns: ConsoleCampaigns(s), Record: openRecord,
		InForce: cachedPrograms(ctx, s, log),
	}
	if !loopback(os.Getenv("AWS_ENDPOINT_URL")) {
		// The schedule group is named like the stack.
		c.Alarms = ringingAlarms(cloudwatch.NewFromConfig(s.AWS), s.Getenv("SCHEDULE_GROUP"))
	}
	page, err := console.New(c)
	if err != nil {
		return nil, err
	}
	if err := s.Missing(); err != nil {
		return nil, usageError{fmt.Errorf("%w: export the stack's outputs (docs/deploy.md#campaigns)", err)}
	}
	return page, nil
}

// ringingAlarms returns a function that lists the alarms of a stack that are ringing, as status does.
func ringingAlarms(api cloudwatch.DescribeAlarmsAPIClient, stack string) func(context.Context) ([]console.Alarm, error) {
	return func(ctx context.Context) (all []console.Alarm, err error) {
		var r statusReport
		err = r.readAlarms(ctx, api, stack)
		for _, a := range r.Alarms {
			all = append(all, console.Alarm(a))
		}
		return all, err
	}
}

// localStackClock returns the clock of the local stack, which somebody may move while a console is open. Where the
// stack does not answer, the clock shows the last known time.
func localStackClock(ctx context.Context, endpoint string, begin time.Time) func() time.Time {
	var mu sync.Mutex
	last := begin
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		if now, err := localClock(ctx, endpoint); err == nil {
			last = now
		}
		return last
	}
}

// cachedPrograms returns a function for the programs in force. It reads them at most once a minute.
func cachedPrograms(ctx context.Context, s *wiring.Deployment, log *slog.Logger) func() *program.Catalog {
	var mu sync.Mutex
	known, looked := s.Catalog, s.Now()
	return func() *program.Catalog {
		mu.Lock()
		defer mu.Unlock()
		if now := s.Now(); now.Sub(looked) >= time.Minute {
			looked = now
			newer, _, err := wiring.InForce(ctx, consentTable(s), known)
			if err != nil {
				log.ErrorContext(ctx, "cannot look for newer programs", "error", err)
				return known
			}
			known = newer
		}
		return known
	}
}

// openRecord reads a record by GET /records, which notes who asked.
func openRecord(ctx context.Context, key consent.Key) (json.RawMessage, error) {
	stack, err := openAPI(ctx)
	if err != nil {
		return nil, forPage(err)
	}
	code, body, err := stack.call(ctx, http.MethodGet, recordPath(key), nil)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errUnanswered, err)
	case code == http.StatusForbidden || code == http.StatusUnauthorized:
		return nil, &gateway.Refusal{
			Status: http.StatusForbidden, Field: "policy", Message: "the API refuses these AWS credentials: " + attachRecords,
		}
	case code != http.StatusOK:
		var r gateway.RefusalBody
		_ = json.Unmarshal(body, &r) // r stays empty where the body is something else
		return nil, &gateway.Refusal{Status: http.StatusBadGateway, Message: "the record cannot be read: " + r.Error.Message}
	}
	return body, nil
}

const attachRecords = "attach the policy RecordsPolicyArn of the stack's outputs to the people who use them"

// recordPath returns the path and query of a person's record.
func recordPath(key consent.Key) string {
	// Without its plus sign a number needs no escaping. Signers differ in how they escape one.
	return "/records/" + strings.TrimPrefix(string(key.Phone), "+") + "?brand=" + url.QueryEscape(key.Brand)
}

// browse opens an address in the machine's browser.
func browse(ctx context.Context, address string) error {
	switch runtime.GOOS {
	case "darwin":
		return exec.CommandContext(ctx, "open", address).Start()
	case "windows":
		return exec.CommandContext(ctx, "rundll32", "url.dll,FileProtocolHandler", address).Start()
	default:
		return exec.CommandContext(ctx, "xdg-open", address).Start()
	}
}

// forPage turns a command's error into one that the page shows beside the right field of its form. An error of AWS
// stays as it is.
func forPage(err error) error {
	if err == nil || fromAWS(err) {
		return err
	}
	status := http.StatusConflict
	if _, usage := errors.AsType[usageError](err); usage {
		status = http.StatusBadRequest
	}
	field, message := "", strings.TrimSuffix(err.Error(), vouchFlags)
	if flag, rest, ok := strings.Cut(message, ": "); ok && strings.HasPrefix(flag, "--") {
		field, message = strings.TrimPrefix(flag, "--"), rest
	}
	message = strings.NewReplacer("--at", "its beginning", "--expires", "its end", "--text", "its text",
		"say --far if it is meant", "say so under More").Replace(message)
	return &gateway.Refusal{Status: status, Field: field, Message: message}
}
