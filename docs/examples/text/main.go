// Command text texts one person: go run ./docs/examples/text +12065550142 order-4711-shipped. It wants API_URL,
// AWS_REGION and AWS keys in the environment.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/config"
)

func main() {
	if err := text(context.Background(), os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

// text has one text sent and prints the answer. After a 503 the same may be posted again, with its id.
func text(ctx context.Context, phone, id string) error {
	body, err := json.Marshal(map[string]string{
		"brand": "example", "topic": "orders", "phone": phone, "id": id, "text": "Example Corp.: your order has shipped.",
	})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, os.Getenv("API_URL")+"/texts", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	keys, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	err = v4.NewSigner().SignHTTP(ctx, keys, r, hex.EncodeToString(sum[:]), "execute-api", c.Region, time.Now())
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	return err
}
