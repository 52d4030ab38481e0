package table

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
)

// Errors that callers tell apart. Every other error says that the call to DynamoDB or the decoding failed.
var (
	// ErrConflict: another caller changed the item since it was read. Read it again and decide again.
	ErrConflict = errors.New("changed meanwhile")

	// ErrNotFound: there is no such campaign, series, audit or programs.yaml.
	ErrNotFound = errors.New("not found")

	// ErrExists: the ID of the campaign is taken.
	ErrExists = errors.New("exists already")

	// ErrNoContact: the phone has no contact, because nobody ever signed up with it.
	ErrNoContact = errors.New("nobody's phone")

	// ErrHeard: the inbound message was handled before. Nothing is to be done.
	ErrHeard = errors.New("heard before")

	// ErrNoMessage: a receipt is for a text that is not on record, or not yet.
	ErrNoMessage = errors.New("the text is not on record")
)

// API is the part of the DynamoDB client that a Table uses.
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

// Table is the consent table. It is safe for concurrent use. A write is durable when its method returns nil.
//
// The least cost of each method, for items of up to 1 KB (a read unit is a strongly consistent read of up to 4 KB):
//
//	operation            calls  write units                         read units
//	Contact              1                                          1
//	Contacts             1      per 100                             1 each
//	Commit               1      2 × (contact + events + entries + inbound message)
//	Claim                1      1
//	UpdateBookkeeping    1      1
//	Record               1      per 25 texts; 1 each
//	RecordUnconfirmed    1      1
//	ContactAndDeferred   1                                          1 each
//	SaveDeferred         1      1 per KB; one more in the index
//	Statuses             1      per 100                             1/2 each
//	MessageStatus        2      1                                   1
//	Person               1                                          1 per 4 KB of the whole record
//	Click                1      4
//	Clicks               1                                          1
//	CampaignByPrefix    2                                          2
//	ScanRecords          1      per MB                              1/2 per 4 KB
//	ScanContacts           1      per MB                              1/2 per 4 KB
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
// A text of a campaign costs two write units, one for the claim and one for the record, and 1.04 calls, because
// records are written 25 at a time. An audience entry that is added or removed costs one unit more, for the index.
type Table struct {
	api    API
	name   string
	ledger consent.Ledger
}

// New returns a Table on the DynamoDB table of that name. The ledger seals what is stored about people and checks the
// seals of what is read. Without a key in the ledger the Table can only read, and takes every item as valid.
func New(api API, name string, ledger consent.Ledger) *Table {
	return &Table{api: api, name: name, ledger: ledger}
}
