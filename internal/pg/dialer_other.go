//go:build !linux

package pg

import "syscall"

// userTimeout has no portable form; keep-alive finds a dead peer there.
func userTimeout(string, string, syscall.RawConn) error { return nil }
