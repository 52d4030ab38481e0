package table

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/inspect"
	"smsconsent/shared/edge/dynamo"
)

const (
	// auditKept is how long the results of an audit stay in the table. They name people, so they are not kept for
	// ever. A year is enough to compare one audit with another.
	auditKept = 400 * 24 * time.Hour

	// listedKept is how long the numbers of AWS's opt-out lists are kept. Only the audit that read them uses them.
	listedKept = 2 * 24 * time.Hour

	// auditLease is how long one caller of TakeAudit has to finish before another may take over. No function runs
	// that long.
	auditLease = 10 * time.Minute
)

// StartAudit stores a new audit and its name in the list of all audits, in one transaction. Where the audit is stored
// already, nothing changes and there is no error.
func (t *Table) StartAudit(ctx context.Context, r inspect.Run) error {
	m := primary(auditKey(r.ID), auditSort)
	m[ttl] = num(r.Since.Add(auditKept).Unix())
	setTime(m, "since", r.Since)
	setList(m, "parts", r.Parts)
	named := primary(auditsKey, r.ID)
	named[ttl] = m[ttl]
	_, err := t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: &t.name, Item: m, ConditionExpression: aws.String("attribute_not_exists(pk)")}},
		{Put: &types.Put{TableName: &t.name, Item: named}},
	}})
	if canceled, ok := errors.AsType[*types.TransactionCanceledException](err); ok && contactChanged(canceled) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("start audit %s: %w", r.ID, dynamo.Redact(err))
	}
	return nil
}

// Audits returns the IDs of the latest audits, newest first, at most limit of them.
func (t *Table) Audits(ctx context.Context, limit int) ([]string, error) {
	out, err := t.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false),
		Limit:                  aws.Int32(int32(min(max(limit, 1), 1000))),
		KeyConditionExpression: aws.String("pk = :pk"), ExpressionAttributeValues: item{":pk": str(auditsKey)},
	})
	if err != nil {
		return nil, fmt.Errorf("list audits: %w", dynamo.Redact(err))
	}
	ids := make([]string, len(out.Items))
	for i, m := range out.Items {
		ids[i] = (&reader{m: m}).str("sk")
	}
	return ids, nil
}

// Audit reads an audit and the progress of its parts, sorted by their names. Parts that have not begun are left out.
// It returns ErrNotFound where there is no such audit.
func (t *Table) Audit(ctx context.Context, id string) (inspect.Run, []inspect.Part, error) {
	var run inspect.Run
	var parts []inspect.Part
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :audit AND :parts"),
		ExpressionAttributeValues: item{
			":pk": str(auditKey(id)), ":audit": str(auditSort), ":parts": str(partPrefix + afterAllKeys),
		},
	}, func(m item) error {
		r := &reader{m: m}
		switch sk := r.str("sk"); {
		case sk == auditSort:
			run = inspect.Run{ID: id, Since: r.time("since"), Parts: r.list("parts"), Closed: r.time("closed")}
			return r.fault
		case strings.HasPrefix(sk, partPrefix):
			p, err := decodePart(id, m)
			parts = append(parts, p)
			return err
		default:
			return nil
		}
	})
	if err == nil && run.ID == "" {
		err = ErrNotFound
	}
	if err != nil {
		return inspect.Run{}, nil, fmt.Errorf("read audit %s: %w", id, err)
	}
	return run, parts, nil
}

// AuditPart reads the progress of one part of an audit. A part that has not begun has version 0.
func (t *Table) AuditPart(ctx context.Context, run, name string) (inspect.Part, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(auditKey(run), partPrefix+name), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return inspect.Part{}, fmt.Errorf("read part %s of audit %s: %w", name, run, dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return inspect.Part{Run: run, Name: name}, nil
	}
	return decodePart(run, out.Item)
}

// SaveAuditPart stores the progress of a part, if the stored version is still the one that was read. Otherwise
// another job works on the same part, and it returns ErrConflict. It returns the part as stored, with a version one
// higher.
func (t *Table) SaveAuditPart(ctx context.Context, p inspect.Part, now time.Time) (inspect.Part, error) {
	next := p
	next.Version++
	m := primary(auditKey(p.Run), partPrefix+p.Name)
	m["ver"], m[ttl] = num(next.Version), num(now.Add(auditKept).Unix())
	setStr(m, "next", next.Next)
	setTrue(m, "done", next.Done)
	for name, value := range map[string]any{"todo": next.Todo, "fig": next.Figures} {
		raw, err := json.Marshal(value)
		if err != nil {
			return p, fmt.Errorf("encode part %s of audit %s: %w", p.Name, p.Run, err)
		}
		setStr(m, name, string(raw))
	}
	if err := t.putVersion(ctx, m, p.Version); err != nil {
		return p, fmt.Errorf("save part %s of audit %s: %w", p.Name, p.Run, err)
	}
	return next, nil
}

func decodePart(run string, m item) (inspect.Part, error) {
	r := &reader{m: m}
	p := inspect.Part{
		Run: run, Name: strings.TrimPrefix(r.str("sk"), partPrefix), Next: r.str("next"), Done: r.isTrue("done"),
		Version: r.num("ver"),
	}
	err := errors.Join(json.Unmarshal([]byte(r.str("todo")), &p.Todo), json.Unmarshal([]byte(r.str("fig")), &p.Figures), r.fault)
	if err != nil {
		return inspect.Part{}, fmt.Errorf("stored part of audit %s: %w", run, err)
	}
	return p, nil
}

// TakeAudit reports whether the caller is the one to report the results of an audit whose parts are all done. After a
// true answer it answers false for ten minutes, so that one caller works at a time; if that one fails, another takes
// over. After CloseAudit it always answers false.
func (t *Table) TakeAudit(ctx context.Context, id string, now time.Time) (bool, error) {
	_, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: primary(auditKey(id), auditSort), UpdateExpression: aws.String("SET taken = :now"),
		ConditionExpression: aws.String(
			"attribute_exists(pk) AND attribute_not_exists(closed) AND (attribute_not_exists(taken) OR taken < :stale)",
		),
		ExpressionAttributeValues: item{":now": instant(now), ":stale": instant(now.Add(-auditLease))},
	})
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("take audit %s: %w", id, dynamo.Redact(err))
	}
	return true, nil
}

// CloseAudit marks an audit as reported. It may be repeated. It fails where there is no such audit.
func (t *Table) CloseAudit(ctx context.Context, id string, now time.Time) error {
	_, err := t.api.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: primary(auditKey(id), auditSort), UpdateExpression: aws.String("SET closed = :now"),
		ConditionExpression: aws.String("attribute_exists(pk)"), ExpressionAttributeValues: item{":now": instant(now)},
	})
	if err != nil {
		return fmt.Errorf("close audit %s: %w", id, dynamo.Redact(err))
	}
	return nil
}

// SaveListed keeps a batch of phone numbers from the AWS opt-out list of a program until the audit is done. A number
// is its digits; a batch has at most 40,000. n is the position of the batch: the same n again replaces it.
func (t *Table) SaveListed(ctx context.Context, run, program string, n int, numbers []uint64, now time.Time) error {
	b := make([]byte, 0, 8*len(numbers))
	for _, number := range numbers {
		b = binary.BigEndian.AppendUint64(b, number)
	}
	m := primary(auditKey(run), fmt.Sprintf("%s%s#%06d", listedPrefix, program, n))
	m[ttl], m["n"] = num(now.Add(listedKept).Unix()), &types.AttributeValueMemberB{Value: b}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m}); err != nil {
		return fmt.Errorf("keep numbers of the list of %s: %w", program, dynamo.Redact(err))
	}
	return nil
}

// Listed returns all numbers that SaveListed kept for a program, in no order.
func (t *Table) Listed(ctx context.Context, run, program string) ([]uint64, error) {
	var numbers []uint64
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :list)"),
		ExpressionAttributeValues: item{":pk": str(auditKey(run)), ":list": str(listedPrefix + program + "#")},
	}, func(m item) error {
		lot, ok := m["n"].(*types.AttributeValueMemberB)
		if !ok || len(lot.Value)%8 != 0 {
			return errors.New("stored numbers of an opt-out list cannot be read")
		}
		for b := lot.Value; len(b) > 0; b = b[8:] {
			numbers = append(numbers, binary.BigEndian.Uint64(b))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read numbers of the list of %s: %w", program, err)
	}
	return numbers, nil
}
