package local

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What SQS allows (Amazon SQS message quotas).
const (
	maxMessage = 1 << 20
	maxDelay   = 900
	maxBatch   = 10
)

type sqsMessage struct {
	QueueURL          string `json:"QueueUrl"`
	ID                string `json:"Id"`
	MessageBody       string
	DelaySeconds      int
	MessageAttributes map[string]queuedAttribute
}

type sqsSent struct {
	ID        string `json:"Id,omitempty"`
	MessageID string `json:"MessageId"`
	BodyMD5   string `json:"MD5OfMessageBody"`
}

type sqsFailed struct {
	ID          string `json:"Id"`
	SenderFault bool
	Code        string
	Message     string
}

type sqsReceived struct {
	MessageID         string `json:"MessageId"`
	ReceiptHandle     string
	BodyMD5           string `json:"MD5OfBody"`
	Body              string
	Attributes        map[string]string          `json:",omitempty"`
	MessageAttributes map[string]queuedAttribute `json:",omitempty"`
}

// serveSQS answers the calls of Amazon SQS's JSON protocol that the functions and an operator make.
func (s *Stack) serveSQS(w http.ResponseWriter, r *http.Request, operation string) {
	q := s.queues
	switch operation {
	case "SendMessage":
		call(w, r, q.sendMessage)
	case "SendMessageBatch":
		call(w, r, q.sendMessageBatch)
	case "ReceiveMessage":
		call(w, r, q.receiveMessage)
	case "DeleteMessage":
		call(w, r, q.deleteMessage)
	case "GetQueueUrl":
		call(w, r, func(in struct{ QueueName string }) (map[string]string, *awsError) {
			if _, err := q.find(in.QueueName); err != nil {
				return nil, err
			}
			return map[string]string{"QueueUrl": urlOn(r, in.QueueName)}, nil
		})
	case "ListQueues":
		call(w, r, func(in struct{ QueueNamePrefix string }) (map[string][]string, *awsError) {
			var urls []string
			for _, name := range q.names() {
				if strings.HasPrefix(name, in.QueueNamePrefix) {
					urls = append(urls, urlOn(r, name))
				}
			}
			return map[string][]string{"QueueUrls": urls}, nil
		})
	case "GetQueueAttributes":
		call(w, r, q.attributes)
	default:
		unknownOperation(w, "SQS "+operation)
	}
}

// urlOn is a queue's URL as the caller reaches this stack.
func urlOn(r *http.Request, name string) string {
	return "http://" + r.Host + "/" + Account + "/" + name
}

// find takes a queue's URL or name; the host does not matter.
func (q *queues) find(url string) (*queue, *awsError) {
	if one := q.named(path.Base(url)); one != nil {
		return one, nil
	}
	return nil, &awsError{
		Code: "QueueDoesNotExist",
		Text: "The specified queue does not exist. The queues are: " + strings.Join(q.names(), ", "),
	}
}

func (q *queues) sendMessage(in sqsMessage) (sqsSent, *awsError) {
	to, err := q.find(in.QueueURL)
	if err != nil {
		return sqsSent{}, err
	}
	if err := in.check(); err != nil {
		return sqsSent{}, err
	}
	m := q.send(to, in.MessageBody, in.MessageAttributes, time.Duration(in.DelaySeconds)*time.Second)
	return sqsSent{MessageID: m.id, BodyMD5: bodyMD5(m.body)}, nil
}

func (m *sqsMessage) check() *awsError {
	switch {
	case m.MessageBody == "":
		return &awsError{Code: "MissingParameter", Text: "The request must contain the parameter MessageBody."}
	case len(m.MessageBody) > maxMessage:
		return &awsError{
			Code: "InvalidParameterValue",
			Text: "MessageBody must be at most " + strconv.Itoa(maxMessage) + " bytes.",
		}
	case m.DelaySeconds < 0 || m.DelaySeconds > maxDelay:
		return &awsError{
			Code: "InvalidParameterValue",
			Text: "DelaySeconds must be between 0 and " + strconv.Itoa(maxDelay) + ".",
		}
	default:
		return nil
	}
}

type sqsBatchAnswer struct {
	Successful []sqsSent
	Failed     []sqsFailed
}

func (q *queues) sendMessageBatch(in struct {
	QueueURL string `json:"QueueUrl"`
	Entries  []sqsMessage
},
) (sqsBatchAnswer, *awsError) {
	to, err := q.find(in.QueueURL)
	if err != nil {
		return sqsBatchAnswer{}, err
	}
	switch {
	case len(in.Entries) == 0:
		return sqsBatchAnswer{}, &awsError{
			Code: "EmptyBatchRequest",
			Text: "There should be at least one SendMessageBatchRequestEntry in the request.",
		}
	case len(in.Entries) > maxBatch:
		return sqsBatchAnswer{}, &awsError{
			Code: "TooManyEntriesInBatchRequest",
			Text: "Maximum number of entries per request are 10.",
		}
	}
	total := 0
	for i, m := range in.Entries {
		total += len(m.MessageBody)
		if slices.ContainsFunc(in.Entries[:i], func(o sqsMessage) bool { return o.ID == m.ID }) {
			return sqsBatchAnswer{}, &awsError{
				Code: "BatchEntryIdsNotDistinct",
				Text: "Two or more batch entries in the request have the same Id.",
			}
		}
	}
	if total > maxMessage {
		return sqsBatchAnswer{}, &awsError{
			Code: "BatchRequestTooLong",
			Text: "The bodies of a batch must be at most " + strconv.Itoa(maxMessage) + " bytes together.",
		}
	}
	answer := sqsBatchAnswer{Successful: []sqsSent{}, Failed: []sqsFailed{}}
	for _, m := range in.Entries {
		if err := m.check(); err != nil {
			answer.Failed = append(answer.Failed, sqsFailed{ID: m.ID, SenderFault: true, Code: err.Code, Message: err.Text})
			continue
		}
		sent := q.send(to, m.MessageBody, m.MessageAttributes, time.Duration(m.DelaySeconds)*time.Second)
		answer.Successful = append(answer.Successful, sqsSent{ID: m.ID, MessageID: sent.id, BodyMD5: bodyMD5(sent.body)})
	}
	return answer, nil
}

func (q *queues) receiveMessage(in struct {
	QueueURL            string `json:"QueueUrl"`
	MaxNumberOfMessages int
	VisibilityTimeout   *int
},
) (map[string][]sqsReceived, *awsError) {
	from, err := q.find(in.QueueURL)
	if err != nil {
		return nil, err
	}
	if in.MaxNumberOfMessages < 0 || in.MaxNumberOfMessages > maxBatch {
		return nil, &awsError{Code: "InvalidParameterValue", Text: "MaxNumberOfMessages must be between 1 and 10."}
	}
	hide := visibility
	if in.VisibilityTimeout != nil {
		hide = time.Duration(*in.VisibilityTimeout) * time.Second
	}
	messages, _ := q.receive(from, max(in.MaxNumberOfMessages, 1), hide)
	got := []sqsReceived{}
	for _, m := range messages {
		got = append(got, sqsReceived{
			MessageID: m.id, ReceiptHandle: m.handle, BodyMD5: bodyMD5(m.body), Body: m.body,
			Attributes: m.systemAttributes(), MessageAttributes: m.attributes,
		})
	}
	return map[string][]sqsReceived{"Messages": got}, nil
}

func (q *queues) deleteMessage(in struct {
	QueueURL      string `json:"QueueUrl"`
	ReceiptHandle string
},
) (struct{}, *awsError) {
	from, err := q.find(in.QueueURL)
	if err != nil {
		return struct{}{}, err
	}
	q.delete(from, in.ReceiptHandle)
	return struct{}{}, nil
}

func (q *queues) attributes(in struct {
	QueueURL       string `json:"QueueUrl"`
	AttributeNames []string
},
) (map[string]map[string]string, *awsError) {
	of, err := q.find(in.QueueURL)
	if err != nil {
		return nil, err
	}
	waiting, hidden := q.depth(of)
	all := map[string]string{
		"ApproximateNumberOfMessages":           strconv.Itoa(waiting),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(hidden),
		"QueueArn":                              queueARN(of.name),
		"VisibilityTimeout":                     strconv.Itoa(int(visibility / time.Second)),
	}
	if of.dead != nil {
		all["RedrivePolicy"] = `{"deadLetterTargetArn":"` + queueARN(
			of.dead.name,
		) + `","maxReceiveCount":` + strconv.Itoa(
			maxReceives,
		) + `}`
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
