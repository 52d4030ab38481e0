package local

import (
	"net"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/shared/testkit/dynamotest"
)

// onlyHere checks that nothing answers at the port of an address but that address itself. All of 127.0.0.0/8 is this
// machine, so 127.0.0.2 tells, even on a machine without a network, whether the process listens on every address.
func onlyHere(t *testing.T, address string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	others, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	others = append(others, &net.IPNet{IP: net.IPv4(127, 0, 0, 2)})
	for _, other := range others {
		n, ok := other.(*net.IPNet)
		if !ok || n.IP.String() == host || n.IP.IsLinkLocalUnicast() {
			continue
		}
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", net.JoinHostPort(n.IP.String(), port))
		if err == nil {
			c.Close()
			t.Errorf("DynamoDB Local answers at %s too", n.IP)
		}
	}
}

// What was written is there again after a stop. A process killed with its table open takes back what it answered.
// Nobody but this machine reaches it.
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
		onlyHere(t, db.Address)
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
		_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(account.TableName), Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "p"}, "sk": &types.AttributeValueMemberS{Value: "s"},
		}})
		if err != nil {
			t.Error(err)
		}
	})
	run(func(db *dynamodb.Client) {
		out, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(account.TableName)})
		if err != nil || out.Count != 1 {
			t.Errorf("after a restart the table holds %+v, %v; want one item", out, err)
		}
	})
}
