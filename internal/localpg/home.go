package localpg

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// shelter is where the files of the server go when root keeps its data directory where nobody else may look.
const shelter = "/var/lib/relief"

// account is who the server runs as. PostgreSQL refuses to run as root.
type account struct {
	uid, gid uint32
	name     string
}

// serverAccount is the account to change to, or nil when this process is an ordinary user and stays itself.
func serverAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if errUID == nil && errGID == nil && uid != 0 {
			return &account{uint32(uid), uint32(gid), name}, nil
		}
	}
	return nil, fmt.Errorf("PostgreSQL does not run as root, and there is no user postgres or nobody to change to: create one, or start as an ordinary user")
}

// own makes dir with everything above it, for the account alone.
func (a *account) own(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return err
	}
	if a == nil {
		return nil
	}
	return os.Lchown(dir, int(a.uid), int(a.gid))
}

// enters reports whether the account may pass through every directory from the root to dir.
func (a *account) enters(dir string) bool {
	if a == nil {
		return true
	}
	for {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		owner := info.Sys().(*syscall.Stat_t)
		allowed := info.Mode()&0o001 != 0 ||
			owner.Gid == a.gid && info.Mode()&0o010 != 0 ||
			owner.Uid == a.uid && info.Mode()&0o100 != 0
		if !allowed {
			return false
		}
		if dir == "/" {
			return true
		}
		dir = filepath.Dir(dir)
	}
}

// homeOf gives the directory in dir that holds all files of the server: data, socket, server.log and programs installed by npm.
// When root's dir lies where the account cannot follow, such as under /root, it is a link to a directory under shelter.
func homeOf(dir string, as *account) (string, error) {
	path := filepath.Join(dir, "postgresql")
	if _, err := os.Lstat(path); os.IsNotExist(err) && !as.enters(dir) {
		if err := takeShelter(path, as); err != nil {
			return "", fmt.Errorf("user %s cannot enter %s, where root keeps its data, and no other place could be made: %w "+
				"(choose a data directory that everybody may enter, such as %s/data)", as.name, dir, err, shelter)
		}
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	if err := as.own(path); err != nil {
		return "", err
	}
	if !as.enters(path) {
		return "", fmt.Errorf("user %s cannot enter %s: choose a data directory that everybody may enter, such as %s/data", as.name, path, shelter)
	}
	return path, nil
}

func takeShelter(link string, as *account) error {
	err := os.Mkdir(shelter, 0o755)
	if err == nil {
		err = os.Chmod(shelter, 0o755) // whatever the umask
	}
	if err != nil && !os.IsExist(err) {
		return err
	}
	target, err := os.MkdirTemp(shelter, "data-")
	if err != nil {
		return err
	}
	if err := as.own(target); err != nil {
		return err
	}
	return os.Symlink(target, link)
}

// socketMax leaves room in the 103 bytes that the shortest sun_path holds for the name of the socket itself.
const socketMax = 103 - len("/.s.PGSQL.5432")

// socketDir is where the server listens: in its home, or in a short directory when that path is too long for a socket.
func socketDir(home string, as *account) (string, error) {
	dir := filepath.Join(home, "socket")
	if len(dir) > socketMax {
		sum := sha256.Sum256([]byte(home))
		dir = "/tmp/relief-" + hex.EncodeToString(sum[:8])
	}
	if err := as.own(dir); err != nil {
		return "", err
	}
	return dir, trustworthy(dir, as)
}

// trustworthy refuses a directory that somebody else prepared: the server trusts whoever reaches its socket.
func trustworthy(dir string, as *account) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	owner := uint32(os.Geteuid())
	if as != nil {
		owner = as.uid
	}
	if stat := info.Sys().(*syscall.Stat_t); !info.IsDir() || stat.Uid != owner || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%s must be a directory of user %d with mode 0700, it has user %d and %s", dir, owner, stat.Uid, info.Mode())
	}
	return nil
}
