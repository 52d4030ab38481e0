package sms

import (
	"cmp"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/shared/core/phone"
)

// OptInEvery is how long AWS refuses to take a number off an opt-out list again (DeleteOptedOutNumber, API
// reference).
const OptInEvery = 30 * 24 * time.Hour

var listName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// optOutList is an opt-out list. AWS refuses texts to the numbers on the list of the sender.
type optOutList struct {
	created time.Time
	numbers map[phone.Number]time.Time // when they were opted out
	removed map[phone.Number]time.Time // when they were last taken off
}

func newOptOutList(now time.Time) *optOutList {
	return &optOutList{created: now, numbers: map[phone.Number]time.Time{}, removed: map[phone.Number]time.Time{}}
}

func listARN(name string) string {
	return account.ARN("sms-voice", "opt-out-list/"+name)
}

// list returns the list with a name or ARN. The caller holds mu.
func (m *SMS) list(nameOrARN string) (string, *optOutList, *awsjson.Error) {
	name := path.Base(nameOrARN)
	l, ok := m.lists[name]
	if !ok {
		return "", nil, &awsjson.Error{
			Code: "ResourceNotFoundException",
			Type: "opt-out-list",
			Text: "The opt-out list does not exist.",
		}
	}
	return name, l, nil
}

type optedOutCall struct {
	OptOutListName string
	OptedOutNumber string
}

type optedOutAnswer struct {
	OptOutListArn     string
	OptOutListName    string
	OptedOutNumber    string
	OptedOutTimestamp awsjson.Seconds
	EndUserOptedOut   bool
}

func optedOut(list string, n phone.Number, since time.Time) optedOutAnswer {
	return optedOutAnswer{
		OptOutListArn:     listARN(list),
		OptOutListName:    list,
		OptedOutNumber:    string(n),
		OptedOutTimestamp: awsjson.Seconds(since),
	}
}

// named returns the list and the number that a call names. The caller holds mu.
func (m *SMS) named(in optedOutCall) (string, *optOutList, phone.Number, *awsjson.Error) {
	if !destinationNumber.MatchString(in.OptedOutNumber) {
		return "", nil, "", awsjson.Invalid("OptedOutNumber must be an E.164 phone number")
	}
	name, list, err := m.list(in.OptOutListName)
	return name, list, e164(in.OptedOutNumber), err
}

// putOptedOut puts a number on a list. A number that is on it keeps its time.
func (m *SMS) putOptedOut(_ *http.Request, in optedOutCall) (optedOutAnswer, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name, list, n, err := m.named(in)
	if err != nil {
		return optedOutAnswer{}, err
	}
	if _, on := list.numbers[n]; !on {
		list.numbers[n] = m.Now()
		m.Changed()
	}
	return optedOut(name, n, list.numbers[n]), nil
}

func (m *SMS) deleteOptedOut(_ *http.Request, in optedOutCall) (optedOutAnswer, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name, list, n, err := m.named(in)
	if err != nil {
		return optedOutAnswer{}, err
	}
	now := m.Now()
	since, on := list.numbers[n]
	if !on {
		return optedOutAnswer{}, &awsjson.Error{
			Code: "ResourceNotFoundException",
			Type: "opted-out-number",
			Text: "The number is not on the opt-out list.",
		}
	}
	if last, before := list.removed[n]; before && now.Sub(last) < OptInEvery {
		return optedOutAnswer{}, &awsjson.Error{
			Code:   "ValidationException",
			Reason: "PHONE_NUMBER_CANNOT_BE_OPTED_IN",
			Text:   "Each number can be taken off the list once every 30 days.",
		}
	}
	delete(list.numbers, n)
	list.removed[n] = now
	m.Changed()
	return optedOut(name, n, since), nil
}

type pageCall struct {
	NextToken  string
	MaxResults int
}

// page returns one page of sorted names. The token for the next page is its last name.
func (p pageCall) page(names []string) ([]string, string) {
	names = slices.DeleteFunc(names, func(n string) bool { return n <= p.NextToken })
	size := cmp.Or(p.MaxResults, 100)
	if len(names) <= size {
		return names, ""
	}
	return names[:size], names[size-1]
}

type optedOutNumber struct {
	OptedOutNumber    string
	OptedOutTimestamp awsjson.Seconds
	EndUserOptedOut   bool
}

type optedOutPage struct {
	OptOutListArn   string
	OptOutListName  string
	OptedOutNumbers []optedOutNumber
	NextToken       string `json:",omitempty"`
}

// describeOptedOut answers with all numbers on the list, or with up to five that the call names. Where one of those
// is not on the list the call fails, as with every missing resource in this API.
func (m *SMS) describeOptedOut(_ *http.Request, in struct {
	pageCall
	OptOutListName  string
	OptedOutNumbers []string
},
) (optedOutPage, *awsjson.Error) {
	if len(in.OptedOutNumbers) > 5 {
		return optedOutPage{}, awsjson.Invalid("OptedOutNumbers must have at most 5 numbers")
	}
	if in.MaxResults < 0 || in.MaxResults > 100 {
		return optedOutPage{}, awsjson.Invalid("MaxResults must be between 1 and 100")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	name, list, err := m.list(in.OptOutListName)
	if err != nil {
		return optedOutPage{}, err
	}
	var wanted []string
	for _, n := range in.OptedOutNumbers {
		if _, on := list.numbers[e164(n)]; !on {
			return optedOutPage{}, &awsjson.Error{
				Code: "ResourceNotFoundException",
				Type: "opted-out-number",
				Text: "A number is not on the opt-out list.",
			}
		}
		wanted = append(wanted, string(e164(n)))
	}
	if len(wanted) == 0 {
		for n := range list.numbers {
			wanted = append(wanted, string(n))
		}
	}
	slices.Sort(wanted)
	numbers, next := in.page(wanted)
	answer := optedOutPage{
		OptOutListArn:   listARN(name),
		OptOutListName:  name,
		OptedOutNumbers: []optedOutNumber{},
		NextToken:       next,
	}
	for _, n := range numbers {
		answer.OptedOutNumbers = append(
			answer.OptedOutNumbers,
			optedOutNumber{OptedOutNumber: n, OptedOutTimestamp: awsjson.Seconds(list.numbers[phone.Number(n)])},
		)
	}
	return answer, nil
}

type listInformation struct {
	OptOutListArn    string
	OptOutListName   string
	CreatedTimestamp awsjson.Seconds
}

func (m *SMS) createList(_ *http.Request, in struct{ OptOutListName string }) (listInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, exists := m.lists[in.OptOutListName]
	if err := checkFree("OptOutListName", in.OptOutListName, "opt-out-list", exists); err != nil {
		return listInformation{}, err
	}
	l := newOptOutList(m.Now())
	m.lists[in.OptOutListName] = l
	return listInformation{listARN(in.OptOutListName), in.OptOutListName, awsjson.Seconds(l.created)}, nil
}

func (m *SMS) deleteList(_ *http.Request, in struct{ OptOutListName string }) (listInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name, l, err := m.list(in.OptOutListName)
	if err != nil {
		return listInformation{}, err
	}
	delete(m.lists, name)
	m.Changed()
	return listInformation{listARN(name), name, awsjson.Seconds(l.created)}, nil
}

// checkFree returns an error where no resource can be made under a name: the name is not valid or taken.
func checkFree(field, name, resource string, exists bool) *awsjson.Error {
	switch {
	case !listName.MatchString(name):
		return awsjson.Invalid(field + " must be 1 to 64 of the characters A-Z a-z 0-9 _ -")
	case exists:
		return &awsjson.Error{
			Code:   "ConflictException",
			Reason: "RESOURCE_ALREADY_EXISTS",
			Type:   resource,
			Text:   "The " + resource + " exists already.",
		}
	default:
		return nil
	}
}

type listPage struct {
	OptOutLists []listInformation
	NextToken   string `json:",omitempty"`
}

func (m *SMS) describeLists(_ *http.Request, in struct {
	pageCall
	OptOutListNames []string
},
) (listPage, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	wanted := slices.Sorted(maps.Keys(m.lists))
	if len(in.OptOutListNames) > 0 {
		wanted = nil
		for _, n := range in.OptOutListNames {
			name, _, err := m.list(n)
			if err != nil {
				return listPage{}, err
			}
			wanted = append(wanted, name)
		}
		slices.Sort(wanted)
	}
	names, next := in.page(wanted)
	answer := listPage{OptOutLists: []listInformation{}, NextToken: next}
	for _, name := range names {
		made := awsjson.Seconds(m.lists[name].created)
		answer.OptOutLists = append(answer.OptOutLists, listInformation{listARN(name), name, made})
	}
	return answer, nil
}
