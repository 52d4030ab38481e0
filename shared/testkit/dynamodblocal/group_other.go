//go:build !unix

package dynamodblocal

import "syscall"

// ownGroup returns nil, because terminals send no signals to process groups here.
func ownGroup() *syscall.SysProcAttr { return nil }
