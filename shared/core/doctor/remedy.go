package doctor

import "strings"

// Remedy is a change of the account that is safe to make automatically: nothing is lost by it, and every STOP is
// still honoured.
type Remedy interface {
	// Command returns the equivalent command of the AWS CLI.
	Command() string
}

const cli = "aws pinpoint-sms-voice-v2 "

// MakeList creates an empty opt-out list.
type MakeList struct{ Name string }

// Command returns the equivalent command of the AWS CLI.
func (r MakeList) Command() string { return cli + "create-opt-out-list --opt-out-list-name " + r.Name }

// MakeSet creates a configuration set.
type MakeSet struct{ Name string }

// Command returns the equivalent command of the AWS CLI.
func (r MakeSet) Command() string {
	return cli + "create-configuration-set --configuration-set-name " + r.Name
}

// Update changes a number or a pool. Empty fields stay as they are.
type Update struct {
	Pool        bool
	ID          string
	TwoWayTo    string // ARN of the topic for incoming texts
	SelfManaged bool   // leave STOP and HELP to the stack
	List        string
}

// Command returns the equivalent command of the AWS CLI.
func (r Update) Command() string {
	what := "phone-number"
	if r.Pool {
		what = "pool"
	}
	c := cli + "update-" + what + " --" + what + "-id " + r.ID
	if r.TwoWayTo != "" {
		c += " --two-way-enabled --two-way-channel-arn " + r.TwoWayTo
	}
	if r.SelfManaged {
		c += " --self-managed-opt-outs-enabled"
	}
	if r.List != "" {
		c += " --opt-out-list-name " + r.List
	}
	return c
}

// Tell makes a configuration set send events to a topic, by a new destination or by one it has.
type Tell struct {
	New    bool
	Set    string
	Name   string
	Topic  string
	Events []string
}

// Command returns the equivalent command of the AWS CLI.
func (r Tell) Command() string {
	verb, enabled := "update", " --enabled"
	if r.New {
		verb, enabled = "create", ""
	}
	return cli + verb + "-event-destination --configuration-set-name " + r.Set +
		" --event-destination-name " + r.Name + enabled +
		" --matching-event-types " + strings.Join(r.Events, " ") + " --sns-destination TopicArn=" + r.Topic
}
