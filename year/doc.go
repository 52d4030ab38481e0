// Package year lives a year with many people on the local stack: the real functions behind the AWS calls they make, on
// a clock that jumps from one thing to the next.
//
// People have habits: some answer, some fade, some were never there. They join by text and by form, change their mind,
// move, lose their number, or get one that was somebody else's. Campaigns go out every week, every month and for each
// order; reminding comes every day, the audit every week. Afterwards each person's year is held against
// docs/promises.md by somebody who saw only what went in and what the carrier was handed, and the figures are held
// against a recount of that.
//
//	make year                                2,000 people, a whole year
//	make year SEED=42 PEOPLE=150 MONTHS=6    a smaller one
//
// A short one is among the tests. A year that breaks a promise is told: its seed, and the story of the person.
package year
