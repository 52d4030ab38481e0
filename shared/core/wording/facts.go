package wording

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Facts is what a text can tell. Brands and topics have the same name in every language, the one in programs.yaml.
type Facts struct {
	Brand      string
	Topics     []Topic // the topics that the text is about
	Locale     string  // of the first topic, BCP 47: for a person whose language is unknown
	Everything bool    // the text is about everything the brand sends
	Email      string  // where to get help; may be empty
	Phone      string  // likewise
	Keyword    string  // word to text to sign up for the topics
	Link       string  // address of the person's preference page; empty where there is none
}

// Topic is a topic and its promise: at most Count messages in a Period, which is Day, Week, Month or Year. A Count of
// 0 promises nothing.
type Topic struct {
	Name   string
	Count  int
	Period Word
}

// Write returns the text with all placeholders filled in. It is empty where the language has no such text.
func (v Voice) Write(t Text, f Facts) string {
	return Fill(v.Text(t), func(name string) string { return v.value(name, &f) })
}

// value returns what a placeholder stands for:
//
//	{brand}      the brand's name
//	{topics}     the brand's name and the topics', such as "Example Corp. alerts and news"; after a STOP to everything, the word All
//	{frequency}  the frequency of the topics, a sentence
//	{contact}    how to reach a person who can help, such as "email help@example.com or call XXX-555-0199"
//	{help}       the same with the word HELP as the first choice; not for the answer to STOP, because HELP is answered for only an
//	             hour after it
//	{rates}      the sentence that message and data rates may apply
//	{keyword}    the word to text to sign up for the topics
//	{link}       the address of the person's preference page
func (v Voice) value(placeholder string, f *Facts) string {
	switch placeholder {
	case "brand":
		return f.Brand
	case "topics":
		return v.topics(f)
	case "frequency":
		return v.frequency(f.Topics)
	case "contact":
		return v.Or(v.contacts(f))
	case "help":
		return v.Or(append([]string{v.Word(HelpWord)}, v.contacts(f)...))
	case "rates":
		return endSentence(v.Word(Rates))
	case "keyword":
		return f.Keyword
	case "link":
		return f.Link
	default:
		return ""
	}
}

func (v Voice) topics(f *Facts) string {
	if f.Everything {
		return Fill(v.Word(All), func(string) string { return f.Brand })
	}
	names := make([]string, len(f.Topics))
	for i, t := range f.Topics {
		names[i] = t.Name
	}
	return strings.TrimSpace(f.Brand + " " + v.And(names))
}

// frequency returns the frequency of all topics in one sentence. It adds "each" to a common one, because two topics
// with "2 msgs/month" may send four.
func (v Voice) frequency(topics []Topic) string {
	if len(topics) == 0 {
		return ""
	}
	same, promised := true, false
	for _, t := range topics {
		same = same && t.Count == topics[0].Count && t.Period == topics[0].Period
		promised = promised || t.Count > 0
	}
	switch each := v.Word(Each); {
	case !promised:
		return endSentence(v.Word(Varies))
	case len(topics) == 1:
		return endSentence(v.Often(topics[0]))
	case same && each != "":
		return endSentence(v.Often(topics[0]) + " " + each)
	}
	list := make([]string, len(topics))
	for i, t := range topics {
		often := v.Often(t)
		if t.Count == 0 && v.Word(Variable) != "" {
			often = v.Word(Variable)
		}
		list[i] = t.Name + " " + often
	}
	return endSentence(strings.Join(list, ", "))
}

// Often returns the frequency of one topic, such as "2 msgs/month", or the words that it varies.
func (v Voice) Often(t Topic) string {
	messages := v.Word(Messages)
	switch t.Count {
	case 0:
		return v.Word(Varies)
	case 1:
		messages = v.Word(Message)
	}
	return strconv.Itoa(t.Count) + " " + messages + "/" + v.Word(t.Period)
}

func (v Voice) contacts(f *Facts) []string {
	var ways []string
	if f.Email != "" {
		ways = append(ways, strings.TrimSpace(v.Word(Email)+" "+f.Email))
	}
	if f.Phone != "" {
		ways = append(ways, strings.TrimSpace(v.Word(Call)+" "+f.Phone))
	}
	return ways
}

// And joins names: "a", "a and b", "a, b and c".
func (v Voice) And(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	and := v.Word(And)
	if and == "y" && beginsWithI(names[last]) {
		and = "e"
	}
	return strings.Join(names[:last], ", ") + " " + and + " " + names[last]
}

// Or joins choices: "a", "a or b", "a, b or c".
func (v Voice) Or(choices []string) string {
	if len(choices) < 2 {
		return strings.Join(choices, "")
	}
	last := len(choices) - 1
	word, comma := strings.CutPrefix(v.Word(Or), ", ")
	if comma && last > 1 {
		word = ", " + word
	} else {
		word = " " + word
	}
	return strings.Join(choices[:last], ", ") + word + " " + choices[last]
}

// beginsWithI reports whether a Spanish word begins with the sound of i. Before it "y" becomes "e", as in "padres e
// hijos" but "agua y hielo" (Real Academia Española, Ortografía de la lengua española, 2010).
func beginsWithI(word string) bool {
	word = strings.TrimPrefix(strings.ToLower(word), "h")
	first, size := utf8.DecodeRuneInString(word)
	after, _ := utf8.DecodeRuneInString(word[size:])
	return first == 'í' || first == 'i' && !strings.ContainsRune("aeoáéóu", unicode.ToLower(after))
}
