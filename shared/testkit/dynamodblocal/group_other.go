//go:build !unix

package dynamodblocal

import "syscall"

// ownGroup has nothing to keep from a child where terminals send no signals to groups.
func ownGroup() *syscall.SysProcAttr { return nil }
