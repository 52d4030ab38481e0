package sms

import (
	"cmp"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/shared/core/program"
)

// channel is the settings that numbers and pools have in common.
type channel struct {
	TwoWayEnabled             bool
	TwoWayChannelArn          string `json:",omitempty"`
	SelfManagedOptOutsEnabled bool
	OptOutListName            string
	DeletionProtectionEnabled bool
	MessageType               string
	Status                    string
	CreatedTimestamp          awsjson.Seconds
}

type numberInformation struct {
	channel
	PhoneNumberArn              string
	PhoneNumberID               string `json:"PhoneNumberId"`
	PhoneNumber                 string
	IsoCountryCode              string
	NumberCapabilities          []string
	NumberType                  string
	MonthlyLeasingPrice         string
	InternationalSendingEnabled bool
	PoolID                      string `json:"PoolId,omitempty"`
}

type poolInformation struct {
	channel
	PoolArn             string
	PoolID              string `json:"PoolId"`
	SharedRoutesEnabled bool
}

// identities returns the numbers and pools of programs.yaml with the settings that smsconsent needs: two-way, and
// with opt-outs that are managed by smsconsent itself.
func identities(c *program.Catalog, now time.Time) (numbers []*numberInformation, pools []*poolInformation) {
	for i := range c.Brands {
		for _, p := range c.Brands[i].Programs {
			set := channel{
				TwoWayEnabled: true, TwoWayChannelArn: account.TopicARN("smsconsent-inbound"), SelfManagedOptOutsEnabled: true,
				OptOutListName: path.Base(p.OptOutList), MessageType: strings.ToUpper(string(p.Class)), Status: "ACTIVE",
				CreatedTimestamp: awsjson.Seconds(now),
			}
			pool := ""
			if p.Identity.Pool != "" {
				pool = path.Base(p.Identity.Pool)
				pools = append(pools, &poolInformation{channel: set, PoolArn: account.ARN("sms-voice", "pool/"+pool), PoolID: pool})
			}
			for _, n := range Numbers(p.Identity) {
				kind := "LONG_CODE"
				switch {
				case p.Identity.ShortCode != "":
					kind = "SHORT_CODE"
				case c.Brands[i].Region == "US":
					kind = "TEN_DLC"
				}
				numbers = append(numbers, &numberInformation{
					channel: set, PhoneNumberArn: account.ARN("sms-voice", "phone-number/"+n), PhoneNumberID: n,
					PhoneNumber: n, IsoCountryCode: c.Brands[i].Region, NumberCapabilities: []string{"SMS"},
					NumberType: kind, MonthlyLeasingPrice: "0", PoolID: pool,
					InternationalSendingEnabled: p.Identity.International,
				})
			}
		}
	}
	return numbers, pools
}

// Numbers returns the numbers of an identity that people can text to.
func Numbers(i program.Identity) []string {
	if i.Pool == "" {
		return []string{i.String()}
	}
	var numbers []string
	for _, n := range i.Numbers {
		numbers = append(numbers, string(n))
	}
	return numbers
}

// faulty returns a number with its faults.
func (m *SMS) faulty(n numberInformation) numberInformation {
	wrong := m.Faults.Now().Numbers[n.PhoneNumber]
	n.Status = cmp.Or(wrong.Status, n.Status)
	n.NumberType = cmp.Or(wrong.Type, n.NumberType)
	n.MessageType = cmp.Or(wrong.MessageType, n.MessageType)
	return n
}

// describeNumbers answers with all numbers, or with those that the call names.
func (m *SMS) describeNumbers(_ *http.Request, in struct {
	PhoneNumberIDs []string `json:"PhoneNumberIds"`
},
) (map[string][]numberInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	answer := []numberInformation{}
	for _, n := range m.numbers {
		if len(in.PhoneNumberIDs) == 0 || slices.ContainsFunc(in.PhoneNumberIDs, n.called) {
			answer = append(answer, m.faulty(*n))
		}
	}
	if len(answer) < len(in.PhoneNumberIDs) {
		return nil, notFound("phone-number")
	}
	return map[string][]numberInformation{"PhoneNumbers": answer}, nil
}

func (n *numberInformation) called(idOrARN string) bool { return path.Base(idOrARN) == n.PhoneNumberID }

func notFound(resource string) *awsjson.Error {
	return &awsjson.Error{Code: "ResourceNotFoundException", Type: resource, Text: "The " + resource + " does not exist."}
}

func (m *SMS) describePools(*http.Request, struct{}) (map[string][]poolInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	answer := []poolInformation{}
	for _, p := range m.pools {
		answer = append(answer, *p)
	}
	return map[string][]poolInformation{"Pools": answer}, nil
}

type member struct {
	OriginationIdentity    string
	OriginationIdentityArn string
	PhoneNumber            string
	IsoCountryCode         string
	NumberCapabilities     []string
}

type membersPage struct {
	PoolArn               string
	PoolID                string `json:"PoolId"`
	OriginationIdentities []member
}

func (m *SMS) listMembers(_ *http.Request, in poolCall) (membersPage, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.pool(in.PoolID)
	if err != nil {
		return membersPage{}, err
	}
	answer := membersPage{PoolArn: p.PoolArn, PoolID: p.PoolID, OriginationIdentities: []member{}}
	for _, n := range m.numbers {
		if n.PoolID == p.PoolID {
			answer.OriginationIdentities = append(answer.OriginationIdentities, member{
				n.PhoneNumberID, n.PhoneNumberArn, n.PhoneNumber, n.IsoCountryCode, n.NumberCapabilities,
			})
		}
	}
	return answer, nil
}

type poolCall struct {
	PoolID string `json:"PoolId"`
}

// pool returns the pool with an ID or ARN. The caller holds mu.
func (m *SMS) pool(idOrARN string) (*poolInformation, *awsjson.Error) {
	for _, p := range m.pools {
		if p.PoolID == path.Base(idOrARN) {
			return p, nil
		}
	}
	return nil, notFound("pool")
}

// change is the settings that a call changes. Nil fields stay as they are.
type change struct {
	TwoWayEnabled             *bool
	TwoWayChannelArn          *string
	SelfManagedOptOutsEnabled *bool
	OptOutListName            *string
	DeletionProtectionEnabled *bool
}

// apply changes a channel. The caller holds mu.
func (m *SMS) apply(to *channel, c change) *awsjson.Error {
	if c.OptOutListName != nil {
		name, _, err := m.list(*c.OptOutListName)
		if err != nil {
			return err
		}
		to.OptOutListName = name
	}
	set(&to.TwoWayEnabled, c.TwoWayEnabled)
	set(&to.TwoWayChannelArn, c.TwoWayChannelArn)
	set(&to.SelfManagedOptOutsEnabled, c.SelfManagedOptOutsEnabled)
	set(&to.DeletionProtectionEnabled, c.DeletionProtectionEnabled)
	m.Changed()
	return nil
}

func set[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

func (m *SMS) updateNumber(_ *http.Request, in struct {
	change
	PhoneNumberID string `json:"PhoneNumberId"`
},
) (numberInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range m.numbers {
		if !n.called(in.PhoneNumberID) {
			continue
		}
		if n.PoolID != "" {
			return numberInformation{}, &awsjson.Error{
				Code: "ConflictException", Reason: "PHONE_NUMBER_ASSOCIATED_TO_POOL", Type: "phone-number",
				Text: "The number is in a pool.",
			}
		}
		if err := m.apply(&n.channel, in.change); err != nil {
			return numberInformation{}, err
		}
		return *n, nil
	}
	return numberInformation{}, notFound("phone-number")
}

func (m *SMS) updatePool(_ *http.Request, in struct {
	change
	poolCall
},
) (poolInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, err := m.pool(in.PoolID)
	if err == nil {
		err = m.apply(&p.channel, in.change)
	}
	if err != nil {
		return poolInformation{}, err
	}
	return *p, nil
}

type limit struct {
	Name          string
	EnforcedLimit int64
	MaxLimit      int64
	Overridden    bool
}

func (m *SMS) describeSpending(*http.Request, struct{}) (map[string][]limit, *awsjson.Error) {
	dollars := cmp.Or(m.Faults.Now().Spend, 1000)
	return map[string][]limit{"SpendLimits": {
		{Name: "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT", EnforcedLimit: dollars, MaxLimit: dollars},
		{Name: "VOICE_MESSAGE_MONTHLY_SPEND_LIMIT", EnforcedLimit: 1, MaxLimit: 1},
	}}, nil
}

func (m *SMS) describeAttributes(*http.Request, struct{}) (map[string][]map[string]string, *awsjson.Error) {
	tier := cmp.Or(m.Faults.Now().Tier, "PRODUCTION")
	return map[string][]map[string]string{"AccountAttributes": {{"Name": "ACCOUNT_TIER", "Value": tier}}}, nil
}

type quota struct {
	Name string
	Used int
	Max  int
}

func (m *SMS) describeQuotas(*http.Request, struct{}) (map[string][]quota, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	used := map[string]int{
		"PHONE_NUMBERS": len(m.numbers), "POOLS": len(m.pools),
		"OPT_OUT_LISTS": len(m.lists), "CONFIGURATION_SETS": len(m.sets),
	}
	all := []quota{}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		q := quota{name, used[name], 100}
		if m.Faults.Now().Full {
			q.Max = q.Used
		}
		all = append(all, q)
	}
	return map[string][]quota{"AccountLimits": all}, nil
}

// protectID is the ID of the Protect configuration. It exists only where a fault blocks countries.
const protectID = "protect-00000000000000000000000000000001"

type protection struct {
	ProtectConfigurationArn   string
	ProtectConfigurationID    string `json:"ProtectConfigurationId"`
	AccountDefault            bool
	DeletionProtectionEnabled bool
	CreatedTimestamp          awsjson.Seconds
}

func (m *SMS) describeProtections(*http.Request, struct{}) (map[string][]protection, *awsjson.Error) {
	all := []protection{}
	if len(m.Faults.Now().Blocked) > 0 {
		all = append(all, protection{
			account.ARN("sms-voice", "protect-configuration/"+protectID), protectID, true, false, awsjson.Seconds(m.created),
		})
	}
	return map[string][]protection{"ProtectConfigurations": all}, nil
}

type ruleSet struct {
	ProtectConfigurationArn string
	ProtectConfigurationID  string `json:"ProtectConfigurationId"`
	NumberCapability        string
	CountryRuleSet          map[string]map[string]string
}

func (m *SMS) countryRules(_ *http.Request, in struct {
	ProtectConfigurationID string `json:"ProtectConfigurationId"`
	NumberCapability       string
},
) (ruleSet, *awsjson.Error) {
	blocked := m.Faults.Now().Blocked
	if len(blocked) == 0 || path.Base(in.ProtectConfigurationID) != protectID {
		return ruleSet{}, notFound("protect-configuration")
	}
	rules := map[string]map[string]string{}
	for _, c := range blocked {
		rules[c] = map[string]string{"ProtectStatus": "BLOCK"}
	}
	arn := account.ARN("sms-voice", "protect-configuration/"+protectID)
	return ruleSet{arn, protectID, in.NumberCapability, rules}, nil
}
