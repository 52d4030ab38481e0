package table

import "testing"

// What a contact costs to write and to read, its seal included.

func BenchmarkEncodeContact(b *testing.B) {
	t, c := sealing(b), typicalContact()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.encode(&c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeContact(b *testing.B) {
	t, c := sealing(b), typicalContact()
	m, err := t.encode(&c)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if c, err := t.decode(c.Key, m); err != nil || c.Suspect {
			b.Fatalf("suspect %t, %v", c.Suspect, err)
		}
	}
}

// The seal alone, of which no more than a few microseconds belong to a text.
func BenchmarkOurs(b *testing.B) {
	t, c := sealing(b), typicalContact()
	m, err := t.encode(&c)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !t.sealedByUs(m) {
			b.Fatal("not ours")
		}
	}
}
