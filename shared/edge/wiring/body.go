package wiring

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// onlyRead hides everything about request bodies except reading. Amazon's client closes a body as soon as the head of
// the answer is there. A closed body that writes itself (io.WriterTo) fails with io.EOF. Where the answer comes
// before Go's HTTP client has seen the end of the body, as it may on one machine, that breaks the connection before
// the answer is read, and a text that was sent counts as unconfirmed.
func onlyRead(stack *middleware.Stack) error {
	plain := func(
		ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler,
	) (middleware.BuildOutput, middleware.Metadata, error) {
		if r, ok := in.Request.(*smithyhttp.Request); ok {
			if body, ok := r.GetStream().(io.ReadSeeker); ok {
				r, err := r.SetStream(struct{ io.ReadSeeker }{body})
				if err != nil {
					return middleware.BuildOutput{}, middleware.Metadata{}, fmt.Errorf("set the body: %w", err)
				}
				in.Request = r
			}
		}
		return next.HandleBuild(ctx, in)
	}
	return stack.Build.Add(middleware.BuildMiddlewareFunc("OnlyRead", plain), middleware.After)
}
