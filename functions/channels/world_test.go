package channels_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/functions/channels"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/schema"
	"smsconsent/shared/testkit/world"
)

// fixture is the function in its world, in which she is subscribed to alerts.
type fixture struct {
	*world.World
	handler *channels.Handler
	api     *schema.API // to hold requests and answers against; nil for none
}

func newWorld(t *testing.T, store dynamotest.Store) *fixture {
	t.Helper()
	w := &fixture{World: world.On(t, store, string(smsconsent.Programs()), noon), api: &api}
	w.StandStill()
	var err error
	w.handler, err = channels.New(channels.Config{
		Catalog: w.Catalog, Outbox: w.Outbox, Table: w.Table, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Subscribe(her, noon.Add(-48*time.Hour), "alerts")
	return w
}

// thing is something told.
type thing = request.Body

func touched() thing {
	return thing{"brand": "example", "phone": "(206) 555-0142", "channel": "email", "content": "spring-sale", "at": "2026-12-01T19:00:00Z"}
}

func engaged() thing {
	return thing{"brand": "example", "phone": "206-555-0142", "kind": "purchase", "at": "2026-12-01T19:00:00+00:00"}
}

func named(attributes map[string]string) thing {
	return thing{"brand": "example", "phone": "206.555.0142", "attributes": attributes}
}

func optedOut() thing {
	return thing{
		"brand": "example", "phone": "+1 206 555 0142", "everything": true, "source": "crm", "at": "2026-12-01T19:00:00.5Z", "id": "4711",
		"evidence": map[string]string{"ticket": "A complaint by telephone"},
	}
}

// send posts as API Gateway hands it over.
func (w *fixture) send(path, body, caller string) (int, string) {
	w.T.Helper()
	code, answer := request.Call{Method: "POST", Path: path, Type: "application/json", Body: body, Caller: caller}.Through(w.T, w.handler.Invoke)
	w.api.Exchange(w.T, "POST", path, body, code, answer)
	return code, strings.TrimSpace(answer)
}

const shop = "arn:aws:sts::123456789012:assumed-role/shop/session"

// post posts something that is right, and returns what became of it.
func (w *fixture) post(path string, what fmt.Stringer) string {
	w.T.Helper()
	code, body := w.send(path, what.String(), shop)
	var answer struct{ Status string }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || code != http.StatusOK {
		w.T.Fatalf("%s %s: %d %s", path, what, code, body)
	}
	return answer.Status
}

// hear brings an event of the bus.
func (w *fixture) hear(source, kind, detail string) error {
	payload := fmt.Sprintf(`{"version":"0","id":"e1","detail-type":%q,"source":%q,"detail":%s}`, kind, source, detail)
	_, err := w.handler.Invoke(w.T.Context(), []byte(payload))
	return err
}
