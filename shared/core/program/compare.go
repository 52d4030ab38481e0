package program

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
)

// Change is one difference between two versions of programs.yaml.
type Change struct {
	Brand   string // the brand whose people it is about; empty for those of all brands
	Program string // only people of this program; empty for any
	Topic   string // only people of this topic; empty for any
	Says    string // the difference, such as "frequency: 10 msgs/month instead of 2 msgs/month"
	Loses   bool   // the people of the topic lose what they signed up for, or the number that takes their STOP
	Abroad  bool   // it is only about phones in countries that are no longer served: see Concerns
}

// Concerns reports whether the change between the two versions is about phones of a country, an ISO 3166-1 alpha-2
// code.
func (c *Change) Concerns(from, to *Catalog, country string) bool {
	return !c.Abroad || from.serves(c.Brand, country) && !to.serves(c.Brand, country)
}

// serves reports whether a brand texts phones of a country.
func (c *Catalog) serves(brand, country string) bool {
	b, ok := c.Brand(brand)
	return ok && b.Serves(country) && hasHours(country, c.Policy)
}

// Of returns, for people to read, the brand, program or topic that the change is about.
func (c *Change) Of() string {
	switch {
	case c.Topic != "":
		return c.Brand + "/" + c.Topic
	case c.Program != "":
		return c.Brand + ", program " + c.Program
	case c.Brand != "":
		return c.Brand
	default:
		return "everybody"
	}
}

// Topics returns the topics in from that the change is about, each as brand and topic ID.
func (c *Change) Topics(from *Catalog) [][2]string {
	var all [][2]string
	for i := range from.Brands {
		b := &from.Brands[i]
		if c.Brand != "" && c.Brand != b.ID {
			continue
		}
		for j := range b.Programs {
			for _, t := range b.Programs[j].Topics {
				if (c.Program == "" || c.Program == b.Programs[j].ID) && (c.Topic == "" || c.Topic == t.ID) {
					all = append(all, [2]string{b.ID, t.ID})
				}
			}
		}
	}
	return all
}

// Compare returns what changes for people when to replaces from. It is empty where only comments and layout differ.
func Compare(from, to *Catalog) []Change {
	all := differences(Change{}, *from, *to)
	for i := range from.Brands {
		was := &from.Brands[i]
		is, ok := to.Brand(was.ID)
		if !ok {
			is = &Brand{}
		} else {
			all = append(all, differences(Change{Brand: was.ID}, was.withOwnHoursOnly(), is.withOwnHoursOnly())...)
			all = append(all, lostCountries(from, to, was, is)...)
		}
		all = append(all, comparePrograms(was, is)...)
	}
	for i := range to.Brands {
		is := &to.Brands[i]
		was, ok := from.Brand(is.ID)
		if !ok {
			was = &Brand{}
		}
		all = append(all, addedTopics(was, is)...)
	}
	return all
}

// withOwnHoursOnly returns the brand with only its own hours, without the policy of all brands, which is compared once.
func (b Brand) withOwnHoursOnly() Brand {
	if b.Hours != nil {
		b.Hours = &jurisdiction.Policy{Narrow: b.Hours.Narrow}
	}
	return b
}

// lostCountries returns a loss for each topic that stays, where the brand serves fewer countries than before.
func lostCountries(from, to *Catalog, was, is *Brand) []Change {
	listed := slices.Collect(maps.Keys(to.Policy.Countries))
	fewer := len(without(slices.Collect(maps.Keys(from.Policy.Countries)), listed)) > 0
	if is.Countries != nil {
		fewer = fewer || was.Countries == nil || len(without(was.Countries, is.Countries)) > 0
	}
	if !fewer {
		return nil
	}
	at := Change{Brand: was.ID, Loses: true, Abroad: true}
	at.Says = "their phones are in a country that would not be served, only " + inWords("countries", strings.Join(is.Countries, ", "), "")
	var all []Change
	for i := range was.Programs {
		for _, topic := range was.Programs[i].Topics {
			if _, _, stays := is.Topic(topic.ID); stays {
				at.Topic = topic.ID
				all = append(all, at)
			}
		}
	}
	return all
}

func comparePrograms(was, is *Brand) []Change {
	var all []Change
	for i := range was.Programs {
		before := &was.Programs[i]
		after, stays := is.Program(before.ID)
		if stays {
			all = append(all, differences(Change{Brand: was.ID, Program: before.ID}, *before, *after)...)
		}
		for j := range before.Topics {
			topic := &before.Topics[j]
			at := Change{Brand: was.ID, Topic: topic.ID}
			next, same, there := is.Topic(topic.ID)
			if there {
				all = append(all, differences(at, *topic, *same)...)
			}
			at.Loses = true
			for _, at.Says = range losses(before, after, next) {
				all = append(all, at)
			}
		}
	}
	return all
}

// losses says what people on a topic lose. before and after are the same program in both versions, after nil where it
// is gone. next is the program that has the topic in the new version, nil where the topic is gone.
func losses(before, after, next *Program) []string {
	switch {
	case next == nil:
		return []string{"the topic is gone"}
	case next.ID != before.ID:
		return []string{"it would come from program " + next.ID + " instead of " + before.ID}
	}
	var all []string
	if before.Class != after.Class {
		all = append(all, fmt.Sprintf("they agreed to %s texts, and it would be %s", before.Class, after.Class))
	}
	for _, dialled := range before.Identity.destinations() {
		if !after.Identity.Answers(dialled) {
			all = append(all, "nothing they text to "+dialled+" would reach the program, no STOP either; keep the number beside others in a pool")
		}
	}
	return all
}

// destinations returns every number and short code that people may text to.
func (i Identity) destinations() []string {
	all := []string{string(i.Number), i.ShortCode}
	for _, n := range i.Numbers {
		all = append(all, string(n))
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// addedTopics returns the topics that are new in a brand.
func addedTopics(was, is *Brand) []Change {
	var all []Change
	for i := range is.Programs {
		for _, t := range is.Programs[i].Topics {
			if _, _, known := was.Topic(t.ID); !known {
				all = append(all, Change{Brand: is.ID, Topic: t.ID, Says: "is new, from " + is.Programs[i].Identity.String()})
			}
		}
	}
	return all
}

// differences compares two values of the same type, by the fields that have a name in yamlNames.
func differences(at Change, was, is any) []Change {
	before, after := fieldValues{}, fieldValues{}
	before.add("", reflect.ValueOf(was))
	after.add("", reflect.ValueOf(is))
	var all []Change
	for name := range after {
		if _, known := before[name]; !known {
			before[name] = ""
		}
	}
	for name, value := range before {
		if after[name] != value {
			at.Says = fmt.Sprintf("%s: %s instead of %s", name, inWords(name, after[name], value), inWords(name, value, after[name]))
			all = append(all, at)
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Compare(a.Says, b.Says) })
	return all
}

// inWords returns the value of a field in words, also where it is empty. other is its value in the other version.
func inWords(name, value, other string) string {
	switch {
	case value != "":
		return value
	case name == "countries":
		return "every country with hours"
	case other == "yes":
		return "no"
	default:
		return "none"
	}
}

// fieldValues is everything that programs.yaml says about something: values in words, by the names of their fields.
type fieldValues map[string]string

func (f fieldValues) add(path string, v reflect.Value) {
	if !v.IsValid() || v.IsZero() {
		return
	}
	words, leaf := formatted(v)
	switch {
	case leaf:
		f[path] = words
	case v.Kind() == reflect.Pointer:
		f.add(path, v.Elem())
	case v.Kind() == reflect.Map:
		for _, key := range v.MapKeys() {
			f.add(join(path, key.String()), v.MapIndex(key))
		}
	case v.Kind() == reflect.Struct:
		for field, value := range v.Fields() {
			switch name, compared := yamlNames[v.Type().Name()+"."+field.Name]; {
			case compared && name == "":
				f.add(path, value)
			case compared:
				f.add(join(path, name), value)
			}
		}
	}
}

// formatted returns a value in words, and false for a struct, map or pointer, whose fields are compared one by one.
func formatted(v reflect.Value) (string, bool) {
	switch value := v.Interface().(type) {
	case Identity: // its String leaves out the numbers of a pool
		return "", false
	case time.Duration:
		return formatSpan(value), true
	case fmt.Stringer:
		return value.String(), true
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), true
	case reflect.Bool:
		return "yes", true
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64), true
	case reflect.Slice:
		all := make([]string, v.Len())
		for i := range all {
			all[i], _ = formatted(v.Index(i))
		}
		return strings.Join(all, ", "), true
	default:
		return "", false
	}
}

// formatSpan formats a duration without trailing zero units: "24h" instead of "24h0m0s".
func formatSpan(d time.Duration) string {
	s := d.String()
	if whole, ok := strings.CutSuffix(s, "m0s"); ok {
		s = whole + "m"
	}
	if whole, ok := strings.CutSuffix(s, "h0m"); ok {
		s = whole + "h"
	}
	return s
}
