package doctor

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"smsconsent/shared/core/consent"
)

// LedgerKey is the variable with the name of the parameter that holds the ledger's key.
const LedgerKey = "LEDGER_KEY_PARAMETER"

// captchaSecret is the variable for the secret of a CAPTCHA provider.
const captchaSecret = "CAPTCHA_SECRET_PARAMETER" //nolint:gosec // the name of a variable

// edgeSecret is the variable for the secret that a CDN in front of the API sends. It is empty without a CDN.
const edgeSecret = "EDGE_SECRET_PARAMETER"

const minKey = 32 // bytes

// keyOf returns, by variable, a function whose environment has it.
func keyOf() map[string]string {
	return map[string]string{
		LedgerKey: "inbound", "LINK_KEY_PARAMETER": "inbound", "CAPTCHA_KEY_PARAMETER": "optin", captchaSecret: "optin",
		"SHORT_LINK_KEY_PARAMETER": "sendcheck", edgeSecret: "optin",
	}
}

// KeyNames returns the names of the parameters with the stack's keys, by variable. Functions whose environment could
// not be read are skipped.
func KeyNames(functions map[string]Read[Function]) map[string]string {
	names := map[string]string{}
	for variable, function := range keyOf() {
		if name := functions[function].Is.Variables[variable]; name != "" {
			names[variable] = name
		}
	}
	return names
}

// KeyFault returns what is wrong with the value of a key, empty where nothing is. It never contains any of the value.
func KeyFault(variable, value string) string {
	if variable == captchaSecret {
		if strings.TrimSpace(value) == "" {
			return "is empty"
		}
		return ""
	}
	if variable == edgeSecret {
		all := strings.Fields(value)
		if len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return len(s) < minKey }) {
			return fmt.Sprintf("has fewer than %d characters", minKey)
		}
		return ""
	}
	if variable == LedgerKey {
		if _, err := consent.ParseLedger(value); err != nil {
			return "cannot be the ledger's key, which has at least 32 bytes in base64"
		}
		return ""
	}
	key, err := base64.StdEncoding.DecodeString(value)
	switch {
	case err != nil:
		return "is not base64"
	case len(key) < minKey:
		return fmt.Sprintf("has %d bytes, and needs %d", len(key), minKey)
	default:
		return ""
	}
}

func (f *findings) keys() {
	for _, variable := range slices.Sorted(maps.Keys(keyOf())) {
		if variable == captchaSecret && f.catalog.SignUp.Captcha.SiteKey == "" {
			continue // no provider gave one
		}
		read, named := f.seen.Keys[variable]
		if variable == edgeSecret && !named {
			continue // there is no CDN
		}
		if !named {
			fix := "mend what is said of the function " + keyOf()[variable] + " first"
			f.fault("key "+variable, fix, "which parameter holds it is not known: no function that could be read names one")
			continue
		}
		k := read.Is
		check := "key " + cmp.Or(k.Name, KeyNames(f.seen.Functions)[variable])
		value := "openssl rand -base64 48"
		if variable == captchaSecret {
			value = "cat FILE"
		}
		put := `aws ssm put-parameter --type SecureString --name ` + k.Name + ` --value "$(` + value + `)"`
		switch {
		case f.unread(check, read.Unread):
		case k.Type == "":
			f.fault(check, put, "there is no such parameter, and no function that needs it starts")
		case k.Type != "SecureString":
			f.fault(check, put+" --overwrite", "is a %s, which whoever reads parameters can read: replace the key too", k.Type)
		case k.Faulty.Unread != nil && k.Faulty.Unread.Denied:
			f.pass(check, "is a SecureString; you may not read it, so its length was not looked at (no function starts with less)")
		case f.unread(check, k.Faulty.Unread):
		case k.Faulty.Is != "" && variable == LedgerKey:
			// With a new key nothing that the old one sealed would verify.
			f.fault(check, "restore the version that was right: aws ssm get-parameter-history --name "+k.Name, "%s", k.Faulty.Is)
		case k.Faulty.Is != "":
			f.fault(check, put+" --overwrite", "%s", k.Faulty.Is)
		default:
			f.pass(check, "is a SecureString, and long enough")
		}
	}
}
