package wording

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Facts are what a text tells. A brand or topic is named as programs.yaml names it, in every language.
type Facts struct {
	Brand      string
	Topics     []Topic // what the text is about
	Locale     string  // BCP 47, of the first topic: the language where nothing is known of the person's
	Everything bool    // it is about all the brand sends
	Email      string  // where to get help; may be empty
	Phone      string  // the same
	Keyword    string  // what to text to ask for the topics
	Link       string  // address of the person's preference page; empty where there is none
}

// Topic is a topic and the frequency promised for it: Count messages in a Period, one of Day, Week, Month and Year; a
// Count of 0 is no promise.
type Topic struct {
	Name   string
	Count  int
	Period Word
}

// Write composes a text. It is empty where the language has no such text.
func (v Voice) Write(t Text, f Facts) string {
	return Fill(v.Text(t), func(name string) string { return v.value(name, &f) })
}

// value returns what a placeholder stands for:
//
//	{brand}      the brand's name
//	{topics}     the brand's name and the topics', such as "Example Corp. alerts and news"; of a STOP to everything, all the brand sends
//	{frequency}  what the topics promise, a sentence
//	{contact}    how to reach a person who can help, such as "email help@example.com or call XXX-555-0199"
//	{help}       the word HELP and the same, as one list of choices; nothing for an answer to STOP, after which HELP is
//	             answered for an hour only
//	{rates}      that texts cost what texts cost, a sentence
//	{keyword}    what to text to ask for the topics
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

// frequency returns what the topics promise together. "2 msgs/month" of two topics are four a month, hence "each".
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

// Often returns the frequency of one topic, such as "2 msgs/month", or that none is promised.
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

// beginsWithI reports whether a Spanish word begins with the sound of i, before which "y" is written "e", as in "padres
// e hijos" but "agua y hielo" (Real Academia Española, Ortografía de la lengua española, 2010).
func beginsWithI(word string) bool {
	word = strings.TrimPrefix(strings.ToLower(word), "h")
	first, size := utf8.DecodeRuneInString(word)
	after, _ := utf8.DecodeRuneInString(word[size:])
	return first == 'í' || first == 'i' && !strings.ContainsRune("aeoáéóu", unicode.ToLower(after))
}
