package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"smsconsent/local/account"
	"smsconsent/local/lambda"
	"smsconsent/local/sms"
)

func newText() *api.SendTextMessageInput {
	return &api.SendTextMessageInput{
		DestinationPhoneNumber: aws.String(person), OriginationIdentity: aws.String(alertsNumber), MessageBody: aws.String("Hello"),
		MessageType: types.MessageTypePromotional, ConfigurationSetName: aws.String(account.ConfigurationSet), TimeToLive: aws.Int32(3600),
		Context: map[string]string{"brand": "example", "message": "01M84S1580MNPQRSTVWXYZABCD"},
	}
}

// client sends each call once, as the outbox does: what is sent twice reaches somebody twice.
func (m *machine) client() *api.Client {
	return api.NewFromConfig(m.AWS(), func(o *api.Options) { o.RetryMaxAttempts = 1 })
}

func TestASentTextShowsOnThePhoneAndComesBackAsAnEvent(t *testing.T) {
	receipts := &calls{}
	m := newMachine(t, lambda.Functions{"receipts": receipts.function})
	out, err := m.client().SendTextMessage(t.Context(), newText())
	if err != nil {
		t.Fatal(err)
	}
	shown := m.handsets.Conversation(person)
	if len(shown) != 1 || shown[0].Direction != "in" || shown[0].From != alertsNumber || shown[0].To != person || shown[0].Body != "Hello" || !shown[0].At.Equal(begin) {
		t.Errorf("the phone shows %+v", shown)
	}
	m.settled(t)
	if receipts.count() != 1 {
		t.Fatalf("%d delivery events", receipts.count())
	}
	got, _ := bodies(t, []byte(receipts.payloads[0]))
	var envelope struct{ Type, TopicArn, Message, Timestamp string }
	if err := json.Unmarshal([]byte(got[0]), &envelope); err != nil || envelope.Type != "Notification" || envelope.Timestamp != "2026-11-23T18:00:00.000Z" {
		t.Fatalf("envelope %s: %v", got[0], err)
	}
	var e map[string]any
	if err := json.Unmarshal([]byte(envelope.Message), &e); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"eventType": "TEXT_DELIVERED", "eventVersion": "1.0", "eventTimestamp": float64(begin.UnixMilli()), "isFinal": true,
		"originationPhoneNumber": alertsNumber, "destinationPhoneNumber": person, "messageId": *out.MessageId, "messageStatus": "DELIVERED",
		"messageEncoding": "GSM", "messageType": "PROMOTIONAL", "totalMessageParts": float64(1),
		"context": map[string]any{"brand": "example", "message": "01M84S1580MNPQRSTVWXYZABCD"},
	} {
		if fmt.Sprint(e[name]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", name, e[name], want)
		}
	}
}

func TestSendTextMessageRefuses(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	for name, edit := range map[string]func(*api.SendTextMessageInput){
		"no number":    func(in *api.SendTextMessageInput) { in.DestinationPhoneNumber = aws.String("Anna") },
		"leading zero": func(in *api.SendTextMessageInput) { in.DestinationPhoneNumber = aws.String("02065550142") },
		"white space":  func(in *api.SendTextMessageInput) { in.MessageBody = aws.String(" \n ") },
		"too long":     func(in *api.SendTextMessageInput) { in.MessageBody = aws.String(strings.Repeat("é", 1601)) },
		"short TTL":    func(in *api.SendTextMessageInput) { in.TimeToLive = aws.Int32(4) },
		"long TTL":     func(in *api.SendTextMessageInput) { in.TimeToLive = aws.Int32(259201) },
		"message type": func(in *api.SendTextMessageInput) { in.MessageType = "MARKETING" },
		"context of six": func(in *api.SendTextMessageInput) {
			in.Context = map[string]string{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}
		},
		"space in key":    func(in *api.SendTextMessageInput) { in.Context = map[string]string{"a b": "1"} },
		"long in context": func(in *api.SendTextMessageInput) { in.Context = map[string]string{"a": strings.Repeat("x", 801)} },
	} {
		in := newText()
		edit(in)
		_, err := m.client().SendTextMessage(t.Context(), in)
		if _, ok := errors.AsType[*types.ValidationException](err); !ok {
			t.Errorf("%s: %v, want a ValidationException", name, err)
		}
	}
	for name, edit := range map[string]func(*api.SendTextMessageInput){
		"identity":          func(in *api.SendTextMessageInput) { in.OriginationIdentity = aws.String("+12065550199") },
		"configuration set": func(in *api.SendTextMessageInput) { in.ConfigurationSetName = aws.String("nosuch") },
	} {
		in := newText()
		edit(in)
		_, err := m.client().SendTextMessage(t.Context(), in)
		if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
			t.Errorf("unknown %s: %v, want a ResourceNotFoundException", name, err)
		}
	}
	in := newText()
	in.DryRun = true
	if _, err := m.client().SendTextMessage(t.Context(), in); err != nil {
		t.Errorf("dry run: %v", err)
	}
	if shown := m.handsets.Conversation(person); len(shown) != 0 || m.depthOf("receipts") != 0 {
		t.Errorf("the phone shows %v after refusals and a dry run", shown)
	}
	longest := newText()
	longest.MessageBody, longest.TimeToLive = aws.String(strings.Repeat("é", 1600)), aws.Int32(259200)
	if _, err := m.client().SendTextMessage(t.Context(), longest); err != nil {
		t.Errorf("the longest text: %v", err)
	}
}

func TestEveryKindOfIdentitySends(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	for identity, from := range map[string]string{
		ordersNumber: ordersNumber, shortCode: shortCode, "pool-1": "+12065550110", "": alertsNumber,
		"arn:aws:sms-voice:us-east-1:000000000000:phone-number/" + alertsNumber: alertsNumber,
	} {
		in := newText()
		in.OriginationIdentity = aws.String(identity)
		if identity == "" {
			in.OriginationIdentity = nil
		}
		if _, err := m.client().SendTextMessage(t.Context(), in); err != nil {
			t.Errorf("%q: %v", identity, err)
			continue
		}
		talk := m.handsets.Conversation(person)
		if got := talk[len(talk)-1].From; got != from {
			t.Errorf("%q shows as %s, want %s", identity, got, from)
		}
	}
}

func TestOptOutListsStandBetweenSenderAndPhone(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ctx, c := t.Context(), m.client()
	put := func(list string) error {
		_, err := c.PutOptedOutNumber(ctx, &api.PutOptedOutNumberInput{OptOutListName: aws.String(list), OptedOutNumber: aws.String(person)})
		return err
	}
	remove := func() error {
		_, err := c.DeleteOptedOutNumber(ctx, &api.DeleteOptedOutNumberInput{OptOutListName: aws.String("example-alerts"), OptedOutNumber: aws.String(person)})
		return err
	}
	send := func(identity string) error {
		in := newText()
		in.OriginationIdentity = aws.String(identity)
		_, err := c.SendTextMessage(ctx, in)
		return err
	}
	if err := put("example-alerts"); err != nil {
		t.Fatal(err)
	}
	m.clock.moveTo(begin.Add(time.Hour))
	if err := put("example-alerts"); err != nil {
		t.Errorf("putting twice: %v", err)
	}
	refused, ok := errors.AsType[*types.ConflictException](send(alertsNumber))
	if !ok || refused.Reason != types.ConflictExceptionReasonDestinationPhoneNumberOptedOut {
		t.Errorf("opted out of alerts, and sending answers %v", refused)
	}
	if err := send(ordersNumber); err != nil {
		t.Errorf("another program's list must not matter: %v", err)
	}
	list, err := c.DescribeOptedOutNumbers(ctx, &api.DescribeOptedOutNumbersInput{OptOutListName: aws.String("arn:aws:sms-voice:us-east-1:000000000000:opt-out-list/example-alerts")})
	if err != nil || len(list.OptedOutNumbers) != 1 || *list.OptedOutNumbers[0].OptedOutNumber != person || !list.OptedOutNumbers[0].OptedOutTimestamp.Equal(begin) {
		t.Errorf("the list is %+v, %v; want the number since it was first put there", list, err)
	}
	if err := remove(); err != nil {
		t.Fatal(err)
	}
	if err := send(alertsNumber); err != nil {
		t.Errorf("off the list again: %v", err)
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](remove()); !missing {
		t.Error("a number that is not on the list was removed")
	}
	if err := put("example-alerts"); err != nil {
		t.Fatal(err)
	}
	if _, late := errors.AsType[*types.ValidationException](remove()); !late {
		t.Error("a number was taken off the list twice within 30 days")
	}
	m.clock.moveTo(m.Now().Add(sms.OptInEvery))
	if err := remove(); err != nil {
		t.Errorf("after 30 days: %v", err)
	}
	if _, missing := errors.AsType[*types.ResourceNotFoundException](put("nosuch")); !missing {
		t.Error("a list that does not exist took a number")
	}
	if _, err := c.DescribeOptedOutNumbers(ctx, &api.DescribeOptedOutNumbersInput{OptOutListName: aws.String("Default")}); err != nil {
		t.Errorf("the account's default list: %v", err)
	}
	if _, err := c.DescribeOptedOutNumbers(ctx, &api.DescribeOptedOutNumbersInput{OptOutListName: aws.String("Default"), OptedOutNumbers: []string{person}}); err == nil {
		t.Error("a number that is not on the list was described")
	}
}

func TestDescribePages(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ctx, c := t.Context(), m.client()
	for i := range 5 {
		_, err := c.PutOptedOutNumber(ctx, &api.PutOptedOutNumberInput{OptOutListName: aws.String("Default"), OptedOutNumber: aws.String(fmt.Sprintf("+1206555014%d", i))})
		if err != nil {
			t.Fatal(err)
		}
	}
	var numbers []string
	pages := api.NewDescribeOptedOutNumbersPaginator(c, &api.DescribeOptedOutNumbersInput{OptOutListName: aws.String("Default"), MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range page.OptedOutNumbers {
			numbers = append(numbers, *n.OptedOutNumber)
		}
	}
	if len(numbers) != 5 || numbers[0] != "+12065550140" || numbers[4] != "+12065550144" {
		t.Errorf("listed %v", numbers)
	}
}

func TestAccountCalls(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ctx, c := t.Context(), m.client()
	numbers, err := c.DescribePhoneNumbers(ctx, &api.DescribePhoneNumbersInput{})
	if err != nil || len(numbers.PhoneNumbers) != 5 {
		t.Fatalf("DescribePhoneNumbers: %+v, %v", numbers, err)
	}
	for _, n := range numbers.PhoneNumbers {
		if !n.TwoWayEnabled || !n.SelfManagedOptOutsEnabled || n.Status != types.NumberStatusActive {
			t.Errorf("%s is not set up as smsconsent needs it: %+v", *n.PhoneNumber, n)
		}
	}
	if n := numbers.PhoneNumbers[1]; *n.PhoneNumber != ordersNumber || n.MessageType != types.MessageTypeTransactional || *n.OptOutListName != "example-orders" {
		t.Errorf("orders: %+v", n)
	}
	if _, err := c.CreateOptOutList(ctx, &api.CreateOptOutListInput{OptOutListName: aws.String("extra")}); err != nil {
		t.Error(err)
	}
	if _, err := c.CreateOptOutList(ctx, &api.CreateOptOutListInput{OptOutListName: aws.String("extra")}); err == nil {
		t.Error("a list was made twice")
	}
	lists, err := c.DescribeOptOutLists(ctx, &api.DescribeOptOutListsInput{})
	if err != nil || len(lists.OptOutLists) != 6 {
		t.Errorf("DescribeOptOutLists: %+v, %v", lists, err)
	}
	if _, err := c.CreateConfigurationSet(ctx, &api.CreateConfigurationSetInput{ConfigurationSetName: aws.String("extra")}); err != nil {
		t.Error(err)
	}
	in := newText()
	in.ConfigurationSetName = aws.String("extra")
	if _, err := c.SendTextMessage(ctx, in); err != nil {
		t.Errorf("through a new configuration set: %v", err)
	}
	if _, err := c.DescribeSenderIds(ctx, &api.DescribeSenderIdsInput{}); err == nil {
		t.Error("a call the stack does not know was answered")
	}
}

// What the carrier can do to a text, one phone at a time.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		fault string
		check func(error) bool
		shown int
		event string // none where empty
	}{
		{"none", func(err error) bool { return err == nil }, 1, "TEXT_DELIVERED"},
		{"throttle", func(err error) bool { _, ok := errors.AsType[*types.ThrottlingException](err); return ok }, 0, ""},
		{"internal", func(err error) bool { _, ok := errors.AsType[*types.InternalServerException](err); return ok }, 0, ""},
		{"unknown", func(err error) bool { return err != nil && strings.Contains(err.Error(), "connection broken") }, 1, "TEXT_DELIVERED"},
		{"invalid", func(err error) bool { return err == nil }, 0, "TEXT_INVALID"},
		{"spam", func(err error) bool { return err == nil }, 0, "TEXT_SPAM"},
		{"TEXT_CARRIER_BLOCKED", func(err error) bool { return err == nil }, 0, "TEXT_CARRIER_BLOCKED"},
		{"TEXT_BRAND_NEW", func(err error) bool { return err == nil }, 0, "TEXT_BRAND_NEW"},
	} {
		t.Run(c.fault, func(t *testing.T) {
			receipts := &calls{}
			m := newMachine(t, lambda.Functions{"receipts": receipts.function})
			m.do(t, "PUT", "/carrier", `{"phone":"`+person+`","fault":"`+c.fault+`"}`, 200)
			_, err := m.client().SendTextMessage(t.Context(), newText())
			if !c.check(err) {
				t.Errorf("sending answers %v", err)
			}
			if shown := len(m.handsets.Conversation(person)); shown != c.shown {
				t.Errorf("the phone shows %d texts, want %d", shown, c.shown)
			}
			m.settled(t)
			if got := strings.Join(receipts.payloads, ""); (c.event == "") != (got == "") || !strings.Contains(got, c.event) {
				t.Errorf("events %q, want %q", got, c.event)
			}
			other := newText()
			other.DestinationPhoneNumber = aws.String("+12065550143")
			if _, err := m.client().SendTextMessage(t.Context(), other); err != nil {
				t.Errorf("another phone is in trouble too: %v", err)
			}
			m.do(t, "PUT", "/carrier", `{"phone":"`+person+`","fault":"none"}`, 200)
			if _, err := m.client().SendTextMessage(t.Context(), newText()); err != nil {
				t.Errorf("after the trouble: %v", err)
			}
		})
	}
	m := newMachine(t, lambda.Functions{})
	m.do(t, "PUT", "/carrier", `{"fault":"throttle"}`, 200)
	if _, err := m.client().SendTextMessage(t.Context(), newText()); err == nil {
		t.Error("a fault for all phones spares one")
	}
	wantError(t, m.do(t, "PUT", "/carrier", `{"fault":"fire"}`, 400), "fault")
	wantError(t, m.do(t, "PUT", "/carrier", `{"phone":"Anna","fault":"spam"}`, 400), "phone")
}

// A receipt must not overtake the record of the text it is about: it is queued when the function that sent has ended.
func TestReceiptsWaitForTheSender(t *testing.T) {
	var m *machine
	m = newMachine(t, lambda.Functions{"optin": func(ctx context.Context, _ []byte) ([]byte, error) {
		if _, err := m.client().SendTextMessage(ctx, newText()); err != nil {
			return nil, err
		}
		if n := m.depthOf("receipts"); n != 0 {
			t.Errorf("%d receipts while the sender is still at work", n)
		}
		return nil, nil
	}})
	if _, err := m.lambda.Invoke(t.Context(), "optin", nil); err != nil {
		t.Fatal(err)
	}
	if n := m.depthOf("receipts"); n != 1 {
		t.Errorf("%d receipts after the sender has ended, want 1", n)
	}
}
