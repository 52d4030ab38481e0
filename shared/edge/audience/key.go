package audience

import (
	"hash/fnv"
	"strconv"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// Index is the name of the index of the consent table. Its keys are the attributes aud and zone.
const Index = "audience"

// Shards is how many parts the audience of a topic is spread over. Each is a partition of the index, which takes 1,000
// writes a second, and each is walked by a job of its own. The stored keys depend on it: changing it needs every entry
// written anew.
const Shards = 8

// Nowhere is the area of people whose place is not known. Nobody there is ever texted, yet the audit must find them.
const Nowhere phone.Area = "?"

// ShardOf returns the shard a phone number belongs to, for ever: FNV-1a of the number.
func ShardOf(n phone.Number) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(n)) // a hash never fails to write
	sum := h.Sum32()
	return int((sum ^ sum>>16) % Shards)
}

// Entry returns the index key of one person on one topic: aud is "<brand>#<topic>#<shard>", zone is "<area>#<E.164>".
func Entry(brand, topic string, area phone.Area, n phone.Number) (aud, zone string) {
	return partition(brand, topic, ShardOf(n)), string(area) + "#" + string(n)
}

// Waiting returns the index key of a person whose request waits for its YES until due: aud is "<brand>#~waiting", zone
// is "<due>#<E.164>". No topic has that name. One partition takes 1,000 requests a second.
func Waiting(brand string, due time.Time, n phone.Number) (aud, zone string) {
	return waiting(brand), instant(due) + "#" + string(n)
}

func waiting(brand string) string { return brand + "#~waiting" }

// Single returns the index key of a single text that waits, by its caller's ID: aud is "~text#<ref>", zone is
// "<brand>#<E.164>". No brand has that name.
func Single(key consent.Key, ref string) (aud, zone string) {
	return "~text#" + ref, key.Brand + "#" + string(key.Phone)
}

// instant writes a time so that the order of bytes is that of time.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func partition(brand, topic string, shard int) string {
	return brand + "#" + topic + "#" + strconv.Itoa(shard)
}

// begin returns a text that is less than the zones of the area's people behind after, and not less than any other of
// the area's. A space is less than any digit that makes a longer number, and more than nothing.
func begin(area phone.Area, after string) string {
	if after == "" {
		return string(area) + "#"
	}
	return string(area) + "#" + after + " "
}

// end returns a text that is greater than every zone of the area and less than that of any area behind it: "$" is the
// byte after "#", and less than every character an area is written with ("&", "+", "-", "/", "_", "|", letters and
// digits). So "US-FL|A" ends before "US-FL|A+B" begins.
func end(area phone.Area) string { return string(area) + "$" }
