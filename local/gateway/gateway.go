// Package gateway imitates API Gateway: it passes HTTP requests to functions.
package gateway

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/redact"
	"smsconsent/local/reply"
)

// Gateway is the HTTP API of template.yaml.
type Gateway struct {
	Now func() time.Time
	Log *slog.Logger

	// Invoke runs a function by name, as Lambda does. It returns when everything it caused is done.
	Invoke func(ctx context.Context, function string, payload []byte) ([]byte, error)
}

// Routes adds the routes of the API.
func (g *Gateway) Routes(mux *http.ServeMux) {
	for pattern, function := range map[string]string{
		"GET /opt-in":                    "optin",
		"GET /opt-in/challenge":          "optin",
		"POST /opt-in":                   "optin",
		"GET /opt-in/disclosure":         "optin",
		"GET /opt-in/assets/{name}":      "optin",
		"OPTIONS /opt-in":                "optin",
		"OPTIONS /opt-in/challenge":      "optin",
		"OPTIONS /opt-in/disclosure":     "optin",
		"GET /records/{phone}":           "records",
		"GET /preferences":               "preferences",
		"POST /preferences":              "preferences",
		"GET /preferences/assets/{file}": "preferences",
		"POST /requests":                 "optin",
		"GET /l/{id}":                    "link",
		"HEAD /l/{id}":                   "link",
		"POST /texts":                    "texts",
		"POST /may":                      "texts",
		"GET /may/{id}":                  "texts",
		"DELETE /texts/{id}":             "texts",
		"POST /touches":                  "channels",
		"POST /engagements":              "channels",
		"POST /optouts":                  "channels",
		"POST /attributes":               "channels",
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { g.forward(w, r, pattern, function) })
	}
}

// forward sends a request to a function in API Gateway's payload format 2.0, and writes the function's answer.
func (g *Gateway) forward(w http.ResponseWriter, r *http.Request, route, function string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, reply.MaxRequest))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		reply.TooLarge().Write(w)
		return
	}
	if err != nil {
		reply.BadRequest("body", "the request's body did not arrive whole").Write(w)
		return
	}
	payload, err := json.Marshal(g.request(r, route, body))
	if err != nil {
		g.Log.Error("encode API Gateway event", "function", function, "error", err)
		failed(w)
		return
	}
	out, err := g.Invoke(r.Context(), function, payload)
	if err != nil {
		g.Log.Error("function failed", "function", function, "error", redact.Error(err))
		failed(w)
		return
	}
	respond(w, out)
}

func (g *Gateway) request(r *http.Request, route string, body []byte) events.APIGatewayV2HTTPRequest {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	now := g.Now()
	e := events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: route, RawPath: r.URL.Path, RawQueryString: r.URL.RawQuery,
		Headers: map[string]string{"host": r.Host, "x-forwarded-proto": "http"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey:     route,
			AccountID:    account.Account,
			Stage:        "$default",
			RequestID:    awsjson.NewID(),
			APIID:        "local",
			DomainName:   r.Host,
			DomainPrefix: "local",
			Time:         now.Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: r.Method, Path: r.URL.Path, Protocol: r.Proto, SourceIP: host, UserAgent: r.UserAgent(),
			},
		},
	}
	for name, values := range r.Header {
		if name == "Cookie" {
			for _, v := range values {
				e.Cookies = append(e.Cookies, strings.Split(v, "; ")...)
			}
			continue
		}
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	// API Gateway appends the caller's address to whatever the caller claimed.
	e.Headers["x-forwarded-for"] = strings.TrimPrefix(e.Headers["x-forwarded-for"]+", "+host, ", ")
	for name, values := range r.URL.Query() {
		if e.QueryStringParameters == nil {
			e.QueryStringParameters = map[string]string{}
		}
		e.QueryStringParameters[name] = strings.Join(values, ",")
	}
	if name := r.PathValue("name"); name != "" {
		e.PathParameters = map[string]string{"name": name}
	}
	if strings.HasSuffix(route, "{phone}") {
		e.PathParameters = map[string]string{"phone": r.PathValue("phone")}
		e.RequestContext.Authorizer = signed()
	}
	if slices.Contains([]string{
		"POST /texts", "DELETE /texts/{id}", "POST /may", "GET /may/{id}", "POST /requests", "POST /touches",
		"POST /engagements", "POST /optouts", "POST /attributes",
	}, route) {
		e.RequestContext.Authorizer = signed()
	}
	if len(body) > 0 && textual(r.Header.Get("Content-Type")) {
		e.Body = string(body)
	} else if len(body) > 0 {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// signed returns the caller of a route for signed requests. Here every caller counts as having signed.
func signed() *events.APIGatewayV2HTTPRequestContextAuthorizerDescription {
	return &events.APIGatewayV2HTTPRequestContextAuthorizerDescription{
		IAM: &events.APIGatewayV2HTTPRequestContextAuthorizerIAMDescription{
			AccessKey: "local",
			AccountID: account.Account,
			CallerID:  "local",
			UserARN:   "arn:aws:iam::" + account.Account + ":user/local",
			UserID:    "local",
		},
	}
}

// textual reports whether API Gateway passes a body of this type unencoded. All others, forms among them, come in
// base64.
func textual(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil &&
		(strings.HasPrefix(media, "text/") ||
			slices.Contains([]string{"application/json", "application/xml", "application/javascript"}, media))
}

func failed(w http.ResponseWriter) {
	reply.JSON(w, http.StatusInternalServerError, map[string]string{"message": "Internal Server Error"})
}

// respond writes a function's answer. An answer without a status code is the body of a 200, as with API Gateway.
func respond(w http.ResponseWriter, out []byte) {
	var a events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(out, &a); err != nil || a.StatusCode == 0 {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(out)
		return
	}
	body := []byte(a.Body)
	if a.IsBase64Encoded {
		decoded, err := base64.StdEncoding.DecodeString(a.Body)
		if err != nil {
			failed(w)
			return
		}
		body = decoded
	}
	for name, value := range a.Headers {
		if !strings.EqualFold(name, "Content-Length") {
			w.Header().Set(name, value)
		}
	}
	for name, values := range a.MultiValueHeaders {
		for _, v := range values {
			w.Header().Add(name, v)
		}
	}
	for _, c := range a.Cookies {
		w.Header().Add("Set-Cookie", c)
	}
	w.WriteHeader(a.StatusCode)
	_, _ = w.Write(body)
}
