package keyword

import (
	"strings"
	"testing"
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
		{
			"long",
			"My order came fine, thank you. Now that it's here I don't want any further messages from you. Please take this number off your list.",
		},
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

// What people send to break a reader costs what it is long: four times the text takes about four times the steps, not
// sixteen. What is longer than is read takes no more.
func TestStepsGrowWithTheLength(t *testing.T) {
	pieces := []string{
		"stop ", "stop don't text me no more you ", "if you ", "me want ", "want more no message ", "s ", "a",
		"stopstop", "停want ",
		"é", "🛑", "\n>x", "st0p", "ne me ", "x'", "http://", "x.", "a? ", "s-", "opt ", "deals ", "stop if ", "1", "…",
		"please ", "want please ", "停",
	}
	for _, piece := range pieces {
		times := MaxRunes / utf8.RuneCountInString(piece)
		short, long := strings.Repeat(piece, times/4), strings.Repeat(piece, times)
		s, l, beyond := steps(short), steps(long), steps(strings.Repeat(piece, 64<<10/len(piece)))
		if l > 6*s || beyond > 2*l {
			t.Errorf("%q: %d steps for %d bytes, %d for %d, %d for 64 KB", piece, s, len(short), l, len(long), beyond)
		}
		if l < MaxRunes/4 {
			t.Errorf("%q: only %d steps were counted for %d bytes", piece, l, len(long))
		}
	}
}

// steps is what reading a text costs.
func steps(message string) int {
	t := new(text)
	t.classify(Vocabulary{Topics: []Topic{{ID: "deals", Keyword: "DEALS", Name: "deals deals of the day"}}}, message)
	return t.steps
}
