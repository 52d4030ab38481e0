// Package zoneinfo holds the time zones that the tables of package phone name, of one release of the IANA time zone
// database. Nothing else is read: neither the files of the machine nor those that ZONEINFO points to, nor what the Go
// release carries, so that one build gives one answer wherever it runs. "make tz" takes the newest release.
package zoneinfo

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// errUnknown is wrapped by Load where no table names the zone.
var errUnknown = errors.New("use an IANA name such as America/New_York")

// file is one zone in TZif form (RFC 9636).
type file struct{ name, tz string }

// Load returns a zone by its IANA name, old names such as Asia/Calcutta among them. Clocks before Since are not known.
// UTC, Etc/UTC and GMT are where no phone is, but where people and browsers may have their clock; all three are
// time.UTC.
func Load(name string) (*time.Location, error) {
	if slices.Contains([]string{"UTC", "Etc/UTC", "GMT"}, name) {
		return time.UTC, nil
	}
	data, err := Data(name)
	if err != nil {
		return nil, err
	}
	loc, err := time.LoadLocationFromTZData(name, []byte(data))
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", name, err)
	}
	return loc, nil
}

// Data returns what stands for a zone in the release, as TZif.
func Data(name string) (string, error) {
	i, ok := slices.BinarySearchFunc(files[:], name, func(f file, name string) int { return cmp.Compare(f.name, name) })
	if !ok {
		return "", fmt.Errorf("time zone %q: %w", name, errUnknown)
	}
	return files[i].tz, nil
}
