package walk

import (
	"context"

	"smsconsent/shared/edge/audience"
)

// All walks the shards of a topic's audience at once, reading so many people at a time.
func All(ctx context.Context, list List, brand, topic string, page int, v Visitor) error {
	return AtOnce(ctx, audience.Shards, func(ctx context.Context, n int) error {
		shard := Shard{List: list, Brand: brand, Topic: topic, Number: n, Page: page}
		_, err := shard.Walk(ctx, v)
		return err
	})
}

// AtOnce does n things at once, and returns the first error, which ends the others.
func AtOnce(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	failed := make(chan error, n)
	for i := range n {
		go func() { failed <- do(ctx, i) }()
	}
	var first error
	for range n {
		if err := <-failed; err != nil && first == nil {
			first = err
			stop()
		}
	}
	return first
}
