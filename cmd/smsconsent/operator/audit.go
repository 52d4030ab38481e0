package operator

import "github.com/spf13/cobra"

func auditCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "audit",
		Short:   "Audit everybody now, and read what audits found",
		Example: "  smsconsent audit run\n  smsconsent audit report",
	}
	c.AddCommand(auditRunCommand(), auditReportCommand())
	return c
}
