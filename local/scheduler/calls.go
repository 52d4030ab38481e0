package scheduler

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/lambda"
)

// Routes adds the calls of EventBridge Scheduler's REST protocol. Nothing else on the port has these paths.
func (ss *Schedules) Routes(mux *http.ServeMux) {
	for pattern, answer := range map[string]func(*schedule, url.Values) (any, error){
		"POST /schedules/{name}": func(sc *schedule, _ url.Values) (any, error) {
			return map[string]string{"ScheduleArn": scheduleARN(cmp.Or(sc.GroupName, account.ScheduleGroup), sc.Name)}, ss.create(sc)
		},
		"PUT /schedules/{name}": func(sc *schedule, _ url.Values) (any, error) {
			return map[string]string{"ScheduleArn": scheduleARN(cmp.Or(sc.GroupName, account.ScheduleGroup), sc.Name)}, ss.update(sc)
		},
		"GET /schedules/{name}": func(sc *schedule, q url.Values) (any, error) {
			return ss.get(q.Get("groupName"), sc.Name)
		},
		"DELETE /schedules/{name}": func(sc *schedule, q url.Values) (any, error) {
			return struct{}{}, ss.delete(q.Get("groupName"), sc.Name)
		},
		"GET /schedules":               func(_ *schedule, q url.Values) (any, error) { return ss.page(q) },
		"POST /schedule-groups/{name}": func(sc *schedule, _ url.Values) (any, error) { return ss.createGroup(sc.Name) },
		"GET /schedule-groups/{name}":  func(sc *schedule, _ url.Values) (any, error) { return ss.group(sc.Name) },
		"DELETE /schedule-groups/{name}": func(sc *schedule, _ url.Values) (any, error) {
			return struct{}{}, ss.deleteGroup(sc.Name)
		},
		"GET /schedule-groups": func(*schedule, url.Values) (any, error) { return ss.listGroups(), nil },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			var sc schedule
			body := http.MaxBytesReader(w, r.Body, awsjson.MaxCall)
			if err := json.NewDecoder(body).Decode(&sc); err != nil && !errors.Is(err, io.EOF) {
				awsjson.WriteError(w, &awsjson.Error{Code: "ValidationException", Text: "the body is not the JSON of this call"})
				return
			}
			sc.Name = r.PathValue("name")
			out, err := answer(&sc, r.URL.Query())
			if err != nil {
				failed, ok := errors.AsType[*awsjson.Error](err)
				if !ok {
					failed = &awsjson.Error{Status: http.StatusInternalServerError, Code: "InternalServerException", Text: err.Error()}
				}
				awsjson.WriteError(w, failed)
				return
			}
			// A schedule that is made from outside for now fires before the call is answered, so that the caller's
			// next call comes after it. One that a function makes fires after the function has ended.
			if r.Method != http.MethodGet && !lambda.Invoked(r.Context()) {
				if err := ss.Settle(r.Context()); err != nil {
					awsjson.WriteError(
						w,
						&awsjson.Error{Status: http.StatusInternalServerError, Code: "InternalServerException", Text: "interrupted"},
					)
					return
				}
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Amzn-RequestId", awsjson.NewID())
			_ = json.NewEncoder(w).Encode(out)
		})
	}
}

func notFound(what, name string) error {
	return &awsjson.Error{
		Status: http.StatusNotFound,
		Code:   "ResourceNotFoundException",
		Text:   what + " " + name + " does not exist.",
	}
}

func conflict(what, name string) error {
	return &awsjson.Error{
		Status: http.StatusConflict,
		Code:   "ConflictException",
		Text:   what + " " + name + " already exists.",
	}
}

// create adds a schedule. As on AWS, a repeated call with the same client token has no effect.
func (ss *Schedules) create(sc *schedule) error {
	if err := sc.prepare(ss.Now()); err != nil {
		return err
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if _, ok := ss.groups[sc.GroupName]; !ok {
		return notFound("Schedule group", sc.GroupName)
	}
	if old, ok := ss.all[sc.key()]; ok {
		if sc.ClientToken != "" && sc.ClientToken == old.ClientToken {
			return nil
		}
		return conflict("Schedule", sc.Name)
	}
	sc.CreationDate = sc.LastModificationDate
	ss.all[sc.key()] = sc
	ss.Changed()
	return nil
}

// update replaces a schedule as a whole. A one-time schedule that has fired only fires again where its time changes.
func (ss *Schedules) update(sc *schedule) error {
	if err := sc.prepare(ss.Now()); err != nil {
		return err
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	old, ok := ss.all[sc.key()]
	if !ok {
		return notFound("Schedule", sc.Name)
	}
	if old.due.IsZero() && sc.when == old.when {
		sc.due = time.Time{}
	}
	sc.CreationDate = old.CreationDate
	ss.all[sc.key()] = sc
	ss.Changed()
	return nil
}

func (ss *Schedules) get(group, name string) (any, error) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	sc, ok := ss.all[cmp.Or(group, account.ScheduleGroup)+"/"+name]
	if !ok {
		return nil, notFound("Schedule", name)
	}
	found := *sc
	found.ClientToken = ""
	return found, nil
}

func (ss *Schedules) delete(group, name string) error {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	key := cmp.Or(group, account.ScheduleGroup) + "/" + name
	if _, ok := ss.all[key]; !ok {
		return notFound("Schedule", name)
	}
	delete(ss.all, key)
	ss.Changed()
	return nil
}

// scheduleSummary is what ListSchedules returns of a schedule.
type scheduleSummary struct {
	Arn, GroupName, Name, State        string
	CreationDate, LastModificationDate awsjson.Seconds
	Target                             struct{ Arn string }
}

func (ss *Schedules) page(q url.Values) (any, error) {
	size := 100
	if text := q.Get("MaxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			return nil, &awsjson.Error{Code: "ValidationException", Text: "MaxResults must be between 1 and 100"}
		}
		size = n
	}
	// The token is the last name of the page before, so schedules that fire between two pages do no harm.
	found := ss.list(func(sc *schedule) bool {
		return (q.Get("ScheduleGroup") == "" || q.Get("ScheduleGroup") == sc.GroupName) &&
			strings.HasPrefix(sc.Name, q.Get("NamePrefix")) &&
			(q.Get("State") == "" || q.Get("State") == sc.State) &&
			sc.key() > q.Get("NextToken")
	})
	answer := struct {
		NextToken string `json:",omitempty"`
		Schedules []scheduleSummary
	}{Schedules: []scheduleSummary{}}
	if len(found) > size {
		found = found[:size]
		answer.NextToken = found[size-1].key()
	}
	for _, sc := range found {
		answer.Schedules = append(answer.Schedules, scheduleSummary{
			Arn: sc.Arn, GroupName: sc.GroupName, Name: sc.Name, State: sc.State,
			CreationDate: sc.CreationDate, LastModificationDate: sc.LastModificationDate,
			Target: struct{ Arn string }{sc.Target.Arn},
		})
	}
	return answer, nil
}

type scheduleGroup struct {
	Arn, Name, State                   string
	CreationDate, LastModificationDate awsjson.Seconds
}

func groupARN(name string) string {
	return account.ARN("scheduler", "schedule-group/"+name)
}

func (ss *Schedules) createGroup(name string) (any, error) {
	if !scheduleName.MatchString(name) {
		return nil, &awsjson.Error{Code: "ValidationException", Text: "Name must be 1 to 64 of the characters 0-9 a-z A-Z - _ ."}
	}
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if _, ok := ss.groups[name]; ok {
		return nil, conflict("Schedule group", name)
	}
	ss.groups[name] = ss.Now()
	return map[string]string{"ScheduleGroupArn": groupARN(name)}, nil
}

func (ss *Schedules) group(name string) (any, error) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	created, ok := ss.groups[name]
	if !ok {
		return nil, notFound("Schedule group", name)
	}
	return scheduleGroup{groupARN(name), name, "ACTIVE", awsjson.Seconds(created), awsjson.Seconds(created)}, nil
}

func (ss *Schedules) listGroups() any {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	groups := []scheduleGroup{}
	for _, name := range slices.Sorted(maps.Keys(ss.groups)) {
		groups = append(
			groups,
			scheduleGroup{groupARN(name), name, "ACTIVE", awsjson.Seconds(ss.groups[name]), awsjson.Seconds(ss.groups[name])},
		)
	}
	return map[string][]scheduleGroup{"ScheduleGroups": groups}
}

// deleteGroup deletes a group and its schedules.
func (ss *Schedules) deleteGroup(name string) error {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if _, ok := ss.groups[name]; !ok {
		return notFound("Schedule group", name)
	}
	if name == account.ScheduleGroup {
		return &awsjson.Error{Code: "ValidationException", Text: "The default schedule group cannot be deleted."}
	}
	delete(ss.groups, name)
	maps.DeleteFunc(ss.all, func(_ string, sc *schedule) bool { return sc.GroupName == name })
	ss.Changed()
	return nil
}
