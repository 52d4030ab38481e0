package table

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/dynamo"
)

// maxPackedPrograms is the largest size of a compressed programs.yaml, in bytes. DynamoDB allows 400 KB per item, names
// included.
const maxPackedPrograms = 390 << 10

// ErrTooLarge is returned for a programs.yaml that does not fit into one item.
var ErrTooLarge = errors.New("too large")

// InForce returns the latest publication of programs.yaml, or the zero Publication where there is none.
func (t *Table) InForce(ctx context.Context) (program.Publication, error) {
	m, err := t.policy(ctx, inForceSort)
	if err != nil || len(m) == 0 {
		return program.Publication{}, err
	}
	return decodePublication(m)
}

// Publications returns every publication of programs.yaml, oldest first.
func (t *Table) Publications(ctx context.Context) ([]program.Publication, error) {
	var all []program.Publication
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :published)"),
		ExpressionAttributeValues: item{":pk": str(policyKey), ":published": str(publishedPrefix)},
	}, func(m item) error {
		p, err := decodePublication(m)
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which programs were in force: %w", err)
	}
	return all, nil
}

// Programs returns the programs.yaml with that SHA-256 hash, or ErrNotFound. It returns an error where the stored
// text has another hash, so a text that was altered is never used.
func (t *Table) Programs(ctx context.Context, hash string) ([]byte, error) {
	m, err := t.policy(ctx, versionSort(hash))
	if err != nil {
		return nil, err
	}
	if len(m) == 0 {
		return nil, fmt.Errorf("programs.yaml %.12s: %w", hash, ErrNotFound)
	}
	packed, ok := m["yaml"].(*types.AttributeValueMemberB)
	if !ok {
		return nil, fmt.Errorf("programs.yaml %.12s: attribute %q is no binary", hash, "yaml")
	}
	text, err := unpack(packed.Value)
	if err != nil {
		return nil, fmt.Errorf("unpack programs.yaml %.12s: %w", hash, err)
	}
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("programs.yaml %.12s is not what was stored", hash)
	}
	return text, nil
}

// CheckProgramsSize returns ErrTooLarge for a programs.yaml that StorePrograms would refuse.
func CheckProgramsSize(text []byte) error {
	_, err := packPrograms(text)
	return err
}

func packPrograms(text []byte) ([]byte, error) {
	packed, err := pack(text)
	if err != nil {
		return nil, fmt.Errorf("pack programs.yaml: %w", err)
	}
	if len(packed) > maxPackedPrograms {
		return nil, fmt.Errorf("programs.yaml has %d KB when compressed, and the table takes %d: %w",
			len(packed)>>10, maxPackedPrograms>>10, ErrTooLarge)
	}
	return packed, nil
}

// StorePrograms stores a programs.yaml under its hash, or returns ErrTooLarge. It does not put it in force; Publish
// does. It may be repeated.
func (t *Table) StorePrograms(ctx context.Context, hash string, text []byte) error {
	packed, err := packPrograms(text)
	if err != nil {
		return err
	}
	m := primary(policyKey, versionSort(hash))
	m["yaml"] = &types.AttributeValueMemberB{Value: packed}
	if _, err := t.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: m}); err != nil {
		return fmt.Errorf("keep programs.yaml %.12s: %w", hash, dynamo.Redact(err))
	}
	return nil
}

// Publish puts a stored programs.yaml in force and adds p to the publications, in one transaction. It returns
// ErrConflict where p.Number is not the next number, because another was published meanwhile. StorePrograms must have
// stored the file.
func (t *Table) Publish(ctx context.Context, p program.Publication) error {
	last, values := unchanged(p.Number - 1)
	current, listed := encodePublication(inForceSort, p), encodePublication(publishedSort(p.Number), p)
	_, err := t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: &t.name, Item: current, ConditionExpression: last, ExpressionAttributeValues: values}},
		{Put: &types.Put{TableName: &t.name, Item: listed, ConditionExpression: aws.String("attribute_not_exists(pk)")}},
	}})
	canceled, ok := errors.AsType[*types.TransactionCanceledException](err)
	switch {
	case err == nil:
		return nil
	case ok && (failedAt(canceled, 0, "ConditionalCheckFailed") || failedAt(canceled, 0, "TransactionConflict")):
		return fmt.Errorf("put programs.yaml in force: what is in force has %w", ErrConflict)
	default:
		return fmt.Errorf("put programs.yaml in force: %w", dynamo.Redact(err))
	}
}

// IsPublication reports whether a transaction is one that Publish makes.
func IsPublication(in *dynamodb.TransactWriteItemsInput) bool {
	return slices.ContainsFunc(in.TransactItems, func(w types.TransactWriteItem) bool {
		if w.Put == nil {
			return false
		}
		pk, ok := w.Put.Item["pk"].(*types.AttributeValueMemberS)
		return ok && pk.Value == policyKey
	})
}

func (t *Table) policy(ctx context.Context, sk string) (item, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(policyKey, sk), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read the programs in force: %w", dynamo.Redact(err))
	}
	return out.Item, nil
}

func encodePublication(sk string, p program.Publication) item {
	m := primary(policyKey, sk)
	setNum(m, "ver", p.Number)
	setStr(m, "hash", p.Hash)
	setStr(m, "before", p.Before)
	setTime(m, "at", p.At)
	setStr(m, "by", p.By)
	setStr(m, "tables", p.Tables)
	setStr(m, "tz", p.TZ)
	return m
}

func decodePublication(m item) (program.Publication, error) {
	r := &reader{m: m}
	p := program.Publication{
		Number: r.num("ver"), Hash: r.str("hash"), Before: r.str("before"), At: r.time("at"), By: r.str("by"),
		Tables: r.str("tables"), TZ: r.str("tz"),
	}
	if r.fault == nil && (p.Hash == "" || p.Number < 1) {
		r.fail("hash", "that of a programs.yaml")
	}
	if r.fault != nil {
		return program.Publication{}, fmt.Errorf("stored publication of programs.yaml: %w", r.fault)
	}
	return p, nil
}

func pack(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpack stops one byte after the largest programs.yaml, so that a forged item cannot fill the memory.
func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, program.MaxFile+1))
}
