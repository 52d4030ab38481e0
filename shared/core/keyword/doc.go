// Package keyword tells what a person means by a text: an opt-out, yes, help, a topic, a wrong number, or nothing that
// we act on.
//
// The two possible mistakes differ in cost. Missing a STOP, or finding a YES that was none, leads to an illegal text,
// at $500 to $1,500 each (47 U.S.C. 227(b)(3)). Finding a STOP that was none can be undone by a START. So a STOP counts
// in any words that a reasonable person would understand as one (47 CFR 64.1200(a)(10)), unless an innocent reading
// fits. A YES counts only where the message is nothing but yes, courtesy, and who says so, and where nothing in it had
// to be guessed at.
//
// All words and rules are data in the folder lang. Words have classes (STOP, MESSAGE, ME), and rules are sequences of
// classes and words. The package is pure and safe for concurrent use.
//
// # How a message is read
//
// Take "Hi, pls srop texting me!", sent from a phone in the United States.
//
//  1. head takes the first 1,600 characters. reaction recognises taps on one of our texts. mark puts letters that are
//     not ASCII into one form.
//  2. scan splits the message into words, and notes what stands between them: "hi", a comma, "pls", "srop", "texting",
//     "me". It skips quotations and signatures. resolve looks each word up, and undoes what people and phones do to
//     words (ST0P, s t o p, stoptexting). merge joins words that the vocabulary has as one ("opt out"), and name finds
//     the topics. mend corrects typos, but only in a message of one or two words. So here "srop" stays unknown.
//  3. spokenIn finds the languages that know most of the words. Of equals, those of the person's place count. Here it
//     is English.
//  4. read gives each word its classes in such a language: HELLO, PLEASE, UNKNOWN, CONTACT and MESSAGE, ME.
//  5. meaningHere asks the sections of rules in their order. First it marks what phones, offices and carriers say
//     (no-texts, automatic), and opt-out words that are part of something else (collocation). Then it checks whether
//     the whole message is keywords. Then the other rules decide, those that stop texts before those that start them.
//     Here none fits.
//  6. meaningIn compares the meanings in different languages. An everyday word of the place is not a keyword of
//     another language. Two meanings at once count as none.
//  7. As nothing was understood, mendInside looks for typos in the words that nobody knows. "srop" is a typo of "stop",
//     and steps 4 to 6 are repeated. Now "stop texting me: STOP ..1 CONTACT|SEND|BOTHER ..1 ME|NUMBER" fits. A
//     corrected word counts only as part of such a phrase. The answer is an opt-out, "phrase: stop texting me", with
//     the confidence of a guess.
//
// A rule is found by the class or the word it begins with, and looks only a few words ahead. So the time to read a
// message grows linearly with its length.
package keyword
