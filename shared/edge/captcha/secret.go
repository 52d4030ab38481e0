package captcha

import (
	"context"
	"errors"
	"strings"
)

// secret is read when first asked for, by one caller while the others wait, and kept if that worked.
type secret struct {
	read  func(ctx context.Context) ([]byte, error)
	turn  chan struct{} // has room for one: whoever put something in may look at value
	value string
}

// get waits as long as its context. White space around the secret, such as a line's end that came along, is no part of
// it.
func (s *secret) get(ctx context.Context) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if s.value != "" {
		return s.value, nil
	}
	text, err := s.read(ctx)
	if err != nil {
		return "", err
	}
	value := strings.TrimSpace(string(text))
	if value == "" {
		return "", errors.New("it is empty")
	}
	s.value = value
	return value, nil
}

// forget has the secret read again, unless somebody else did so already.
func (s *secret) forget(refused string) {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.value == refused {
		s.value = ""
	}
}
