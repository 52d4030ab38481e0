package keyword

import (
	"slices"
	"testing"
)

// A word is found however its letters may be written: with what stands above them or without, joined, full-width, in
// small capitals, stretched, with skin tones or signs nobody sees.
func TestLettersThatAreWrittenInSeveralWays(t *testing.T) {
	for _, c := range []struct{ written, as string }{
		{"ARRÊT", "arret"},
		{"Größe", "grosse"},
		{"Æble", "aeble"},
		{"cœur", "coeur"},
		{"ŁÓDŹ", "lodz"},
		{"đ", "d"},
		{"Ø", "o"},
		{"ı", "i"},
		{"τέλος", "τελοσ"},
		{"إلغى", "الغي"},
		{"خدمة", "خدمه"},
		{"توقـــف", "توقف"},
		{"don’t", "dont"},
		{"donʼt", "dont"},
		{"don‘t", "dont"},
		{"don't", "dont"},
		{"opt-out", "opt out"},
		{"opt‐out", "opt out"},
		{"opt‑out", "opt out"},
		{"ＳＴＯＰ", "stop"},
		{"𝐒𝐓𝐎𝐏", "stop"},
		{"st\u200bop", "stop"},
		{"👍🏽", "👍"},
		{"❤️", "❤"},
		{"ꜱᴛᴏᴘ", "stop"},
	} {
		if got := fold(c.written); got != c.as {
			t.Errorf("%q is looked up as %q, want %q", c.written, got, c.as)
		}
		if again := fold(c.as); again != c.as {
			t.Errorf("%q is looked up as %q, which is another word", c.as, again)
		}
	}
}

// A STOP ends where its sentence does, whatever script ends it, and signs that end none part no more than a space.
func TestWhatEndsASentence(t *testing.T) {
	const more = "the weather is nice"
	for _, sign := range []string{".", "!", "?", "؟", "؛", "。", "।", "\n", "\r", "\x7f", "\u2028", "\u2029"} {
		if in, want := classify("STOP"+sign+" "+more), classify("STOP. "+more); sign != "?" && sign != "؟" && in != want {
			t.Errorf("%q ends no sentence: %+v, want %+v", sign, in, want)
		}
	}
	for _, c := range []struct{ sign, as string }{
		{"–", "-"}, {"—", "-"}, {"،", ","}, {"、", ","}, {"¿", "?"}, {"؟", "?"}, {"”", `"`}, {"«", `"`}, {"·", " "}, {"~", "~"}, {"\u00a0", " "},
	} {
		for _, of := range []string{"I want %s to stop %s these texts", "stop %s it %s " + more, "please %s do not stop %s"} {
			if in, want := classify(replaced(of, c.sign)), classify(replaced(of, c.as)); in != want {
				t.Errorf("%q with %q: %+v, want %+v as with %q", of, c.sign, in, want, c.as)
			}
		}
	}
}

func replaced(text, sign string) string {
	var out []byte
	for i := 0; i < len(text); i++ {
		if text[i] == '%' {
			out, i = append(out, sign...), i+1
			continue
		}
		out = append(out, text[i])
	}
	return string(out)
}

// Every message is of one of the kinds, and there is a message of each.
func TestKinds(t *testing.T) {
	var found []Kind
	for _, message := range []string{
		"STOP", "START", "YES", "NO", "HELP", "wrong number", "change my preferences", "This is an automatic reply.", "nice weather",
	} {
		kind := classify(message).Kind
		if !slices.Contains(Kinds(), kind) {
			t.Errorf("%q is %q, which is no kind", message, kind)
		}
		found = append(found, kind)
	}
	for _, kind := range Kinds() {
		if !slices.Contains(found, kind) {
			t.Errorf("no message is %q", kind)
		}
	}
}
