package local_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local"
)

// `aws dynamodb list-tables` is the first thing an engineer tries.
func TestTheTableIsListed(t *testing.T) {
	w := newWorld(t, nil)
	out, err := dynamodb.NewFromConfig(local.Remote(w.url)).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(out.TableNames, []string{local.TableName}) {
		t.Errorf("tables %v", out.TableNames)
	}
}
