//go:build unix

package dynamodblocal

import "syscall"

// ownGroup puts a child into its own process group, so that Ctrl-C does not reach it. It is stopped by Process.Stop.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
