package carriercode

import "slices"

const (
	mendAccount = "Mend the account or the number, then resume the campaigns."
	mendCountry = "Do not text there, or get a number that may."
	mendProtect = "Mend the protect configuration, or do not text there."
	mendRequest = "Nothing: it is a fault of these functions. Tell us."
	offerAgain  = "Offer the same text again: nobody was texted."
)

// said is a code in words: what AWS says, and what may be done about it.
type said struct{ code, means, do string }

// like returns the rows of codes that have all but their words in common.
func like(c Code, all ...said) []Code {
	rows := make([]Code, len(all))
	for i, s := range all {
		rows[i] = c
		rows[i].Code, rows[i].Means, rows[i].Do = s.code, s.means, s.do
	}
	return rows
}

// refusals returns the reasons for which AWS does not take a text.
func refusals() []Code {
	return slices.Concat(conflicts(), validations(), ofTheAccount(), ofNow())
}

func conflicts() []Code {
	goesOn := Code{Class: Conflict, Text: Rejected, Phone: Nothing, Campaign: GoesOn}
	optedOut, guarded, pauses := goesOn, goesOn, goesOn
	optedOut.Phone, guarded.Phone, pauses.Campaign = OptedOut, Guarded, Pauses
	return slices.Concat(
		like(optedOut, said{
			"DESTINATION_PHONE_NUMBER_OPTED_OUT",
			"The phone is on the opt-out list of the number.", "Do not text it. Only the person can come back, by START.",
		}),
		like(
			guarded,
			said{
				"DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
				"A protect configuration of your account blocks the country.", mendProtect,
			},
			said{
				"DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
				"A protect configuration of your account blocks this phone.", mendProtect,
			},
		),
		like(
			goesOn,
			said{
				"DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
				"The account is in AWS's sandbox, where only phones you verified can be texted.", "Ask AWS for production access.",
			},
			said{"NO_ORIGINATION_IDENTITIES_FOUND", "No number of the pool can send to the phone's country.", mendCountry},
		),
		like(
			pauses,
			said{
				"MESSAGE_TYPE_MISMATCH", "The number is registered for the other kind of text, promotional or transactional.",
				"Give the program a number that fits its class.",
			},
			said{"NUMBER_CAPABILITIES_MISMATCH", "The number cannot send texts.", mendAccount},
			said{
				"RESOURCE_NOT_ACTIVE",
				"The number is not active: its registration is under way, or it was suspended.", mendAccount,
			},
		),
	)
}

func validations() []Code {
	goesOn := Code{Class: Validation, Text: Rejected, Phone: Nothing, Campaign: GoesOn}
	onList, pauses, ours := goesOn, goesOn, goesOn
	onList.Phone, pauses.Campaign, ours.Strange = OnList, Pauses, true
	const noCountry, field = "The number cannot send to the phone's country.", "A field of the request is not as it has to be."
	return slices.Concat(
		like(
			goesOn,
			said{"COUNTRY_CODE_MISMATCH", "Number and phone are of countries that do not go together.", mendCountry},
			said{"COUNTRY_NOT_ENABLED", "The country is not enabled for your account.", mendCountry},
			said{"DESTINATION_COUNTRY_BLOCKED", "AWS does not send to the phone's country.", "Do not text there."},
			said{"INTERNATIONAL_SENDING_NOT_SUPPORTED", noCountry, mendCountry},
			said{"INVALID_IDENTITY_FOR_DESTINATION_COUNTRY", noCountry, mendCountry},
			said{
				"PRICE_OVER_THRESHOLD", "The text costs more than the most that was set.", "Do not text there, or raise the price.",
			},
			said{"SENDER_ID_NOT_REGISTERED", "The sender ID is not registered in the phone's country.", mendCountry},
			said{"SENDER_ID_NOT_SUPPORTED", "The phone's country knows no sender IDs.", mendCountry},
			said{"SENDER_ID_REQUIRES_REGISTRATION", "The phone's country wants the sender ID registered first.", mendCountry},
		),
		like(
			pauses,
			said{"CHANNEL_NOT_ENABLED", "The account may not send texts.", mendAccount},
			said{"RESOURCE_NOT_ACCESSIBLE", "The number is of another account, which does not share it.", mendAccount},
		),
		like(onList, said{
			"PHONE_NUMBER_CANNOT_BE_OPTED_IN", "AWS takes a phone off an opt-out list once in 30 days.",
			"Wait: the START counts, and texts follow when AWS lets them.",
		}),
		like(
			ours,
			said{"CANNOT_PARSE", "AWS cannot read the request.", mendRequest},
			said{"FIELD_VALIDATION_FAILED", field, mendRequest},
			said{"INVALID_ARN", field, mendRequest},
			said{"INVALID_PARAMETER", field, mendRequest},
			said{"INVALID_REQUEST", field, mendRequest},
			said{"MAXIMUM_SIZE_EXCEEDED", field, mendRequest},
			said{"MISSING_PARAMETER", field, mendRequest},
			said{"OTHER", "AWS does not say why.", mendRequest},
			said{"PARAMETERS_CANNOT_BE_USED_TOGETHER", field, mendRequest},
			said{"UNSPECIFIED_PARAMETER_NOT_SUPPORTED", field, mendRequest},
		),
	)
}

// ofTheAccount returns the reasons for which the next text would fare no better.
func ofTheAccount() []Code {
	of := func(class Class, strange bool, all ...said) []Code {
		return like(Code{Class: class, Text: Rejected, Phone: Nothing, Campaign: Pauses, Strange: strange}, all...)
	}
	return slices.Concat(
		of(
			AccessDenied, false,
			said{
				"", "The function may not send by this number or configuration set.",
				"Deploy after each change of the numbers: the function's rights name them.",
			},
			said{"ACCOUNT_DISABLED", "AWS stopped the account.", "Write to AWS Support."},
			said{
				"INSUFFICIENT_ACCOUNT_REPUTATION", "AWS stopped the account, for too many of its texts were unwanted.",
				"Find out which, then write to AWS Support.",
			},
		),
		of(Quota, false, said{
			"MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT",
			"The money for this month is spent.", "Raise the spending limit, then resume the campaigns.",
		}),
		of(
			NotFound, false,
			said{"configuration-set", "The configuration set is not there.", "Deploy the stack anew."},
			said{"phone-number", "The number is not the account's.", mendAccount},
			said{"pool", "The pool is not there.", mendAccount},
			said{"protect-configuration", "The protect configuration is not there.", mendAccount},
			said{"sender-id", "The sender ID is not the account's.", mendAccount},
		),
		of(
			FrontDoor, false,
			said{"ExpiredTokenException", "The function's credentials ran out.", "Resume the campaigns: new ones come by themselves."},
			said{"InvalidClientTokenId", "AWS does not know the function's key.", mendAccount},
			said{"NotAuthorized", "The function may not send.", mendAccount},
			said{"OptInRequired", "The account has not subscribed to the service.", mendAccount},
			said{"RequestExpired", "The request was too long under way, or a clock is wrong.", "Resume the campaigns."},
			said{"UnrecognizedClientException", "AWS does not know the function's key.", mendAccount},
		),
		of(
			FrontDoor, true,
			said{"IncompleteSignature", "The request is not signed as AWS wants it.", mendRequest},
			said{"InvalidSignatureException", "The request is not signed as AWS wants it.", mendRequest},
			said{"MissingAuthenticationToken", "The request is not signed as AWS wants it.", mendRequest},
			said{"SerializationException", "AWS cannot read the request.", mendRequest},
			said{"UnknownOperationException", "AWS does not know the call.", mendRequest},
		),
	)
}

// ofNow returns the reasons that may be gone in a moment.
func ofNow() []Code {
	again := Code{Class: Throttling, Text: Rejected, Phone: Nothing, Campaign: ComesBack}
	unreached, failed := again, Code{Class: Internal, Text: Unconfirmed, Phone: Nothing, Campaign: GoesOn}
	unreached.Class = NoConnection
	return slices.Concat(
		like(again, said{"", "Texts of the number come faster than AWS takes them.", offerAgain}),
		like(unreached, said{"UNREACHABLE", "AWS could not be reached: no byte of the request left.", offerAgain}),
		like(failed, said{
			"", "AWS failed, and nobody knows whether the text went out.",
			"Do not repeat it: it may have arrived. A delivery event may still tell.",
		}),
	)
}
