package sqs

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

// The limits of SQS (Amazon SQS message quotas): bytes, seconds, and messages in a batch.
const (
	MaxMessage = 1 << 20
	maxDelay   = 900
	maxBatch   = 10
)

type message struct {
	QueueURL          string `json:"QueueUrl"`
	ID                string `json:"Id"`
	MessageBody       string
	DelaySeconds      int
	MessageAttributes map[string]Attribute
}

type sent struct {
	ID        string `json:"Id,omitempty"`
	MessageID string `json:"MessageId"`
	BodyMD5   string `json:"MD5OfMessageBody"`
}

type failed struct {
	ID          string `json:"Id"`
	SenderFault bool
	Code        string
	Message     string
}

type received struct {
	MessageID         string `json:"MessageId"`
	ReceiptHandle     string
	BodyMD5           string `json:"MD5OfBody"`
	Body              string
	Attributes        map[string]string    `json:",omitempty"`
	MessageAttributes map[string]Attribute `json:",omitempty"`
}

// ServeHTTP answers the calls of Amazon SQS's JSON protocol that the functions and an operator make.
func (q *Queues) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	awsjson.Operations{
		"SendMessage":        awsjson.Operation(q.sendMessage),
		"SendMessageBatch":   awsjson.Operation(q.sendMessageBatch),
		"ReceiveMessage":     awsjson.Operation(q.receiveMessage),
		"DeleteMessage":      awsjson.Operation(q.deleteMessage),
		"GetQueueUrl":        awsjson.Operation(q.queueURL),
		"ListQueues":         awsjson.Operation(q.listQueues),
		"GetQueueAttributes": awsjson.Operation(q.attributes),

		"ChangeMessageVisibility": awsjson.Operation(q.changeVisibility),
	}.Serve(w, r)
}

func (q *Queues) queueURL(r *http.Request, in struct{ QueueName string }) (map[string]string, *awsjson.Error) {
	if _, err := q.find(in.QueueName); err != nil {
		return nil, err
	}
	return map[string]string{"QueueUrl": urlOn(r, in.QueueName)}, nil
}

func (q *Queues) listQueues(
	r *http.Request,
	in struct{ QueueNamePrefix string },
) (map[string][]string, *awsjson.Error) {
	var urls []string
	for _, name := range q.names() {
		if strings.HasPrefix(name, in.QueueNamePrefix) {
			urls = append(urls, urlOn(r, name))
		}
	}
	return map[string][]string{"QueueUrls": urls}, nil
}

// urlOn returns a queue's URL on the host that the caller used.
func urlOn(r *http.Request, name string) string {
	return "http://" + r.Host + "/" + account.Account + "/" + name
}

// find returns the queue with a URL or a name. It ignores the host, and also knows the names in template.yaml.
func (q *Queues) find(url string) (*queue, *awsjson.Error) {
	name := path.Base(url)
	name = strings.TrimPrefix(name, account.StackName+"-")
	if one := q.named(name); one != nil {
		return one, nil
	}
	return nil, &awsjson.Error{
		Code: "QueueDoesNotExist",
		Text: "The specified queue does not exist. The queues are: " + strings.Join(q.names(), ", "),
	}
}

func (q *Queues) sendMessage(_ *http.Request, in message) (sent, *awsjson.Error) {
	to, err := q.find(in.QueueURL)
	if err != nil {
		return sent{}, err
	}
	if err := in.check(); err != nil {
		return sent{}, err
	}
	m := q.send(to, in.MessageBody, in.MessageAttributes, time.Duration(in.DelaySeconds)*time.Second)
	return sent{MessageID: m.id, BodyMD5: bodyMD5(m.body)}, nil
}

func (m *message) check() *awsjson.Error {
	switch {
	case m.MessageBody == "":
		return &awsjson.Error{Code: "MissingParameter", Text: "The request must contain the parameter MessageBody."}
	case len(m.MessageBody) > MaxMessage:
		return &awsjson.Error{
			Code: "InvalidParameterValue",
			Text: "MessageBody must be at most " + strconv.Itoa(MaxMessage) + " bytes.",
		}
	case m.DelaySeconds < 0 || m.DelaySeconds > maxDelay:
		return &awsjson.Error{
			Code: "InvalidParameterValue",
			Text: "DelaySeconds must be between 0 and " + strconv.Itoa(maxDelay) + ".",
		}
	default:
		return nil
	}
}

type batchAnswer struct {
	Successful []sent
	Failed     []failed
}

func (q *Queues) sendMessageBatch(_ *http.Request, in struct {
	QueueURL string `json:"QueueUrl"`
	Entries  []message
},
) (batchAnswer, *awsjson.Error) {
	to, err := q.find(in.QueueURL)
	if err != nil {
		return batchAnswer{}, err
	}
	switch {
	case len(in.Entries) == 0:
		return batchAnswer{}, &awsjson.Error{
			Code: "EmptyBatchRequest",
			Text: "There should be at least one SendMessageBatchRequestEntry in the request.",
		}
	case len(in.Entries) > maxBatch:
		return batchAnswer{}, &awsjson.Error{
			Code: "TooManyEntriesInBatchRequest",
			Text: "Maximum number of entries per request are 10.",
		}
	}
	total := 0
	for i, m := range in.Entries {
		total += len(m.MessageBody)
		if slices.ContainsFunc(in.Entries[:i], func(o message) bool { return o.ID == m.ID }) {
			return batchAnswer{}, &awsjson.Error{
				Code: "BatchEntryIdsNotDistinct",
				Text: "Two or more batch entries in the request have the same Id.",
			}
		}
	}
	if total > MaxMessage {
		return batchAnswer{}, &awsjson.Error{
			Code: "BatchRequestTooLong",
			Text: "The bodies of a batch must be at most " + strconv.Itoa(MaxMessage) + " bytes together.",
		}
	}
	answer := batchAnswer{Successful: []sent{}, Failed: []failed{}}
	for _, entry := range in.Entries {
		if err := entry.check(); err != nil {
			answer.Failed = append(answer.Failed, failed{ID: entry.ID, SenderFault: true, Code: err.Code, Message: err.Text})
			continue
		}
		m := q.send(to, entry.MessageBody, entry.MessageAttributes, time.Duration(entry.DelaySeconds)*time.Second)
		answer.Successful = append(answer.Successful, sent{ID: entry.ID, MessageID: m.id, BodyMD5: bodyMD5(m.body)})
	}
	return answer, nil
}

func (q *Queues) receiveMessage(_ *http.Request, in struct {
	QueueURL            string `json:"QueueUrl"`
	MaxNumberOfMessages int
	VisibilityTimeout   *int
},
) (map[string][]received, *awsjson.Error) {
	from, err := q.find(in.QueueURL)
	if err != nil {
		return nil, err
	}
	if in.MaxNumberOfMessages < 0 || in.MaxNumberOfMessages > maxBatch {
		return nil, &awsjson.Error{Code: "InvalidParameterValue", Text: "MaxNumberOfMessages must be between 1 and 10."}
	}
	hide := Visibility
	if in.VisibilityTimeout != nil {
		hide = time.Duration(*in.VisibilityTimeout) * time.Second
	}
	messages, _ := q.receive(from, max(in.MaxNumberOfMessages, 1), hide)
	got := []received{}
	for _, m := range messages {
		got = append(got, received{
			MessageID: m.id, ReceiptHandle: m.handle, BodyMD5: bodyMD5(m.body), Body: m.body,
			Attributes: m.systemAttributes(), MessageAttributes: m.attributes,
		})
	}
	return map[string][]received{"Messages": got}, nil
}

func (q *Queues) deleteMessage(_ *http.Request, in struct {
	QueueURL      string `json:"QueueUrl"`
	ReceiptHandle string
},
) (struct{}, *awsjson.Error) {
	from, err := q.find(in.QueueURL)
	if err != nil {
		return struct{}{}, err
	}
	q.delete(from, in.ReceiptHandle)
	return struct{}{}, nil
}

func (q *Queues) changeVisibility(_ *http.Request, in struct {
	QueueURL          string `json:"QueueUrl"`
	ReceiptHandle     string
	VisibilityTimeout int
},
) (struct{}, *awsjson.Error) {
	from, err := q.find(in.QueueURL)
	if err != nil {
		return struct{}{}, err
	}
	now := q.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range from.messages {
		if m.handle != "" && m.handle == in.ReceiptHandle {
			m.visible = now.Add(time.Duration(in.VisibilityTimeout) * time.Second)
			return struct{}{}, nil
		}
	}
	return struct{}{}, &awsjson.Error{Code: "ReceiptHandleIsInvalid", Text: "The input receipt handle is not a valid one."}
}

func (q *Queues) attributes(_ *http.Request, in struct {
	QueueURL       string `json:"QueueUrl"`
	AttributeNames []string
},
) (map[string]map[string]string, *awsjson.Error) {
	of, err := q.find(in.QueueURL)
	if err != nil {
		return nil, err
	}
	waiting, hidden := q.depth(of)
	all := map[string]string{
		"ApproximateNumberOfMessages":           strconv.Itoa(waiting),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(hidden),
		"QueueArn":                              queueARN(of.name),
		"VisibilityTimeout":                     strconv.Itoa(int(Visibility / time.Second)),
	}
	if of.dead != nil {
		policy := `{"deadLetterTargetArn":%q,"maxReceiveCount":%d}`
		all["RedrivePolicy"] = fmt.Sprintf(policy, queueARN(of.dead.name), maxReceives)
	}
	if !slices.Contains(in.AttributeNames, "All") {
		for name := range all {
			if !slices.Contains(in.AttributeNames, name) {
				delete(all, name)
			}
		}
	}
	return map[string]map[string]string{"Attributes": all}, nil
}
