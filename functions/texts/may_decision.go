package texts

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/gateway"
)

// decision is what the ID of a decision contains. The ID holds all of it, sealed with the ledger's key, so that
// nothing needs to be stored. The person is named only by Ledger.Person's hash.
type decision struct {
	Brand   string
	Topic   string
	Person  string
	Version int64     // of the contact it was decided on; 0 where none is stored
	Content string    // message.ContentHash of the text that was given; empty where none was
	Policy  string    // beginnings of the hashes of programs.yaml and of the rule tables
	Verdict string    // allow, defer or refuse
	Rule    string    // the rule that decided; empty where all allowed
	At      time.Time // UTC, to the millisecond
	Until   time.Time // UTC, to the millisecond; zero for none
}

const (
	separator = "|" // no ID, hash or rule's name contains it
	shortHash = 12  // digits of a hash in an ID; commands print as many

	// sealPrefix begins the sealed text. Nothing else that the ledger's key seals begins so.
	sealPrefix = "decision" + separator
)

// errNoDecision says nothing of why: whoever alters an ID learns nothing by it.
var errNoDecision = errors.New("this is no answer of ours, or it was altered")

// seal returns the ID of a decision. Equal decisions have the same ID.
func (h *Handler) seal(d decision) string {
	programs, tables, _ := strings.Cut(d.Policy, ".")
	said := strings.Join([]string{
		d.Brand, d.Topic, d.Person, encode(d.Version), d.Content, programs[:min(shortHash, len(programs))],
		tables[:min(shortHash, len(tables))], d.Verdict, d.Rule, encodeTime(d.At), encodeTime(d.Until),
	}, separator)
	mac, err := h.Ledger.MAC([]byte(sealPrefix + said))
	if err != nil {
		return "" // cannot happen: New requires a ledger with a key
	}
	return base64.RawURLEncoding.EncodeToString(append([]byte(said+separator), mac...))
}

// open returns the decision in an ID, or errNoDecision. Each ID has exactly one spelling.
func (h *Handler) open(id string) (decision, error) {
	if strings.ContainsAny(id, "\r\n") { // the decoder would ignore these
		return decision{}, errNoDecision
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(id)
	fields := strings.SplitN(string(raw), separator, 12) // the last is the seal, which may contain separators
	if err != nil || len(fields) != 12 {
		return decision{}, errNoDecision
	}
	mac := fields[11]
	said := strings.TrimSuffix(string(raw), separator+mac)
	if !h.Ledger.VerifyMAC([]byte(mac), []byte(sealPrefix+said)) {
		return decision{}, errNoDecision
	}
	return decision{
		Brand: fields[0], Topic: fields[1], Person: fields[2], Version: decode(fields[3]), Content: fields[4],
		Policy: fields[5] + "." + fields[6], Verdict: fields[7], Rule: fields[8], At: decodeTime(fields[9]), Until: decodeTime(fields[10]),
	}, nil
}

func encode(n int64) string { return strconv.FormatInt(n, 36) }

// decode parses what encode wrote. The seal proves that encode wrote it.
func decode(text string) int64 {
	n, _ := strconv.ParseInt(text, 36, 64)
	return n
}

func encodeTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return encode(t.UnixMilli())
}

func decodeTime(text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	return time.UnixMilli(decode(text)).UTC()
}

// Decided is what a decision's ID proves: this was answered, at that time, about what was stored in that version.
type Decided struct {
	Verdict  string       `json:"verdict"`
	Until    *time.Time   `json:"until"`
	Rule     string       `json:"rule"`
	Citation string       `json:"citation,omitempty"`
	Brand    string       `json:"brand"`
	Topic    string       `json:"topic"`
	Phone    phone.Number `json:"phone,omitempty"` // only where the caller named it, and it is the right one
	At       time.Time    `json:"at"`
	Version  int64        `json:"version"`           // of the contact; 0 where none was stored
	Content  string       `json:"content,omitempty"` // hash of the given text
	Policy   string       `json:"policy"`            // beginnings of the hashes of programs.yaml and of the rule tables
	Decision string       `json:"decision"`
}

// decided answers with the decision in an ID. A phone in the query must be the decision's.
func (h *Handler) decided(w http.ResponseWriter, r *http.Request) {
	d, number, err := h.lookUp(r)
	h.Log.InfoContext(r.Context(), "asked what was answered", "caller", gateway.CallerName(r.Context()),
		"brand", d.Brand, "topic", d.Topic, "found", err == nil)
	if err != nil {
		h.writeError(w, err)
		return
	}
	said := Decided{
		Verdict: d.Verdict, Rule: d.Rule, Citation: gate.Citation(d.Rule), Brand: d.Brand, Topic: d.Topic, Phone: number,
		At: d.At, Version: d.Version, Content: d.Content, Policy: d.Policy, Decision: r.PathValue("id"),
	}
	if !d.Until.IsZero() {
		said.Until = &d.Until
	}
	gateway.WriteJSON(w, http.StatusOK, said)
}

// lookUp reads the requested decision, and the phone in the query, where there is one.
func (h *Handler) lookUp(r *http.Request) (decision, phone.Number, error) {
	if _, unsigned := gateway.Signed(r.Context()); unsigned != nil {
		return decision{}, "", unsigned
	}
	d, err := h.open(r.PathValue("id"))
	if err != nil {
		return decision{}, "", &gateway.Refusal{Status: http.StatusNotFound, Field: "decision", Message: err.Error()}
	}
	text := r.URL.Query().Get("phone")
	if text == "" {
		return d, "", nil
	}
	if rest, ok := strings.CutPrefix(text, " "); ok {
		text = "+" + rest // forms turn a plus sign into a space
	}
	number, err := phone.Parse(text)
	if err != nil {
		return d, "", wrong("phone", "%s", err)
	}
	if !h.Ledger.IsPerson(d.Person, consent.Key{Brand: d.Brand, Phone: number}) {
		return d, "", &gateway.Refusal{Status: http.StatusNotFound, Field: "phone", Message: "the decision is about another phone"}
	}
	return d, number, nil
}
