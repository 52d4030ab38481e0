// Package keyword tells what a person means by a text: an opt-out, yes, help, a topic, a wrong number, or nothing we
// act on.
//
// The two mistakes do not cost the same. A STOP that is missed or a YES that was none is an illegal text, $500 to $1,500
// each (47 U.S.C. 227(b)(3)); a STOP that was none is undone by a START. So a STOP counts in any words a reasonable person
// would take for one (47 CFR 64.1200(a)(10)), unless an innocent reading fits; a YES only if it is nothing but yes, who
// says so and courtesy, and nothing in it had to be guessed at.
//
// All words and rules are data, in the folder lang: words have classes (STOP, MESSAGE, ME), rules are sequences of classes
// and words. The package is pure and safe for concurrent use.
//
// # How a message is read
//
// Take "Hi, pls srop texting me!", sent from a phone in the United States.
//
//  1. head takes the first 1,600 characters; reaction sets apart taps on one of our texts; mark brings letters that are
//     not ASCII to one form.
//  2. scan parts the message into words and notes what stands between them: "hi", a comma, "pls", "srop", "texting", "me".
//     Quotations and signatures are left out. resolve looks each word up and undoes what people and phones do to words
//     (ST0P, s t o p, stoptexting). merge makes one word of those that are one in the vocabulary ("opt out"), name finds
//     the topics, mend the slips of the finger in a message of one or two words. Here "srop" stays unknown: the message has
//     more.
//  3. spokenIn finds the languages that know most of the words, those of the person's place first where it is even. Here
//     English does.
//  4. read gives each word its classes in such a language: HELLO, PLEASE, UNKNOWN, CONTACT and MESSAGE, ME.
//  5. meaningHere asks the sections of rules in their order. First, what phones, offices and carriers say (no-texts,
//     automatic) and what is part of something else (collocation) is accounted for. Then the whole message may be keywords.
//     Then rules decide, those that stop before those that start. Here none fits.
//  6. meaningIn compares what the languages make of it. An everyday word of the place is no keyword of another language;
//     two meanings at once are none.
//  7. As nothing was understood, mendInside looks for slips in the words nobody knows. "srop" is a slip of "stop", and steps
//     4 to 6 are done again: "stop texting me: STOP ..1 CONTACT|SEND|BOTHER ..1 ME|NUMBER" fits. What was mended counts only
//     as part of such a phrase. The answer is an opt-out, "phrase: stop texting me", of the confidence of a guess.
//
// Rules are found by the class or the word they begin with, and each looks a few words ahead at most, so reading takes time
// that grows with the length of the message and no more.
package keyword
