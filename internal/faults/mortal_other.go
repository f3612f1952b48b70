//go:build !linux

package main

import "syscall"

// mortal cannot be kept here: other systems tell nobody of a parent's death.
func mortal(as *syscall.Credential, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Setpgid: true}
}
