package plan

import (
	"bytes"
	_ "embed" // for the price table
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/program"
)

//go:embed prices.csv
var shipped []byte

// Sender is the kind of number a text comes from. Prices depend on it.
type Sender string

// The kinds of senders. Any stands for all of them in a price table.
const (
	LongCode  Sender = "long-code" // 10DLC in the United States
	TollFree  Sender = "toll-free"
	ShortCode Sender = "short-code"
	Any       Sender = "any"
)

// SenderOf returns the kind of an identity, for a pool that of its first number.
func SenderOf(i program.Identity) Sender {
	number := i.Dialled()
	switch {
	case i.ShortCode != "":
		return ShortCode
	case len(number) == len("+18005550100") && strings.HasPrefix(number, "+18") && number[3] == number[4]:
		return TollFree // 800, 833 and so on to 888
	default:
		return LongCode
	}
}

// Price is the price of one message part in US dollars.
type Price struct {
	AWS     float64 `json:"aws"`
	Carrier float64 `json:"carrier_fee"`
	AsOf    string  `json:"as_of"` // ISO 8601 day
	Sure    bool    `json:"sure"`  // a person read it on the page in Source on that day
	Source  string  `json:"source"`
}

// Prices is a price table.
type Prices map[string]map[Sender]Price // by country

// Of returns the price of a message part to a country: that of the sender or, where there is none, that of any
// sender.
func (p Prices) Of(country string, s Sender) (Price, bool) {
	if price, ok := p[country][s]; ok {
		return price, true
	}
	price, ok := p[country][Any]
	return price, ok
}

// Shipped returns the text of the built-in price table, as a start for a table of one's own.
func Shipped() []byte { return bytes.Clone(shipped) }

const headings = "country,sender,aws_price,carrier_fee,as_of,certainty,source"

// ReadPrices reads a price table: CSV with a line of headings, and comments in lines that begin with #. The error
// names the line and column, and says what to write.
func ReadPrices(r io.Reader) (Prices, error) {
	in := csv.NewReader(r)
	in.Comment, in.TrimLeadingSpace, in.FieldsPerRecord = '#', true, strings.Count(headings, ",")+1
	prices := Prices{}
	for first := true; ; first = false {
		row, err := in.Read()
		if errors.Is(err, io.EOF) && !first {
			return prices, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the price table: %w", err)
		}
		line, _ := in.FieldPos(0)
		if first {
			if strings.Join(row, ",") != headings {
				return nil, fmt.Errorf("line %d: write the headings %s", line, headings)
			}
			continue
		}
		if err := prices.add(row); err != nil {
			return nil, fmt.Errorf("line %d, %w", line, err)
		}
	}
}

func (p Prices) add(row []string) error {
	country, sender := row[0], Sender(row[1])
	if len(country) != 2 || strings.ToUpper(country) != country {
		return fmt.Errorf("country: %q: write two capital letters of ISO 3166, such as US", country)
	}
	switch sender {
	case LongCode, TollFree, ShortCode, Any:
	default:
		return fmt.Errorf("sender: %q: write %s, %s, %s or %s", sender, LongCode, TollFree, ShortCode, Any)
	}
	if _, twice := p[country][sender]; twice {
		return fmt.Errorf("sender: %s of %s is there twice", sender, country)
	}
	price := Price{AsOf: row[4], Sure: row[5] == "sure", Source: row[6]}
	var err error
	if price.AWS, err = dollars("aws_price", row[2]); err != nil {
		return err
	}
	if price.Carrier, err = dollars("carrier_fee", row[3]); err != nil {
		return err
	}
	if _, err := time.Parse(time.DateOnly, price.AsOf); err != nil {
		return fmt.Errorf("as_of: %q: write a day, such as 2026-05-26", price.AsOf)
	}
	if row[5] != "sure" && row[5] != "unsure" {
		return fmt.Errorf("certainty: %q: write sure or unsure", row[5])
	}
	if p[country] == nil {
		p[country] = map[Sender]Price{}
	}
	p[country][sender] = price
	return nil
}

func dollars(column, text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 0 && x < 100) {
		return 0, fmt.Errorf("%s: %q: write US dollars a part, such as 0.0083", column, text)
	}
	return x, nil
}
