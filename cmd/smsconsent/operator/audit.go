package operator

import "github.com/spf13/cobra"

func auditCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "audit",
		Short:   "Read what the audit of the lists found",
		Example: `  smsconsent audit report`,
	}
	c.AddCommand(auditReportCommand())
	return c
}
