package wording

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestUnfilled(t *testing.T) {
	for _, text := range []string{
		"Hi {first_name}, welcome", "Hi {{first_name}}", "Hi {{ contact.FIRSTNAME }}", "Hi ${name}!", "Hi #{name}", "Hi {$name}", "Hi {0}", "Hi {}",
		"Hi %first_name%, welcome", "Hi %NAME%", "Hi *|first|*", "Hi %%name%%", "Hi %First Name%", "Hi *|FNAME|*,", "Hi [First Name],", "Hi [NAME]", "Hi [first_name]",
		"Hi [[name]]", "Hi <name>,", "Hi <<First Name>>", "Hi «name»", "Hi <%= name %>", "{% if x %}Hi{% endif %}", "Hi $name,", "Hi #name#", "Hi @name@",
		"Hi __name__", "Hi :first_name:", "Hi FIRST_NAME,", "Hi first_name", "Hi FNAME", "Hi %s, your code is %d", "Hi %1$s", "Hi undefined,",
		"Hi [object Object]", "You owe NaN.", "Track it: [link]", "Track it: [Tracking Number]", "Hi (first name)", "https://example.com/{id}",
		"Hi {first_name|there, we open", "Hi {name, we open", "Hi name}, we open", "Hi {{first_name}, we open", "Hi $NAME,", "Hi $FIRSTNAME",
		"Hi %%=v(@FirstName)=%%", "Hi [firstname,fallback=]", "Hi [firstname,fallback=friend]", "Hi [subscriber:firstname | default:reader]",
		"Hola [NOMBRE]", "Bonjour [Prénom]", "Hallo [Vorname]", "Hi «First Name»", "Hola «nombre»", "Hi &lt;name&gt;", "Hi &#60;name&#62;",
		"Hi %7Bname%7D", "https://example.com/?n=%7Bfirst_name%7D", "Hi ［name］", "Hi ＜name＞", "Hi ｛name｝", "Hi [#name]", "Hi [*name*]", "Hi first_name.",
		"<b>Sale</b>", "Hi INSERT NAME", "Your order [order number] has shipped",
	} {
		if Unfilled(text) == "" {
			t.Errorf("%q passes as filled", text)
		}
	}
	for _, text := range []string{
		"", "Hi Ana, welcome", "[Example Corp.] Your code is 1234", "50% off and 20% more", "100%!", "Save $5 or $10", "$AAPL is up 3%", "I <3 it", "5 < 6 > 4",
		"#blackfriday #sale", "Write to a@example.com or b@example.com", "https://example.com/first_name?x=%s&y=$z#a#b", "2 > 1", "Doors 6 pm (18:00)",
		"Fünf % mehr, 10 % weniger", "Reply [STOP] to cancel", "It's *new* | see it", "A/B - C_ D", "Reply STOP (or HELP)", "Room #12 #13", "Nana and Nan",
		"Order order_id_4711 has shipped", "See file_name_x.pdf", "Part ABC_DEF_1 is here", "Order {4711} has shipped", "Hola «Ana»", "Le «Soleil»",
		"So glad :} we are", "Call it :name: or ~name~", "https://example.com/?q=%7B%22a%22%3A1%7D", "R&D &amp; more", "[*] no fee", "Open [Mon, Tue]",
		"$COST and $A", "１００％ ［ＯＫ］", "[Date night] is on",
		"Your order (number 48213) has shipped", "Gate [22]", "20 %, dann 30 %", "r&b @ 8pm @ the bar", "US$5", "mit «Preis des Jahres 2026» geehrt",
	} {
		if found := Unfilled(text); found != "" {
			t.Errorf("%q: %q passes as a placeholder", text, found)
		}
	}
}

// What is not looked at by the patterns has nothing that they find.
func TestNoPlaceholderIsPassedOver(t *testing.T) {
	braces, marks := unfilled()
	piece := rapid.OneOf(rapid.StringMatching(`[ -~«»_éÉ]{0,3}`), rapid.SampledFrom([]string{
		"name", "First Name", "NAME", "FNAME", "INSERT", "LINK", "undefined", "NaN", "id", "4711", "lt;", "#60;", "7B", "fallback=", "user:",
		" ", "#", "@", "__", "%%", "{", "}", "[", "]", "(", ")", "<", ">", "|", "*", "&", "$", "%", ".",
		"first_name", "$name", "#name#", "@name@", "<b>", "[name]", "(name)", "«name»", "%s", "&lt;b&gt;", "{0}", "a}", "*|F|*", "%7Bx%7D",
	}))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), "")
		if found := braces.FindString(text) + marks.FindString(text); found != "" && !mayBeUnfilled(text) {
			t.Fatalf("%q stands in %q", found, text)
		}
	})
}
