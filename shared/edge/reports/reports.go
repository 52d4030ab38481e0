// Package reports stores the reports of audits in an S3 bucket: for each run a JSON document and a page. Package report
// makes the document, package reportpage the page.
package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"smsconsent/shared/core/report"
)

// API is the part of the S3 client that a Store uses.
type API interface {
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	s3.ListObjectsV2APIClient
}

// ErrNone is returned where no report of the run is stored.
var ErrNone = errors.New("no report of this run is kept")

const (
	folder   = "audits/"
	document = ".json"
	page     = ".html"
)

// Store is the bucket with the reports. It is safe for concurrent use.
type Store struct {
	api    API
	bucket string
}

// New returns the Store in the bucket of that name.
func New(api API, bucket string) *Store { return &Store{api: api, bucket: bucket} }

// Client returns an S3 client. With an endpoint of its own, such as the local stack's, it puts the bucket's name in
// the path, because such an endpoint has no host name for each bucket.
func Client(cfg aws.Config) *s3.Client {
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = cfg.BaseEndpoint != nil })
}

// Keep stores a report and its page, and reports whether it is the first of its run. Where one is stored already,
// nothing changes. It may be repeated.
func (s *Store) Keep(ctx context.Context, r report.Report, html []byte) (first bool, err error) {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return false, fmt.Errorf("encode report %s: %w", r.Run, err)
	}
	// The document comes last: where it is, the page is too.
	if _, err := s.put(ctx, r.Run+page, "text/html; charset=utf-8", html); err != nil {
		return false, err
	}
	return s.put(ctx, r.Run+document, "application/json", text)
}

// put writes an object where there is none of that name, and reports whether it did.
func (s *Store) put(ctx context.Context, name, kind string, body []byte) (created bool, err error) {
	_, err = s.api.PutObject(ctx, &s3.PutObjectInput{
		Bucket: aws.String(s.bucket), Key: aws.String(folder + name),
		Body: bytes.NewReader(body), ContentType: aws.String(kind),
		// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
		IfNoneMatch: aws.String("*"),
	})
	if fault, ok := errors.AsType[smithy.APIError](err); ok && fault.ErrorCode() == "PreconditionFailed" {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keep %s: %w", name, err)
	}
	return true, nil
}

// Report returns the report of a run, or ErrNone.
func (s *Store) Report(ctx context.Context, run string) (report.Report, error) {
	text, err := s.get(ctx, run, document)
	if err != nil {
		return report.Report{}, err
	}
	var r report.Report
	if err := json.Unmarshal(text, &r); err != nil {
		return report.Report{}, fmt.Errorf("report %s is damaged: %w", run, err)
	}
	return r, nil
}

// Page returns the page of a run, or ErrNone.
func (s *Store) Page(ctx context.Context, run string) ([]byte, error) { return s.get(ctx, run, page) }

func (s *Store) get(ctx context.Context, run, kind string) ([]byte, error) {
	if _, ok := report.ParseID(run); !ok {
		return nil, ErrNone
	}
	key := folder + run + kind
	out, err := s.api.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)})
	if _, none := errors.AsType[*types.NoSuchKey](err); none {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", run, err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", run, err)
	}
	return text, nil
}

// Runs returns the IDs of the runs with a report, oldest first.
func (s *Store) Runs(ctx context.Context) (runs []string, err error) {
	all := &s3.ListObjectsV2Input{Bucket: aws.String(s.bucket), Prefix: aws.String(folder)}
	pages := s3.NewListObjectsV2Paginator(s.api, all)
	for pages.HasMorePages() {
		some, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list reports: %w", err)
		}
		for i := range some.Contents {
			name, found := strings.CutSuffix(strings.TrimPrefix(aws.ToString(some.Contents[i].Key), folder), document)
			if _, ok := report.ParseID(name); ok && found {
				runs = append(runs, name)
			}
		}
	}
	return runs, nil
}

// Where returns the address of a run's page in the bucket, such as "s3://BUCKET/audits/RUN.html".
func (s *Store) Where(run string) string { return "s3://" + s.bucket + "/" + folder + run + page }
