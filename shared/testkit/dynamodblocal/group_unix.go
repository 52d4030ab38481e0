//go:build unix

package dynamodblocal

import "syscall"

// ownGroup keeps the terminal's Ctrl-C from a child, which is stopped in its turn.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
