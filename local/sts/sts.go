// Package sts imitates AWS STS: it answers who the caller is.
package sts

import (
	"encoding/xml"
	"net/http"
	"strings"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

type identity struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ GetCallerIdentityResponse"`
	ARN       string   `xml:"GetCallerIdentityResult>Arn"`
	User      string   `xml:"GetCallerIdentityResult>UserId"`
	Account   string   `xml:"GetCallerIdentityResult>Account"`
	RequestID string   `xml:"ResponseMetadata>RequestId"`
}

// IsCall reports whether a request is signed for STS.
func IsCall(r *http.Request) bool {
	signed := strings.Contains(r.Header.Get("Authorization"), "/sts/aws4_request")
	return signed && r.Method == http.MethodPost && r.URL.Path == "/"
}

// Handle answers GetCallerIdentity. The user has the name of their access key.
func Handle(w http.ResponseWriter, r *http.Request) {
	_, signed, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	user, _, _ := strings.Cut(signed, "/")
	if r.FormValue("Action") != "GetCallerIdentity" {
		http.Error(w, "this stack's STS knows GetCallerIdentity only", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_ = xml.NewEncoder(w).Encode(identity{
		ARN: "arn:aws:iam::" + account.Account + ":user/" + user, User: user, Account: account.Account, RequestID: awsjson.NewID(),
	})
}
