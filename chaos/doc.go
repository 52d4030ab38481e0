// Package chaos plays what may go wrong against what docs/promises.md promises.
//
// A history is a list of plain steps: people sign up, strangers sign them up, people text YES and STOP, campaigns and
// single texts go out, texts come late or twice, calls of AWS fail before or after they took effect, functions are
// ended in the middle. It is drawn from a seed and played on the real functions, which run in this process on a clock
// of their own, several at once, their calls in an order the seed decides. A model watches what goes in and what comes
// out: texts handed to the carrier, AWS's opt-out lists, records, counts. It knows what each person said and when, and
// nothing of how the functions work; it was written from docs/promises.md. Where a promise is broken, the history is
// made as short as it can be and told as a story.
//
//	make chaos                  some minutes of random histories
//	make chaos SEED=42          one history again, told whether it fails or not
//	make chaos HISTORIES=5000   more of them
//	make chaos STORE=local      on Amazon's DynamoDB Local, which is right where the two stores differ
//
// Beside the random histories stand the scenarios: one for each way a promise was once broken.
package chaos
