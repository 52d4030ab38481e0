package keyword

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func BenchmarkClassify(b *testing.B) {
	v := Vocabulary{Topics: []Topic{{ID: "alerts", Keyword: "JOIN", Name: "alerts"}, {ID: "deals", Keyword: "DEALS", Name: "daily deals"}}}
	for _, c := range []struct{ name, text string }{
		{"stop", "STOP"},
		{"yes", "Yes please"},
		{"topic", "JOIN"},
		{"sentence", "Please stop texting me, thank you!"},
		{"innocent", "Can I stop by after work?"},
		{"chat", "Hi, what time do you open on Sunday? I would like to bring my dog."},
		{"long", "My order came fine, thank you. Now that it's here I don't want any further messages from you. Please take this number off your list."},
		{"typo", "unsubscibe"},
		{"spanish", "Ya no quiero recibir sus mensajes por favor"},
		{"accents", "Désabonnez-moi s'il vous plaît"},
		{"emoji", "🛑"},
		{"japanese", "メッセージは不要です。登録を削除してください。"},
		{"hostile", strings.Repeat("stop don't text me no more you ", 2200)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				v.Classify(c.text)
			}
		})
	}
}

// BenchmarkCompile is what the first message costs more than the others.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compile()
	}
}

// What people send to break a reader costs what it is long: four times the text takes about four times the time, not sixteen.
func TestTimeGrowsWithTheLength(t *testing.T) {
	for _, piece := range []string{
		"stop ", "stop don't text me no more you ", "if you ", "me want ", "want more no message ", "s ", "a", "stopstop", "停want ", "é", "🛑", "\n>x", "st0p", "ne me ", "x'", "http://",
	} {
		short, long := strings.Repeat(piece, MaxRunes/4/utf8.RuneCountInString(piece)), strings.Repeat(piece, 64<<10/len(piece))
		if s, l := fastest(short), fastest(long); l > 12*s && l > time.Millisecond {
			t.Errorf("%q repeated: %v for %d bytes, %v for %d", piece, s, len(short), l, len(long))
		}
	}
}

func fastest(text string) time.Duration {
	least := time.Hour
	for range 5 {
		start := time.Now()
		Classify(text, nil)
		least = min(least, time.Since(start))
	}
	return least
}
