package operator

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/placeholder"
)

func attributesCommand() *cobra.Command {
	var brand string
	var asJSON bool
	c := &cobra.Command{
		Use:   "attributes PHONE [NAME=VALUE ...]",
		Short: "Show or set a person's values for the fields of texts",
		Long: `Show or set the values for the fields of texts to a person, such as {first_name|there}. Other systems set them by POST
/attributes. The named values are added or replaced, an empty one is removed, and the others stay. Nothing is stored
for a phone that never signed up (docs/fields.md).`,
		Example: `  smsconsent attributes +12065550142
  smsconsent attributes +12065550142 first_name=Ana "city=San Juan"
  smsconsent attributes +12065550142 city= --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			who, given, err := parseAddressee(cmd, brand, args)
			switch {
			case err != nil:
				return err
			case len(given) > 0:
				return setAttributes(cmd, who, given, asJSON)
			default:
				return showAttributes(cmd, who, asJSON)
			}
		},
	}
	c.Flags().StringVar(&brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().BoolVar(&asJSON, "json", false, `print {"brand","phone","attributes"}, or {"status"} where they are set, as JSON`)
	return c
}

// addressee is a person, and the values for the fields in their texts.
type addressee struct {
	Brand      string            `json:"brand"`
	Phone      phone.Number      `json:"phone"`
	Attributes map[string]string `json:"attributes"`
}

// parseAddressee reads the arguments PHONE [NAME=VALUE ...]. It returns the person, without their attributes, and the
// values that were given.
func parseAddressee(cmd *cobra.Command, brandID string, args []string) (addressee, map[string]string, error) {
	if len(args) == 0 {
		return addressee{}, nil, usageError{errors.New("PHONE is required: a number such as +12065550142")}
	}
	c, err := programsInForce(cmd)
	var who consent.Key
	if err == nil {
		who, err = personOf(c, brandID, args[0])
	}
	if err != nil {
		return addressee{}, nil, err
	}
	given := map[string]string{}
	for _, arg := range args[1:] {
		name, value, ok := strings.Cut(arg, "=")
		if _, twice := given[name]; twice || !ok {
			return addressee{}, nil, usageError{fmt.Errorf("%q: write NAME=VALUE, once for each name, such as first_name=Ana", arg)}
		}
		given[name] = value
	}
	if _, err := placeholder.Add(nil, given); err != nil {
		return addressee{}, nil, usageError{err}
	}
	return addressee{Brand: who.Brand, Phone: who.Phone}, given, nil
}

// setAttributes has the stack store the given attributes.
func setAttributes(cmd *cobra.Command, who addressee, given map[string]string, asJSON bool) error {
	who.Attributes = given
	var a struct {
		Status string            `json:"status"`
		Error  *phone.FieldError `json:"error"`
	}
	const attach = "attach the policy ChannelsPolicyArn of the stack's outputs to the people who use them"
	_, err := callAPI(cmd.Context(), http.MethodPost, "/attributes", attach, who, &a, func() bool { return a.Status != "" })
	switch {
	case err != nil:
		return err
	case a.Error != nil:
		return usageError{a.Error}
	case asJSON:
		return printJSON(cmd.OutOrStdout(), map[string]string{"status": a.Status})
	case a.Status == "unknown":
		fmt.Fprintln(cmd.OutOrStdout(), "unknown: the phone never signed up, so nothing is kept")
	default:
		fmt.Fprintln(cmd.OutOrStdout(), a.Status)
	}
	return nil
}

// showAttributes prints the attributes in the person's record.
func showAttributes(cmd *cobra.Command, who addressee, asJSON bool) error {
	read := addressee{Attributes: map[string]string{}}
	if _, err := readRecord(cmd, who, &read, func() bool { return read.Phone != "" }); err != nil {
		return err
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), read)
	}
	read.show(cmd.OutOrStdout())
	return nil
}

func (k *addressee) show(w io.Writer) {
	if len(k.Attributes) == 0 {
		fmt.Fprintln(w, "Nothing is known for the fields of texts.")
	}
	for _, name := range slices.Sorted(maps.Keys(k.Attributes)) {
		fmt.Fprintf(w, "%s=%s\n", name, k.Attributes[name])
	}
}
