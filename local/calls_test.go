package local_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// callsFile lists the calls of AWS that functions made over all tests of this package, one a line: function, service
// and operation. A test beside template.yaml holds the functions' permissions to it.
const callsFile = "testdata/calls.txt"

var (
	called = &calls{made: map[string]bool{}}
	update = flag.Bool("update", false, "write "+callsFile)
)

// calls is what functions called, in all worlds of this package.
type calls struct {
	mu   sync.Mutex
	made map[string]bool
}

func (c *calls) note(function, service, operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made[fmt.Sprintf("%s %s %s\n", function, service, operation)] = true
}

// differ returns what is wrong with the file once all tests have run; nothing where only some have.
func (c *calls) differ() error {
	if run := flag.Lookup("test.run").Value.String(); run != "" || testing.Short() {
		return nil
	}
	made := strings.Join(slices.Sorted(maps.Keys(c.made)), "")
	if *update {
		return os.WriteFile(callsFile, []byte(made), 0o644)
	}
	listed, err := os.ReadFile(callsFile)
	if err != nil {
		return err
	}
	for line := range strings.Lines(made) {
		if !strings.Contains("\n"+string(listed), "\n"+line) {
			return fmt.Errorf("%s lacks %s: go test ./local -update, and see that the function may", callsFile, strings.TrimSpace(line))
		}
	}
	return nil
}
