package smsconsent_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// named finds the logical IDs in a value: of !Ref and !GetAtt, which come out as their argument, and of !Sub.
var named = regexp.MustCompile(`^([A-Za-z0-9]+)(?:\.[A-Za-z.]+)?$|\$\{([A-Za-z0-9]+)(?:\.[A-Za-z.]+)?\}`)

// needs is what each resource of the template must wait for, with what SAM adds: it writes the ARNs of the functions
// behind an API into the API's definition, so the API waits for those functions.
func (tpl template) needs() map[string][]string {
	needs := map[string][]string{}
	add := func(id, needed string) {
		if _, ok := tpl.Resources[needed]; ok && id != needed && !slices.Contains(needs[id], needed) {
			needs[id] = append(needs[id], needed)
		}
	}
	for id, r := range tpl.Resources {
		properties := maps.Clone(r.Properties)
		delete(properties, "DeploymentPreference") // the alias waits for its alarms, and the API for the alias
		for _, text := range texts(map[string]any{"p": properties, "d": r.DependsOn}) {
			for _, m := range named.FindAllStringSubmatch(text, -1) {
				add(id, m[1]+m[2])
			}
		}
		events, _ := r.at("Events").(map[string]any)
		for name := range events {
			if r.at("Events", name, "Type") != "HttpApi" {
				continue
			}
			// The event names the API, yet the function does not wait for it: its permission does.
			api := fmt.Sprint(r.at("Events", name, "Properties", "ApiId"))
			add(api, id)
			for _, alarm := range list(r.at("DeploymentPreference", "Alarms")) {
				add(api, alarm)
			}
			if !strings.Contains(fmt.Sprint(r.at("Environment")), api) {
				needs[id] = slices.DeleteFunc(needs[id], func(n string) bool { return n == api })
			}
		}
	}
	return needs
}

// texts is every string within a value.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, texts(e)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, texts(v[key])...)
		}
		return all
	default:
		return nil
	}
}

// cycle is resources each of which waits for the next, and the last for the first; nil where there are none.
func cycle(needs map[string][]string) []string {
	const visiting, done = 1, 2
	state := map[string]int{}
	var path []string
	var visit func(id string) []string
	visit = func(id string) []string {
		switch state[id] {
		case visiting:
			return append(slices.Clone(path[slices.Index(path, id):]), id)
		case done:
			return nil
		}
		state[id], path = visiting, append(path, id)
		for _, n := range needs[id] {
			if found := visit(n); found != nil {
				return found
			}
		}
		state[id], path = done, path[:len(path)-1]
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(needs)) {
		if found := visit(id); found != nil {
			return found
		}
	}
	return nil
}

// CloudFormation refuses resources that wait for each other in a circle, and only at deployment. A function that
// answers texts names the API, which names the functions behind it: those must not name the API.
func TestNoResourceWaitsForItself(t *testing.T) {
	tpl := read(t)
	needs := tpl.needs()
	if found := cycle(needs); found != nil {
		t.Errorf("these wait for each other: %s", strings.Join(found, " → "))
	}
	for id, want := range map[string]string{"InboundFunction": "Api", "Api": "PreferencesFunction", "PreferencesFunction": "PreferencesRole", "PreferencesRole": "PreferencesLog", "ConfigurationSet": "DeliveryTopicPolicy"} {
		if !slices.Contains(needs[id], want) {
			t.Errorf("%s does not wait for %s: the test no longer reads the template", id, want)
		}
	}
	// The circle that is to be feared is found.
	variables, _ := tpl.Resources["PreferencesFunction"].at("Environment", "Variables").(map[string]any)
	variables["PREFERENCES_URL"] = "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/preferences"
	if found := cycle(tpl.needs()); len(found) != 3 {
		t.Errorf("a function behind the API names it, and the circle found is %v", found)
	}
}

// The links in answers lead to the route of the page.
func TestLinksLeadToThePage(t *testing.T) {
	tpl := read(t)
	const own = "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/preferences"
	inbound := tpl.Resources["InboundFunction"]
	if got := list(inbound.at("Environment", "Variables", "PREFERENCES_URL")); !slices.Equal(got, []string{"HasPreferencesUrl", "PreferencesUrl", own}) {
		t.Errorf("PREFERENCES_URL is %q", got)
	}
	for _, id := range []string{"InboundFunction", "PreferencesFunction"} {
		if got := tpl.Resources[id].at("Environment", "Variables", "LINK_KEY_PARAMETER", 0); got != "${Path}/link-key" {
			t.Errorf("%s reads the key of links from %v", id, got)
		}
	}
	pattern := regexp.MustCompile("^(?:" + tpl.Parameters["PreferencesUrl"].AllowedPattern + ")$")
	for address, want := range map[string]bool{
		"": true, "https://text.example.com/preferences": true, "https://text.example.com/sms/preferences": true,
		"http://text.example.com/preferences": false, "https://text.example.com": false, "https://text.example.com/preferences?t=": false,
		"https://text.example.com/preferences/": false,
	} {
		if pattern.MatchString(address) != want {
			t.Errorf("PreferencesUrl %q is allowed: %v, want %v", address, !want, want)
		}
	}
}
