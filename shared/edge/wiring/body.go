package wiring

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// onlyRead has the bodies of requests be read and nothing else. Amazon's client closes a body once the answer's head is
// there, and a closed one that writes itself out (io.WriterTo) fails with io.EOF. Where the answer comes before Go's
// client has looked for the body's end, as it may on one machine, that tears the connection down under the answer: a
// text that went is then unconfirmed.
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
