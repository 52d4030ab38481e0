package jurisdiction

import (
	"strings"
	"testing"
)

func TestParseWindow(t *testing.T) {
	for text, want := range map[string]Window{
		"none":        None,
		"09:00-20:00": {540, 1200},
		"00:00-24:00": AllDay,
		"20:00-02:00": {1200, 1560},
		"22:00-00:00": {1320, 1440},
		"23:59-23:58": {1439, 2878},
	} {
		got, err := ParseWindow(text)
		if err != nil || got != want {
			t.Errorf("ParseWindow(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", "None", "9:00-20:00", "09:00", "09:00-09:00", "24:00-25:00", "24:00-08:00", "09:60-20:00", "09:00–20:00", "09.00-20.00",
		" 09:00-20:00", "09:00-20:00 ", "-9:00-20:00", "09:00-24:01", "00:00-00:00", "0a:00-20:00", "09:00_20:00",
	} {
		if w, err := ParseWindow(text); err == nil || !strings.Contains(err.Error(), `"09:00-20:00"`) {
			t.Errorf("ParseWindow(%q) = %v, %v, want an error that shows how", text, w, err)
		}
	}
}

// What is accepted means what it says: it reads back as itself and lies within a day of its start.
func FuzzParseWindow(f *testing.F) {
	for _, s := range []string{"none", "09:00-20:00", "20:00-02:00", "00:00-24:00", "22:00-00:00", "09:00-09:00", "99:99-00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w, err := ParseWindow(s)
		if err != nil {
			return
		}
		if !w.valid() {
			t.Fatalf("ParseWindow(%q) = %+v, which no policy accepts", s, w)
		}
		again, err := ParseWindow(w.String())
		if err != nil || again != w {
			t.Fatalf("%q reads as %v, that as %v, %v", s, w, again, err)
		}
	})
}

func TestTextForms(t *testing.T) {
	var w Window
	if err := w.UnmarshalText([]byte("08:30-19:15")); err != nil || w != (Window{510, 1155}) {
		t.Errorf("%v, %v", w, err)
	}
	if err := w.UnmarshalText([]byte("morning")); err == nil {
		t.Error("a window of words was read")
	}
	var d Date
	if err := d.UnmarshalText([]byte("2026-07-14")); err != nil || d != (Date{2026, 7, 14}) {
		t.Errorf("%v, %v", d, err)
	}
	for _, text := range []string{"", "2026-02-30", "14.07.2026", "2026-7-14"} {
		if err := d.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), `"2026-07-14"`) {
			t.Errorf("%q: %v, want an error that shows how", text, err)
		}
	}
}
