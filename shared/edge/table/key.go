package table

import (
	"fmt"
	"strconv"
	"time"

	"smsconsent/shared/core/consent"
)

const (
	contactPrefix        = "CONTACT#"
	contactSort          = "CONTACT"
	eventPrefix          = "EVENT#"
	messagePrefix        = "MESSAGE#"
	attributesSort       = "ATTRIBUTES"
	audiencePrefix       = "AUDIENCE#"
	inboundPrefix        = "INBOUND#"
	campaignSort         = "CAMPAIGN"
	shardPrefix          = "SHARD#"
	fatesSort            = "FATES"
	numbersRequestPrefix = "ASKED#"
	candidatesPrefix     = "MET#"
	optOutPrefix         = "OPTOUT#"
	approvalSort         = "APPROVAL"
	campaignsKey         = "CAMPAIGNS"
	seriesPrefix         = "SERIES#" // sorts after every campaign's ID
	clickPrefix          = "CLICK#"
	deferredPrefix       = "TEXT#"
	auditSort            = "AUDIT"
	partPrefix           = "PART#"
	listedPrefix         = "STOPPED#"
	auditsKey            = "AUDITS"
	alikeSort            = "ALIKE"
	turnSort             = "TURN"

	policyKey       = "POLICY"
	inForceSort     = "CURRENT"
	versionPrefix   = "VERSION#"
	publishedPrefix = "PUBLISHED#"

	toReadPrefix = "TEXT#"
)

func primary(pk, sk string) item { return item{"pk": str(pk), "sk": str(sk)} }

func contactKey(k consent.Key) string { return contactPrefix + k.Brand + "#" + string(k.Phone) }

// eventSort pads the number with zeros, so that keys sort by number up to a trillion events.
func eventSort(seq int64) string { return fmt.Sprintf("%s%012d", eventPrefix, seq) }

func messageSort(id string) string { return messagePrefix + id }

// stepSort returns a key that sorts after the text and by time. The same step always has the same key.
func stepSort(id string, s consent.StatusChange) string {
	return fmt.Sprintf("%s%s#%013d#%s#%s", messagePrefix, id, s.At.UnixMilli(), s.Status, s.Detail)
}

func inboundSort(id string) string { return inboundPrefix + id }

func audienceSort(topic string) string { return audiencePrefix + topic }

func deferredSort(ref string) string { return deferredPrefix + ref }

func campaignKey(id string) string { return "CAMPAIGN#" + id }

func approvalKey(id string) string { return "APPROVAL#" + id }

func clickSort(campaign string) string { return clickPrefix + campaign }

func clicksKey(id string) string { return "CLICKS#" + id }

func alikeKey(likeness string) string { return "ALIKE#" + likeness }

func turnKey(identity string) string { return "TURN#" + identity }

func versionSort(hash string) string { return versionPrefix + hash }

func publishedSort(n int64) string { return fmt.Sprintf("%s%09d", publishedPrefix, n) }

func auditKey(run string) string { return "AUDIT#" + run }

func candidatesSort(shard int) string { return candidatesPrefix + strconv.Itoa(shard) + "#" }
func repliesKey(brand string) string  { return "REPLIES#" + brand }

// toReadSort sorts by when it was said.
func toReadSort(at time.Time, id string) string {
	return fmt.Sprintf("%s%013d#%s", toReadPrefix, at.UnixMilli(), id)
}

func shardSort(n int) string { return shardPrefix + strconv.Itoa(n) }

func limitKey(key string, window time.Time) string {
	return "LIMIT#" + key + "#" + strconv.FormatInt(window.Unix(), 10)
}
