package pg

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// userTimeout lets the kernel give up on data that nobody acknowledges, after 20 s instead of a quarter of an hour.
// It is the only bound of a pool without deadlines.
func userTimeout(network, _ string, raw syscall.RawConn) error {
	if network == "unix" {
		return nil
	}
	var failed error
	err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 20_000)
	})
	if err != nil {
		return err
	}
	return failed
}
