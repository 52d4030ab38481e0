package gateway_test

import (
	"context"
	"net/http"
	"testing"

	"smsconsent/shared/edge/gateway"
)

// A visitor's address is believed only of an edge that proves itself, and only the one that the edge itself put there:
// else everybody behind a CDN would be one network, or whoever can write a header as many as they like.
func TestOnlyTheEdgeSaysWhoCame(t *testing.T) {
	const apiGatewaySaw, viewer = "203.0.113.7", "198.51.100.1"
	edge := gateway.NewEdge("the secret of the edge", "its next secret")
	for _, tc := range []struct {
		name, secret, forwarded, want string
		edge                          gateway.Edge
	}{
		{"through the edge", "the secret of the edge", viewer + ", " + apiGatewaySaw, viewer, edge},
		{"with the next secret", "its next secret", viewer + ", " + apiGatewaySaw, viewer, edge},
		{"through the edge, by IPv6", "the secret of the edge", "2001:db8::1, " + apiGatewaySaw, "2001:db8::1", edge},
		{"where API Gateway adds nothing", "the secret of the edge", viewer, viewer, edge},
		{"forged by the visitor before the edge", "the secret of the edge", "192.0.2.9, " + viewer + "," + apiGatewaySaw, viewer, edge},
		{"past the edge", "", "192.0.2.9, " + apiGatewaySaw, apiGatewaySaw, edge},
		{"with another secret", "the secret of the edgf", "192.0.2.9, " + apiGatewaySaw, apiGatewaySaw, edge},
		{"with the beginning of the secret", "the secret", "192.0.2.9", apiGatewaySaw, edge},
		{"with two secrets at once", "the secret of the edge, its next secret", "192.0.2.9", apiGatewaySaw, edge},
		{"an empty secret where there is no edge", "", "192.0.2.9", apiGatewaySaw, gateway.Edge{}},
		{"any secret where there is no edge", "the secret of the edge", "192.0.2.9", apiGatewaySaw, gateway.Edge{}},
		{"an empty secret where the edge's is empty", "", "192.0.2.9", apiGatewaySaw, gateway.NewEdge("")},
		{"an edge that names nobody", "the secret of the edge", "", apiGatewaySaw, edge},
		{"an edge that names no address", "the secret of the edge", "unknown, " + apiGatewaySaw, apiGatewaySaw, edge},
		{"an edge that came by itself", "the secret of the edge", apiGatewaySaw, apiGatewaySaw, edge},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := event(http.MethodGet, "/")
			e.Headers = map[string]string{
				"x-forwarded-for": tc.forwarded, "x-edge-secret": tc.secret,
				"cloudfront-viewer-address": "192.0.2.66:4711", "x-real-ip": "192.0.2.66",
			}
			_, err := tc.edge.Handle(context.Background(), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if r.RemoteAddr != tc.want {
					t.Errorf("RemoteAddr = %q, want %q", r.RemoteAddr, tc.want)
				}
				if r.Header.Get(gateway.SecretHeader) != "" {
					t.Error("the handler sees the secret")
				}
			}), e)
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
