package keyword_test

import (
	"fmt"

	"smsconsent/shared/core/keyword"
)

// The example of the package's documentation.
func ExampleVocabulary_Classify() {
	v := keyword.Vocabulary{Place: keyword.SpokenIn("US")}
	in := v.Classify("Hi, pls srop texting me!")
	fmt.Println(in.Kind, in.Confidence, in.Why)
	// Output: opt-out 0.8 phrase: stop texting me
}
