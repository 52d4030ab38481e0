package local

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/table/dynamotest"
)

// What was written is there again after a stop. A process killed with its table open takes back what it answered.
func TestDynamoDBKeepsItsData(t *testing.T) {
	if why := dynamotest.Missing(); why != "" {
		if dynamotest.Required() {
			t.Fatal(why)
		}
		t.Skip("NOT TESTED ON DYNAMODB: " + why)
	}
	program, err := dynamotest.Folder()
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	run := func(use func(db *dynamodb.Client)) {
		t.Helper()
		db, err := StartDynamoDB(t.Context(), program, data)
		if err != nil {
			t.Fatal(err)
		}
		s, err := New(t.Context(), Options{Catalog: testCatalog(), DynamoDB: db})
		if err != nil {
			t.Error(err)
		} else {
			use(dynamodb.NewFromConfig(s.AWS()))
		}
		if err := db.Stop(); err != nil {
			t.Fatal(err)
		}
	}
	run(func(db *dynamodb.Client) {
		_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(TableName), Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "p"}, "sk": &types.AttributeValueMemberS{Value: "s"},
		}})
		if err != nil {
			t.Error(err)
		}
	})
	run(func(db *dynamodb.Client) {
		out, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(TableName)})
		if err != nil || out.Count != 1 {
			t.Errorf("after a restart the table holds %+v, %v; want one item", out, err)
		}
	})
}

func TestDynamoDBThatIsNotThere(t *testing.T) {
	if _, err := StartDynamoDB(t.Context(), t.TempDir(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "make dynamodb-local") {
		t.Errorf("a missing program says %v, want how to get it", err)
	}
}
