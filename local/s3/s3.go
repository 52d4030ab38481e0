// Package s3 imitates Amazon S3: one bucket, whose objects are written once, read and listed.
package s3

import (
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"smsconsent/local/awsjson"
)

const (
	maxObject = 32 << 20
	pageSize  = 1000
)

// Bucket is a bucket. It is safe for concurrent use.
type Bucket struct {
	name    string
	folder  *os.Root // nil for a bucket in memory
	changed func()

	mu      sync.Mutex
	objects map[string]object
}

type object struct {
	kind string
	body []byte
}

// New opens a bucket. Its objects are files in the folder dir, which is created where it is missing. An empty dir
// keeps them in memory. changed is called after each write.
func New(name, dir string, changed func()) (*Bucket, error) {
	b := &Bucket{name: name, changed: changed, objects: map[string]object{}}
	if dir == "" {
		return b, nil
	}
	if err := b.open(dir); err != nil {
		return nil, fmt.Errorf("open the folder of bucket %s: %w", name, err)
	}
	return b, nil
}

// open reads the objects in the folder.
func (b *Bucket) open(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	b.folder = folder
	return fs.WalkDir(folder.FS(), ".", func(key string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := folder.ReadFile(key)
		b.objects[key] = object{body: body}
		return err
	})
}

// IsCall reports whether a request is a call of S3: one signed for it. No page in a browser sends that unasked.
func IsCall(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Authorization"), "/s3/aws4_request")
}

// ServeHTTP answers PutObject, GetObject and ListObjectsV2 in path style, with the bucket's name in the path.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket != b.name:
		refuse(w, http.StatusNotFound, "NoSuchBucket", "this stack has the bucket "+b.name+" only")
	case r.Method == http.MethodPut && filepath.IsLocal(key):
		b.put(w, r, key)
	case r.Method == http.MethodGet && key != "":
		b.get(w, key)
	case r.Method == http.MethodGet && r.URL.Query().Get("list-type") == "2":
		b.list(w, r)
	default:
		refuse(w, http.StatusNotImplemented, "NotImplemented", "this stack's S3 puts, gets and lists objects only")
	}
}

func (b *Bucket) put(w http.ResponseWriter, r *http.Request, key string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxObject))
	if err != nil {
		refuse(w, http.StatusBadRequest, "EntityTooLarge", "the object is too large, or did not come whole")
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, there := b.objects[key]; there && r.Header.Get("If-None-Match") == "*" {
		refuse(w, http.StatusPreconditionFailed, "PreconditionFailed", "there is an object of this name")
		return
	}
	if err := b.write(key, body); err != nil {
		refuse(w, http.StatusInternalServerError, "InternalError", "the object could not be written to its folder")
		return
	}
	b.objects[key] = object{r.Header.Get("Content-Type"), body}
	b.changed()
	w.WriteHeader(http.StatusOK)
}

// write stores an object in the folder, whole or not at all.
func (b *Bucket) write(key string, body []byte) error {
	if b.folder == nil {
		return nil
	}
	if err := b.folder.MkdirAll(path.Dir(key), 0o700); err != nil {
		return err
	}
	if err := b.folder.WriteFile(key+".new", body, 0o600); err != nil {
		return err
	}
	return b.folder.Rename(key+".new", key)
}

func (b *Bucket) get(w http.ResponseWriter, key string) {
	b.mu.Lock()
	o, ok := b.objects[key]
	b.mu.Unlock()
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey", "there is no object of this name")
		return
	}
	w.Header().Set("Content-Type", o.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(o.body)))
	_, _ = w.Write(o.body)
}

type listAnswer struct {
	XMLName   xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListBucketResult"`
	Name      string
	Prefix    string
	KeyCount  int
	MaxKeys   int
	Truncated bool   `xml:"IsTruncated"`
	Next      string `xml:"NextContinuationToken,omitempty"`
	Contents  []entry
}

type entry struct {
	Key  string
	Size int
}

// list answers in the order of the keys, as S3 promises.
func (b *Bucket) list(w http.ResponseWriter, r *http.Request) {
	prefix, after := r.URL.Query().Get("prefix"), r.URL.Query().Get("continuation-token")
	out := listAnswer{Name: b.name, Prefix: prefix, MaxKeys: pageSize}
	b.mu.Lock()
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if !strings.HasPrefix(key, prefix) || key <= after {
			continue
		}
		if len(out.Contents) == pageSize {
			out.Truncated, out.Next = true, out.Contents[pageSize-1].Key
			break
		}
		out.Contents = append(out.Contents, entry{key, len(b.objects[key].body)})
	}
	b.mu.Unlock()
	out.KeyCount = len(out.Contents)
	answer(w, http.StatusOK, out)
}

type errorAnswer struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string
	Message   string
	RequestID string `xml:"RequestId"`
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, errorAnswer{Code: code, Message: message, RequestID: awsjson.NewID()})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(body)
}
