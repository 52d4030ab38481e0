// Command gen writes docs/jurisdictions.md from the rule tables to standard output. With -hash FILE it writes the Go
// file with the tables' hash instead.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"

	"smsconsent/shared/core/jurisdiction"
)

func main() {
	hashFile := flag.String("hash", "", "write the hash of the tables to this Go `file` instead")
	flag.Parse()
	if err := run(*hashFile); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(hashFile string) error {
	regions := jurisdiction.Regions()
	if hashFile != "" {
		return os.WriteFile(hashFile, hashSource(tablesHash(regions)), 0o644)
	}
	var doc bytes.Buffer
	render(&doc, regions)
	_, err := os.Stdout.Write(doc.Bytes())
	return err
}
