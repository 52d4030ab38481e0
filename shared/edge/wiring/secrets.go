package wiring

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/parameter"
)

// Edge returns the check for the secret that a CDN in front of the API sends. The parameter may hold several secrets,
// separated by spaces. Where no parameter is named, there is no CDN.
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

// leastSecret is the least number of characters of a secret that is sent over the network.
const leastSecret = 32

// Later returns a function that reads a secret made by others, such as a CAPTCHA provider's, when it is first needed.
// variable holds the name of its parameter.
func (d *Deployment) Later(variable string) func(ctx context.Context) ([]byte, error) {
	d.Needed(variable)
	return func(ctx context.Context) ([]byte, error) { return d.read(ctx, variable, d.fresh) }
}

// makeKey tells an operator how to make a key.
const makeKey = "make one with: openssl rand -base64 48"

// Key reads a secret key: base64 of at least 32 bytes. variable holds the name of its parameter.
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

// text reads a secret. variable holds the name of its parameter.
func (d *Deployment) text(ctx context.Context, variable string) ([]byte, error) {
	return d.read(ctx, variable, d.stored)
}

// read reads a secret by Secret where that is set, and by read otherwise.
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

// needAtStart returns the variables with the names of secrets that functions read when they start.
func needAtStart() []string {
	return []string{
		"LEDGER_KEY_PARAMETER", "CAPTCHA_KEY_PARAMETER", "LINK_KEY_PARAMETER", "SHORT_LINK_KEY_PARAMETER",
		"EDGE_SECRET_PARAMETER",
	}
}

// readings is the secrets of a starting function, once they are read.
type readings struct {
	done  chan struct{} // closed when they are read
	found map[string]string
	err   error
}

// Prefetch begins to read the secrets of a starting function, so that the rest of the start need not wait. It reads
// them in one call: an account may make forty calls a second, and the beginning of a campaign starts many functions
// at once. https://docs.aws.amazon.com/general/latest/gr/ssm.html
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
		// One secret that the function may not read fails the whole call. They are then read one by one, because a missing
		// key for a web page must not stop the function that handles STOP.
		if denied, ok := errors.AsType[smithy.APIError](err); ok && denied.ErrorCode() == "AccessDeniedException" {
			err = nil
		}
		r.found, r.err = found, err
	}()
	runtime.Gosched() // until both wait for the network
}

// stored returns a secret from Parameter Store as it was when the function started.
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

// fresh returns a secret from Parameter Store as it is now.
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

// parameters opens Parameter Store.
func (d *Deployment) parameters() *parameter.Store { return parameter.New(d.AWS, d.Now) }
