package optin

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/page"
)

// phrasebook makes what the pages say, in each language they can be in.
func phrasebook() page.Phrasebook[words] {
	return page.NewPhrasebook(func(w *words) string { return w.Tag }, english(), spanish(), french())
}

// country is a choice of the form's list.
type country struct {
	Code    string // ISO 3166-1 alpha-2
	Name    string
	Calling int // country calling code
}

// countries returns those whose phones may sign up with the brand, by name in the language.
func (h *Handler) countries(b *program.Brand, w *words) []country {
	codes := b.Countries
	if codes == nil {
		codes = h.served
	}
	names := display.Regions(language.Make(w.Tag))
	list := make([]country, 0, len(codes))
	for _, code := range codes {
		region, err := language.ParseRegion(code)
		if calling := typed.CallingCode(code); err == nil && calling > 0 {
			list = append(list, country{Code: code, Name: names.Name(region), Calling: calling})
		}
	}
	slices.SortFunc(list, func(a, b country) int { return cmp.Compare(alphabetical(a.Name), alphabetical(b.Name)) })
	return list
}

// alphabetical returns what makes names compare as people order them: É stands with E.
func alphabetical(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(name))
}

// withHours returns the countries a phone may be texted in: those of the rule tables and those programs.yaml adds.
func withHours(c *program.Catalog) []string {
	codes := slices.Collect(maps.Keys(c.Policy.Countries))
	for _, region := range jurisdiction.Regions() {
		for i := range region.Entries {
			if place := region.Entries[i].Place; len(place) == len("US") {
				codes = append(codes, place)
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
