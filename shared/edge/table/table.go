// Package table keeps contacts, their ledger, their texts and the campaigns in one DynamoDB table.
//
// A contact is one item with a version. Every change of it is one write that fails unless the version is still the one
// the decision was made on, so that two decisions on the same contact can never both win (I1, I2, I8).
//
// The items, by pk and sk:
//
//	CONTACT#<brand>#<E.164>  CONTACT                            the contact
//	CONTACT#<brand>#<E.164>  EVENT#<seq>                        one entry of its ledger
//	CONTACT#<brand>#<E.164>  MESSAGE#<ulid>                     one text handed to the carrier
//	CONTACT#<brand>#<E.164>  MESSAGE#<ulid>#<ms>#<status>#<why> one thing a delivery receipt said about that text
//	CONTACT#<brand>#<E.164>  AUDIENCE#<topic>                   carries the keys of index "audience" while subscribed
//	CONTACT#<brand>#<E.164>  INBOUND#<id>                       an inbound message was handled; ttl ends it
//	CONTACT#<brand>#<E.164>  ATTRIBUTES                         the values of the fields in the brand's texts
//	CONTACT#<brand>#<E.164>  CLICK#<campaign>                   a link in the campaign's text was followed
//	CLICKS#<campaign>        SHARD#<n>                          how many of the shard's people followed one
//	CAMPAIGN#<id>            CAMPAIGN, SHARD#<n>, FATES         a campaign, the progress of its shards, what became of its texts
//	CAMPAIGN#<id>            MET#<n>#<hash>                     some of the shard's people the campaign was about to text
//	AUDIT#<run>              AUDIT, PART#<name>, STOPPED#<…>    an audit, how far its parts have come, AWS's lists; ttl ends it
//	AUDITS                   <run>                              names an audit; ttl ends it
//	CAMPAIGNS                <id>                               names a campaign, so that all can be listed without a Scan
//	CAMPAIGNS                SERIES#<id>                        a campaign that is repeated
//	POLICY                   CURRENT                            which programs.yaml is in force
//	POLICY                   VERSION#<hash>, PUBLISHED#<n>      each that ever was, and who put it in force when
//	NONCE#<nonce>            NONCE                              a solved CAPTCHA; ttl ends it
//	LIMIT#<key>#<window>     LIMIT                              a counter; ttl ends it
//
// A text and what became of it are items of their own because they are written by different functions in any order. The
// sender puts the text, receipts only ever add; so neither reads first, neither can lose what the other wrote, and a
// receipt that comes twice is the same item again.
package table

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
)

// What a caller may branch on. All other errors are failures of the store.
var (
	ErrConflict  = errors.New("changed meanwhile") // read again and decide again
	ErrNotFound  = errors.New("not found")         // there is no such campaign
	ErrExists    = errors.New("exists already")    // there is such a campaign
	ErrNobody    = errors.New("nobody's phone")    // nobody by that phone ever signed up
	ErrHeard     = errors.New("heard before")      // Commit: the inbound message of the change was handled before
	ErrNoMessage = errors.New(
		"the text is not on record",
	) // a receipt came before the record of its text, or for somebody else's
)

// API is what a Table needs of the DynamoDB client.
type API interface {
	GetItem(
		ctx context.Context,
		in *dynamodb.GetItemInput,
		opts ...func(*dynamodb.Options),
	) (*dynamodb.GetItemOutput, error)
	BatchGetItem(
		ctx context.Context,
		in *dynamodb.BatchGetItemInput,
		opts ...func(*dynamodb.Options),
	) (*dynamodb.BatchGetItemOutput, error)
	Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	PutItem(
		ctx context.Context,
		in *dynamodb.PutItemInput,
		opts ...func(*dynamodb.Options),
	) (*dynamodb.PutItemOutput, error)
	UpdateItem(
		ctx context.Context,
		in *dynamodb.UpdateItemInput,
		opts ...func(*dynamodb.Options),
	) (*dynamodb.UpdateItemOutput, error)
	BatchWriteItem(
		ctx context.Context,
		in *dynamodb.BatchWriteItemInput,
		opts ...func(*dynamodb.Options),
	) (*dynamodb.BatchWriteItemOutput, error)
	Scan(ctx context.Context, in *dynamodb.ScanInput, opts ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
	TransactWriteItems(
		ctx context.Context,
		in *dynamodb.TransactWriteItemsInput,
		opts ...func(*dynamodb.Options),
	) (*dynamodb.TransactWriteItemsOutput, error)
}

// Table is the consent table. It is safe for concurrent use.
//
// What an operation costs at least, for items of up to 1 KB (read units: strongly consistent, up to 4 KB each):
//
//	operation            calls  write units                         read units
//	Contact              1                                          1
//	Contacts             1      per 100                             1 each
//	Commit               1      2 × (contact + events + entries + inbound message)
//	Claim                1      1
//	UpdateBookkeeping    1      1
//	Record               1      per 25 texts; 1 each
//	RecordUnconfirmed    1      1
//	Single               1                                          1 each
//	SaveDeferred         1      1 per KB; one more in the index
//	Statuses             1      per 100                             1/2 each
//	MessageStatus        2      1                                   1
//	Person               1                                          1 per 4 KB of the whole record
//	Click                1      4
//	Clicks               1                                          1
//	CampaignBeginning    2                                          2
//	Everybody            1      per MB                              1/2 per 4 KB
//	ContactsOf           1      per MB                              1/2 per 4 KB
//	RepairAudience       2      2 × (contact + entries)             1 per 4 KB of the whole record
//	SaveAuditPart        1      1 per KB
//	CreateCampaign       1      4
//	Campaign             1                                          1
//	SetCampaignState     1      1
//	Shards               1                                          1 per 4 KB
//	SaveShard            1      1 per KB
//	Spend, Allow         1      1
//	InForce              1                                          1
//	Programs             1                                          1 per 4 KB, compressed
//	Publish              1      4
//
// A campaign's text costs two write units and one and a twenty-fifth calls: its claim and its share of a batch of
// records. An entry that joins or leaves the audience costs one more in the index.
type Table struct {
	api    API
	name   string
	ledger consent.Ledger
}

// New makes a table of that name. The ledger seals whatever is stored about a person, and tells what was not stored by
// us; without a key such a table only reads, and takes everything for ours.
func New(api API, name string, ledger consent.Ledger) *Table {
	return &Table{api: api, name: name, ledger: ledger}
}
