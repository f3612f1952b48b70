package main

import "syscall"

// mortal gives a process that dies with this one the account of PostgreSQL, or its own when there is none to change to.
func mortal(as *syscall.Credential, last syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: as, Setpgid: true, Pdeathsig: last}
}
