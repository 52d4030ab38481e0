package operator

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/zoneinfo"
)

// release says what a command was built from.
type release struct {
	Version string `json:"version"` // of the module, such as v1.2.0; "(devel)" between releases
	Commit  string `json:"commit"`  // empty where the build did not record it
	Go      string `json:"go"`
	Tables  string `json:"tables"` // hash of the rule tables
	TZ      string `json:"tz"`     // release of the IANA time zone database
}

func thisRelease() release {
	r := release{Tables: jurisdiction.TablesHash(), TZ: zoneinfo.Release}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return r
	}
	r.Version, r.Go = info.Main.Version, info.GoVersion
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			r.Commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			r.Commit += ", modified"
		}
	}
	return r
}

func (r release) String() string {
	commit := r.Commit
	if commit == "" {
		commit = "not noted by the build"
	}
	return fmt.Sprintf("smsconsent %s\ncommit      %s\nGo          %s\nrule tables %s\ntime zones  %s\n",
		r.Version, commit, r.Go, r.Tables, r.TZ)
}

// withVersion adds the flag --version, which prints the release.
func withVersion(root *cobra.Command) {
	r := thisRelease()
	root.Version = r.String() // cobra adds the flag where this is not empty
	root.SetVersionTemplate("{{.Version}}")
}
