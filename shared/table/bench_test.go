package table

import "testing"

func BenchmarkEncodeContact(b *testing.B) {
	c := typicalContact()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := encodeContact(&c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeContact(b *testing.B) {
	c := typicalContact()
	m, err := encodeContact(&c)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeContact(c.Key, m); err != nil {
			b.Fatal(err)
		}
	}
}
