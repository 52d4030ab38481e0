package zoneinfo_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/zoneinfo"
)

// Governments change clocks at a few weeks' notice, so somebody must look every three months. This test alone goes by
// today's date: it is the reminder.
func TestReleaseIsFresh(t *testing.T) {
	const most = 90 * 24 * time.Hour
	checked, err := time.Parse(time.DateOnly, zoneinfo.Checked)
	if err != nil {
		t.Fatal(err)
	}
	if age := time.Since(checked); age > most {
		t.Errorf("nobody has looked for a release after %s since %s: make tz", zoneinfo.Release, zoneinfo.Checked)
	}
}

// Clocks that changed in 2026, each with the release of the IANA database that says so.
func TestClocksOf2026(t *testing.T) {
	for _, tt := range []struct {
		zone, release, at string
		hours             int
	}{
		{"America/Vancouver", "2026b", "2026-12-02T02:30:00Z", -7},
		{"America/Edmonton", "2026c", "2026-12-02T02:30:00Z", -6},
		{"Africa/Casablanca", "2026c", "2026-12-02T02:30:00Z", 0},
		{"Africa/El_Aaiun", "2026c", "2026-12-02T02:30:00Z", 0},
		{"America/Inuvik", "2026d", "2026-12-02T02:30:00Z", -6},
		{"America/Winnipeg", "2026e", "2026-12-02T02:30:00Z", -5},
		{"America/Winnipeg", "2026e", "2026-01-15T12:00:00Z", -6},
		{"America/Winnipeg", "2026e", "2040-01-15T12:00:00Z", -5},
		{"America/Rainy_River", "2026e", "2026-12-02T02:30:00Z", -5},
		{"America/Rankin_Inlet", "2026e", "2026-12-02T02:30:00Z", -6},
		{"America/Havana", "2026f", "2026-12-02T02:30:00Z", -4},
		{"America/Havana", "2026f", "2027-12-02T02:30:00Z", -5},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		loc, err := zoneinfo.Load(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		if _, offset := at.In(loc).Zone(); offset != tt.hours*3600 {
			t.Errorf("%s (%s) at %s: UTC%+d s, want UTC%+d h", tt.zone, tt.release, tt.at, offset, tt.hours)
		}
	}
}

func TestLoadNeverLeavesTheTables(t *testing.T) {
	for _, name := range phone.ZoneNames() {
		if loc, err := zoneinfo.Load(name); err != nil || loc.String() != name {
			t.Errorf("%s: %v, %v", name, loc, err)
		}
	}
	for _, name := range []string{"", "Local", "Utc", "Mars/Olympus", "../America/Winnipeg", "america/winnipeg"} {
		if loc, err := zoneinfo.Load(name); err == nil {
			t.Errorf("%q: %v", name, loc)
		}
	}
}

// Browsers on machines that are set to UTC call their zone one of these.
func TestLoadKnowsUTC(t *testing.T) {
	at := time.Date(2027, time.July, 1, 10, 0, 0, 0, time.UTC)
	for _, name := range []string{"UTC", "Etc/UTC", "GMT"} {
		loc, err := zoneinfo.Load(name)
		if err != nil || at.In(loc).Format(time.RFC3339) != "2027-07-01T10:00:00Z" {
			t.Errorf("%s: %v, %v", name, loc, err)
		}
	}
}

// One binary, one answer: neither ZONEINFO nor the files of the machine count. Go reads ZONEINFO once a process, so
// the question is put to another one.
func TestZONEINFOIsNotRead(t *testing.T) {
	const zone = "America/Winnipeg"
	if os.Getenv("ASKED_FOR_WINNIPEG") != "" {
		loc, err := zoneinfo.Load(zone)
		if err != nil {
			t.Fatal(err)
		}
		if _, offset := time.Unix(1_796_178_600, 0).In(loc).Zone(); offset != -5*3600 {
			t.Fatalf("UTC%+d s", offset)
		}
		other, err := time.LoadLocation(zone)
		if err != nil || other.String() != zone {
			t.Fatal(err)
		}
		if _, offset := time.Unix(1_796_178_600, 0).In(other).Zone(); offset != 9*3600 {
			t.Fatal("the other clock was not there to be read: this test proves nothing")
		}
		return
	}
	tokyo, err := zoneinfo.Data("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "America"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, zone), []byte(tokyo), 0o644); err != nil {
		t.Fatal(err)
	}
	again := exec.Command(os.Args[0], "-test.run=^TestZONEINFOIsNotRead$", "-test.v")
	again.Env = append(os.Environ(), "ASKED_FOR_WINNIPEG=1", "ZONEINFO="+dir)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
