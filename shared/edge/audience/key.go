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

// Shards is the number of parts of a topic's audience. Each is a partition of the index, which takes 1,000 writes a
// second, and is walked by its own job. Stored keys depend on it: changing it requires rewriting every entry.
const Shards = 8

// Nowhere is the area of people whose place is unknown. They are never texted, but the audit must find them.
const Nowhere phone.Area = "?"

// ShardOf returns the shard of a phone number, which never changes: FNV-1a of the number.
func ShardOf(n phone.Number) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(n)) // never fails
	sum := h.Sum32()
	return int((sum ^ sum>>16) % Shards)
}

// Entry returns the index key of one person on one topic: aud is "<brand>#<topic>#<shard>", zone is "<area>#<E.164>".
func Entry(brand, topic string, area phone.Area, n phone.Number) (aud, zone string) {
	return partition(brand, topic, ShardOf(n)), string(area) + "#" + string(n)
}

// Waiting returns the index key of a person with something due: aud is "<brand>#~waiting", zone is "<due>#<E.164>".
// No topic has that name. One partition takes 1,000 requests a second.
func Waiting(brand string, due time.Time, n phone.Number) (aud, zone string) {
	return waiting(brand), instant(due) + "#" + string(n)
}

func waiting(brand string) string { return brand + "#~waiting" }

// Single returns the index key of a waiting single text, by its caller's ID: aud is "~text#<ref>", zone is
// "<brand>#<E.164>". No brand has that name.
func Single(key consent.Key, ref string) (aud, zone string) {
	return "~text#" + ref, key.Brand + "#" + string(key.Phone)
}

// instant formats a time so that byte order is time order.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func partition(brand, topic string, shard int) string {
	return brand + "#" + topic + "#" + strconv.Itoa(shard)
}

// begin returns a key that sorts before the people of the area after a number, and after all others of the area. A
// space sorts before any digit that would make a longer number, and after nothing.
func begin(area phone.Area, after string) string {
	if after == "" {
		return string(area) + "#"
	}
	return string(area) + "#" + after + " "
}

// end returns a key that sorts after everybody in the area and before any later area: "$" is the byte after "#", and
// before every character of an area ("&", "+", "-", "/", "_", "|", letters and digits). So "US-FL|A" ends before
// "US-FL|A+B" begins.
func end(area phone.Area) string { return string(area) + "$" }
