// Package table keeps everything that is stored in one DynamoDB table: contacts, their ledgers and texts, the audience,
// campaigns, audits and the published programs.yaml. It decides nothing. Package consent says how a contact changes,
// package gate whether a text may go, and package outbox puts the two together with the methods here.
//
// To begin, read Contact, Commit and Claim: every decision about a person goes through these three. A contact is one
// item with a version. Every change of it is one write that fails unless the stored version is still the one the
// decision was made on, so two decisions on the same contact can never both win (I1, I2, I8).
//
// The items, by pk and sk. "ttl" marks items that DynamoDB deletes after some time:
//
//	CONTACT#<brand>#<E.164>  CONTACT                            the contact
//	CONTACT#<brand>#<E.164>  EVENT#<seq>                        one entry of its ledger
//	CONTACT#<brand>#<E.164>  MESSAGE#<ulid>                     one text handed to the carrier
//	CONTACT#<brand>#<E.164>  MESSAGE#<ulid>#<ms>#<status>#<why> one step of that text: what a delivery receipt said
//	CONTACT#<brand>#<E.164>  AUDIENCE#<topic>                   has the keys of index "audience" while subscribed
//	CONTACT#<brand>#<E.164>  INBOUND#<id>                       an inbound message that was handled; ttl
//	CONTACT#<brand>#<E.164>  ATTRIBUTES                         values for the fields in the brand's texts
//	CONTACT#<brand>#<E.164>  CLICK#<campaign>                   the first click on a link of the campaign's text
//	CONTACT#<brand>#<E.164>  TEXT#<ref>                         a single text that was deferred, by its caller's ID; ttl
//	CLICKS#<campaign>        SHARD#<n>                          how many people of a shard clicked
//	CAMPAIGN#<id>            CAMPAIGN, SHARD#<n>, FATES         a campaign, its progress, what became of its texts
//	CAMPAIGN#<id>            MET#<n>#<hash>                     some people of a shard the campaign was about to text
//	CAMPAIGN#<id>            ASKED#<ms>#<arn>                   somebody asked for the phone numbers of its people
//	CAMPAIGN#<id>            OPTOUT#<hash>                      an opt-out that was counted; ttl
//	REPLIES#<brand>          TEXT#<ms>#<id>                     an inbound message that a person should read; ttl
//	REPLIES#<brand>          ASKED#<ms>#<arn>                   somebody asked for the phone numbers of its people
//	APPROVAL#<id>            APPROVAL                           who approved a campaign
//	ALIKE#<hash>             ALIKE                              when the campaigns with a text, in any language, run; ttl
//	CAMPAIGNS                <id>                               the ID of a campaign, so that all can be listed
//	CAMPAIGNS                SERIES#<id>                        a campaign that is repeated
//	AUDIT#<run>              AUDIT, PART#<name>                 an audit, and the progress of its parts; ttl
//	AUDIT#<run>              STOPPED#<program>#<n>              numbers on AWS's opt-out list; ttl
//	AUDITS                   <run>                              the ID of an audit, so that all can be listed; ttl
//	POLICY                   CURRENT                            which programs.yaml is in force
//	POLICY                   VERSION#<hash>, PUBLISHED#<n>      each that ever was, and who published it when
//	TURN#<identity>          TURN                               when the number's next free sending time begins
//	NONCE#<nonce>            NONCE                              a solved CAPTCHA; ttl
//	LIMIT#<key>#<window>     LIMIT                              a counter; ttl
//
// A text and its steps are separate items because different functions write them, in any order. The sender puts the
// text, and receipts only add steps. So neither has to read first, neither can overwrite the other, and a receipt that
// comes twice writes the same item again.
package table
