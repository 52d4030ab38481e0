package parameter_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"

	"smsconsent/shared/edge/parameter"
)

// store is Parameter Store at the other end: it gives its answers one after the other, the last from then on.
type store struct {
	answers []answer
	asked   []*http.Request
	bodies  []string
}

type answer struct {
	status int
	body   string
	err    error
}

func (s *store) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.asked, s.bodies = append(s.asked, r), append(s.bodies, string(body))
	a := s.answers[min(len(s.asked), len(s.answers))-1]
	return &http.Response{StatusCode: a.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body))}, a.err
}

func (s *store) in(region string) *parameter.Store {
	cfg := aws.Config{
		Region: region, HTTPClient: s, Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "session"),
	}
	return parameter.New(cfg, func() time.Time { return time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) })
}

const one = `{"Parameters":[{"Name":"/a","Type":"SecureString","Value":"x"}],"InvalidParameters":["/b"]}`

// Parameters are read in one request, signed for the Region's store, which is asked to decrypt them.
func TestGet(t *testing.T) {
	for region, host := range map[string]string{
		"us-east-1": "ssm.us-east-1.amazonaws.com", "us-gov-west-1": "ssm.us-gov-west-1.amazonaws.com",
		"cn-north-1": "ssm.cn-north-1.amazonaws.com.cn", "eusc-de-east-1": "ssm.eusc-de-east-1.amazonaws.eu",
	} {
		s := &store{answers: []answer{{200, one, nil}}}
		found, err := s.in(region).Get(t.Context(), "/a", "/b")
		if want := map[string]string{"/a": "x", "/b": ""}; err != nil || !maps.Equal(found, want) {
			t.Errorf("%s: found %v, %v", region, found, err)
		}
		r := s.asked[0]
		signed := "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261201/" + region + "/ssm/aws4_request, SignedHeaders="
		if r.URL.String() != "https://"+host+"/" || !strings.HasPrefix(r.Header.Get("Authorization"), signed) {
			t.Errorf("%s: asked %s, signed %s", region, r.URL, r.Header.Get("Authorization"))
		}
		for _, name := range []string{"content-length", "content-type", "host", "x-amz-date", "x-amz-security-token", "x-amz-target"} {
			if !strings.Contains(r.Header.Get("Authorization"), name) {
				t.Errorf("%s: %s is not signed", region, name)
			}
		}
		if s.bodies[0] != `{"Names":["/a","/b"],"WithDecryption":true}` {
			t.Errorf("asked for %s", s.bodies[0])
		}
	}
}

// What may pass is asked again, in at most ten attempts; what will not is not.
func TestWhatMayPassIsAskedAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		answer answer
		again  bool
		code   string
	}{
		"no room":          {answer{400, `{"__type":"ThrottlingException","message":"Rate exceeded"}`, nil}, true, "ThrottlingException"},
		"a fault of AWS's": {answer{500, `{"__type":"com.amazonaws.ssm#InternalServerError"}`, nil}, true, "InternalServerError"},
		"a gateway's":      {answer{503, "<html>", nil}, true, ""},
		"no connection":    {answer{0, "", io.ErrUnexpectedEOF}, true, ""},
		"not allowed":      {answer{400, `{"__type":"AccessDeniedException","Message":"no"}`, nil}, false, "AccessDeniedException"},
		"not understood":   {answer{200, "x", nil}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &store{answers: []answer{tc.answer}}
				_, err := s.in("us-east-1").Get(t.Context(), "/a")
				attempts := 1
				if tc.again {
					attempts = 10
				}
				if err == nil || len(s.asked) != attempts {
					t.Errorf("asked %d times, want %d: %v", len(s.asked), attempts, err)
				}
				if refused, ok := errors.AsType[smithy.APIError](err); tc.code != "" && (!ok || refused.ErrorCode() != tc.code) {
					t.Errorf("the error is %v, want %s", err, tc.code)
				}
				s = &store{answers: []answer{tc.answer, {200, one, nil}}}
				if found, err := s.in("us-east-1").Get(t.Context(), "/a"); tc.again != (err == nil && found["/a"] == "x") {
					t.Errorf("once it has passed: %v, %v", found, err)
				}
			})
		})
	}
}

// Whoever cannot wait is not made to.
func TestNobodyWaitsLongerThanTheyCan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		s := &store{answers: []answer{{503, "", nil}}}
		if _, err := s.in("us-east-1").Get(ctx, "/a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
}
