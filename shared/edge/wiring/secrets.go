package wiring

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/parameter"
)

// Edge opens the CDN in front of the API by the secrets, with spaces between, that it may show. Where none are named
// there is no CDN.
func (d *Deployment) Edge(ctx context.Context) (gateway.Edge, error) {
	const variable = "EDGE_SECRET_PARAMETER"
	if d.Getenv(variable) == "" {
		return gateway.Edge{}, nil
	}
	text, err := d.text(ctx, variable)
	if err != nil {
		return gateway.Edge{}, err
	}
	secrets := strings.Fields(string(text))
	for _, s := range secrets {
		if len(s) < leastSecret {
			return gateway.Edge{}, fmt.Errorf("secret %q has fewer than %d characters; %s", d.Getenv(variable), leastSecret, makeKey)
		}
	}
	if len(secrets) == 0 {
		return gateway.Edge{}, fmt.Errorf("secret %q is empty; %s", d.Getenv(variable), makeKey)
	}
	return gateway.NewEdge(secrets...), nil
}

// leastSecret is how many characters a secret that goes over the wire has at least.
const leastSecret = 32

// Later returns what reads a secret somebody else made, such as a CAPTCHA provider's, when it is called for: the text
// kept under the name that the variable holds, as it is.
func (d *Deployment) Later(variable string) func(ctx context.Context) ([]byte, error) {
	d.Needed(variable)
	return func(ctx context.Context) ([]byte, error) { return d.read(ctx, variable, d.fresh) }
}

// makeKey tells an operator what to do about a key.
const makeKey = "make one with: openssl rand -base64 48"

// Key reads a secret key: the base64 text of at least 32 bytes kept under the name that the variable holds.
func (d *Deployment) Key(ctx context.Context, variable string) ([]byte, error) {
	text, err := d.text(ctx, variable)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(key) < 32 {
		return nil, fmt.Errorf(
			"key %q is not the base64 text of at least 32 bytes; %s",
			d.Getenv(variable),
			makeKey,
		)
	}
	return key, nil
}

// text reads the secret kept under the name that the variable holds.
func (d *Deployment) text(ctx context.Context, variable string) ([]byte, error) {
	return d.read(ctx, variable, d.stored)
}

// read is text from Secret where there is one, or else from Parameter Store.
func (d *Deployment) read(
	ctx context.Context, variable string, read func(ctx context.Context, name string) ([]byte, error),
) ([]byte, error) {
	name := d.Getenv(variable)
	if name == "" {
		return nil, notSet(variable)
	}
	if d.Secret != nil {
		read = d.Secret
	}
	text, err := read(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read secret %q: %w", name, err)
	}
	return text, nil
}

// needAtStart are the variables with the names of the secrets that functions read as they start.
func needAtStart() []string {
	return []string{
		"LEDGER_KEY_PARAMETER", "CAPTCHA_KEY_PARAMETER", "LINK_KEY_PARAMETER", "SHORT_LINK_KEY_PARAMETER",
		"EDGE_SECRET_PARAMETER",
	}
}

// readings are the secrets a function needs as it starts, once they are read.
type readings struct {
	done  chan struct{} // closed then
	found map[string]string
	err   error
}

// Prefetch begins to read what a function needs as it starts, so that what else a start has to do need not wait for it:
// its secrets and, where it looks for programs, which are in force. Secrets are read in one call: an account may ask
// forty times a second, and the beginning of a campaign starts many functions at once.
// https://docs.aws.amazon.com/general/latest/gr/ssm.html
func (d *Deployment) Prefetch(ctx context.Context) {
	var names []string
	for _, variable := range needAtStart() {
		if n := d.Getenv(variable); n != "" && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if d.published != nil {
		d.published = askedAhead(ctx, d.published)
	}
	r := &readings{done: make(chan struct{})}
	d.secrets = r
	go func() {
		defer close(r.done)
		found, err := d.parameters().Get(ctx, names...)
		// One that may not be read fails them all. They are then read one by one, for a STOP does not wait for the key of
		// a page.
		if denied, ok := errors.AsType[smithy.APIError](err); ok && denied.ErrorCode() == "AccessDeniedException" {
			err = nil
		}
		r.found, r.err = found, err
	}()
}

// stored returns a secret of Parameter Store, as it was when the function started.
func (d *Deployment) stored(ctx context.Context, name string) ([]byte, error) {
	if d.secrets == nil {
		d.Prefetch(ctx)
	}
	<-d.secrets.done
	if d.secrets.err != nil {
		return nil, d.secrets.err
	}
	text, asked := d.secrets.found[name]
	if !asked {
		return d.fresh(ctx, name)
	}
	return there(text)
}

// fresh returns a secret as Parameter Store has it now.
func (d *Deployment) fresh(ctx context.Context, name string) ([]byte, error) {
	found, err := d.parameters().Get(ctx, name)
	if err != nil {
		return nil, err
	}
	return there(found[name])
}

func there(text string) ([]byte, error) {
	if text == "" {
		return nil, errors.New("ParameterNotFound: Parameter Store has none of this name here")
	}
	return []byte(text), nil
}

func (d *Deployment) parameters() *parameter.Store { return parameter.New(d.AWS, d.Now) }
