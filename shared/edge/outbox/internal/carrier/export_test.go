package carrier

import "net/http"

// Transport is what the client sends by, for tests to trust a server of theirs and to break its connections.
func (c *Client) Transport() *http.Transport { return c.transport }
