package doctor

import "strings"

// Remedy is a change of the account that is safe to make unasked: nothing is lost by it, and no STOP goes unheard.
type Remedy interface {
	// Command returns the AWS command line that does the same.
	Command() string
}

const cli = "aws pinpoint-sms-voice-v2 "

// MakeList makes an opt-out list that nobody is on.
type MakeList struct{ Name string }

// Command returns the command that makes the list.
func (r MakeList) Command() string { return cli + "create-opt-out-list --opt-out-list-name " + r.Name }

// MakeSet makes a configuration set.
type MakeSet struct{ Name string }

// Command returns the command that makes the set.
func (r MakeSet) Command() string {
	return cli + "create-configuration-set --configuration-set-name " + r.Name
}

// Update changes a number, or a pool. What is empty stays as it is.
type Update struct {
	Pool        bool
	ID          string
	TwoWayTo    string // ARN of the topic that hears what people text
	SelfManaged bool   // leave STOP and HELP to the stack
	List        string
}

// Command returns the command that changes it.
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

// Tell has a configuration set tell a topic what becomes of texts: by a new destination, or by one it has.
type Tell struct {
	New    bool
	Set    string
	Name   string
	Topic  string
	Events []string
}

// Command returns the command that has it tell.
func (r Tell) Command() string {
	verb, enabled := "update", " --enabled"
	if r.New {
		verb, enabled = "create", ""
	}
	return cli + verb + "-event-destination --configuration-set-name " + r.Set +
		" --event-destination-name " + r.Name + enabled +
		" --matching-event-types " + strings.Join(r.Events, " ") + " --sns-destination TopicArn=" + r.Topic
}
