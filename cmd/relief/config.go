package main

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"reliefledger/internal/chinese"
)

// option is a setting that may come from a flag, the environment, the configuration file or its default, in this order.
// What it means is the help of its flag.
type option struct {
	name   string
	danger string // what goes wrong when it is set badly; "" when nothing much does
}

// options are all there are. What only one command is told, such as the role of a new token, is a flag and nothing else.
var options = []option{
	{"data", "Whoever reads it can sign the log's checkpoints; with an empty one the server knows of no earlier checkpoint and cannot tell an old backup."},
	{"db", "It may hold a password, and other users of the machine see command lines: write it here, with sslmode=verify-full, or into the environment."},
	{"book", ""},
	{"listen", "Other than on a loopback address tokens travel in the clear unless TLS is on: such a server does not start."},
	{"tls-cert", ""},
	{"tls-key", "Whoever reads it can pose as this server; a key that others may read is refused."},
	{"behind-tls-proxy", "Nothing is encrypted between the proxy and here, and nobody checks that there is a proxy: set it only where that network is trusted."},
	{"metrics-listen", "Metrics are shown to whoever asks, so other than loopback addresses are refused."},
	{"audit-log", "Without it the events stand among the other lines on standard error, and whoever can drop those can drop these."},
	{"otlp-endpoint", "The collector learns which routes are called when, and how they end; nothing of what they hold. Without https it must stand on this machine."},
	{"persons-db", "Who is behind the pseudonyms can be read with it. On a PostgreSQL of your own it is a login of its own, and may be a database of its own."},
	{"persons-secret", "Whoever has it and a resident number can tell whether that person is in the book, also after erasing; lost, nobody gets the same pseudonym again. It belongs into the backup of keys."},
	{"db-connections", "All servers together must stay below max_connections of PostgreSQL; each writes through one more."},
	{"name", ""},
	{"zone", "It decides which day it is, and cannot be changed later."},
	{"currency", "It cannot be changed later."},
	{"decimals", "It cannot be changed later."},
	{"short-limit", "With none, one person alone may write off everything that is on its way."},
}

// variable is the option's name in the environment.
func (o option) variable() string {
	return "RELIEF_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

// inEnvironment is what the environment says, and the name of the variable that says it. An empty variable says nothing.
func (o option) inEnvironment() (value, variable string) {
	if value = os.Getenv(o.variable()); value != "" {
		return value, o.variable()
	}
	usual := map[string]string{"db": "DATABASE_URL", "otlp-endpoint": "OTEL_EXPORTER_OTLP_ENDPOINT"}[o.name] // what other programs call it
	return os.Getenv(usual), usual
}

// servers are the commands that run a book or ask for one. On any other one a flag of the same name, such as that of a token's name, is no option.
var servers = []string{"serve", "demo", "config", "ready"}

// flag is the option on a command, nil when the command has no use for it.
func (o option) flag(c *cobra.Command) *pflag.Flag {
	if flag := c.Root().PersistentFlags().Lookup(o.name); flag != nil || !slices.Contains(servers, c.Name()) {
		return flag
	}
	return c.Flags().Lookup(o.name)
}

// configure gives the options that no flag was given for their value. It tells nothing of what it read, only where.
func (s *settings) configure(c *cobra.Command) error {
	path := cmp.Or(s.config, os.Getenv("RELIEF_CONFIG"))
	file, err := readConfig(path)
	if err != nil {
		return err
	}
	s.sources = map[string]string{}
	for _, o := range options {
		flag := o.flag(c)
		if flag == nil {
			continue
		}
		if s.sources[o.name], err = o.settle(flag, path, file); err != nil {
			return hinted{err, "relief config --example shows every option, its default and its danger"}
		}
	}
	return nil
}

// settle sets a flag that was not given and answers where its value came from.
func (o option) settle(flag *pflag.Flag, path string, file map[string]string) (source string, err error) {
	if flag.Changed {
		return "flag --" + o.name, nil
	}
	if value, variable := o.inEnvironment(); value != "" {
		if flag.Value.Set(value) != nil {
			err = fmt.Errorf("environment: %s is not a %s", variable, flag.Value.Type())
		}
		return "environment " + variable, err
	}
	if value, there := file[o.name]; there {
		if flag.Value.Set(value) != nil {
			err = fmt.Errorf("%s: %s is not a %s", path, o.name, flag.Value.Type())
		}
		return path, err
	}
	return "default", nil
}

// readConfig reads lines of name = value. The format is this small because people write it and a program only reads it: JSON has no
// place for the reason of a setting, and a library for a richer format would be longer than all settings.
func readConfig(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	values := map[string]string{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, whole := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		_, twice := values[name]
		switch {
		case !whole: // the line itself may be half a secret
			return nil, fmt.Errorf("%s:%d: a line is name = value, or a comment after #", path, i+1)
		case !slices.ContainsFunc(options, func(o option) bool { return o.name == name }):
			return nil, hinted{fmt.Errorf("%s:%d: there is no option %.40q", path, i+1, name), "relief config --example shows every option"}
		case twice:
			return nil, fmt.Errorf("%s:%d: %s is set twice", path, i+1, name)
		}
		values[name] = strings.TrimSpace(value)
	}
	return values, private(path, values)
}

// private refuses a file that everybody may read and that holds a password.
func private(path string, values map[string]string) error {
	for _, value := range values {
		if mask(value) != value {
			return noneOfOthers(path)
		}
	}
	return nil
}

// noneOfOthers refuses a file with a secret that others than its owner and its group may use.
func noneOfOthers(path string) error {
	info, err := os.Stat(path)
	if err == nil && info.Mode().Perm()&0o007 != 0 {
		return hinted{fmt.Errorf("%s holds a secret and has mode %04o, 0600 or 0640 wanted", path, info.Mode().Perm()), "chmod o= " + path}
	}
	return err
}

var passwords = regexp.MustCompile(`(?i)(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)`)

// mask is the value of a setting without the passwords in it. Every value goes through it, because an address may hold one wherever an address is asked for.
func mask(dsn string) string {
	if strings.Contains(dsn, "://") {
		u, err := url.Parse(dsn)
		if err != nil {
			return "***" // where the password begins in it, nobody knows
		}
		if _, has := u.User.Password(); has {
			// Not url.UserPassword, which would write the stars as %2A.
			dsn = strings.Replace(u.Redacted(), ":xxxxx@", ":***@", 1)
		}
	}
	return passwords.ReplaceAllString(dsn, "$1***")
}

func (s *settings) configuration() *cobra.Command {
	var o serving
	var example bool
	c := &cobra.Command{
		Use: "config", Short: "Print the configuration in force and where each value comes from", Args: cobra.NoArgs,
		Long: `Prints every option with its meaning, its danger, its value in force and where that comes from: a flag goes over the environment (RELIEF_LISTEN for listen),
the environment over the file that --config or RELIEF_CONFIG names, the file over the default. Passwords are masked. The output is itself such a file.`,
		Example: `  relief config --config /etc/relief/relief.conf
  relief config --example > relief.conf            every option as a comment, to begin a file with`,
		RunE: func(c *cobra.Command, _ []string) error {
			if example {
				return s.explain(c, func(flag *pflag.Flag) string { return fmt.Sprintf("#%s = %s", flag.Name, flag.DefValue) })
			}
			if err := s.explain(c, func(flag *pflag.Flag) string {
				return s.told("# From: %s\n%s = %s", s.source(flag.Name), flag.Name, mask(flag.Value.String()))
			}); err != nil {
				return err
			}
			return o.secure()
		},
	}
	c.Flags().BoolVar(&example, "example", false, "print the defaults as comments instead")
	o.servingFlags(c)
	return c
}

// source tells where the value of an option comes from.
func (s *settings) source(name string) string {
	kind, which, _ := strings.Cut(s.sources[name], " ") // of a file there is its path
	return strings.TrimSpace(s.say(kind) + " " + which)
}

// explain prints every option under its meaning and its danger.
func (s *settings) explain(c *cobra.Command, line func(*pflag.Flag) string) error {
	var text strings.Builder
	text.WriteString(s.told("# Configuration of Relief Ledger. A flag goes over the environment, the environment over this file, this file over the default.") + "\n")
	for _, o := range options {
		flag := c.Flags().Lookup(o.name)
		usage, danger := strings.ToUpper(flag.Usage[:1])+flag.Usage[1:], o.danger
		if s.language() == "zh" {
			usage, _ = chinese.Help(flag.Usage, nil)
			danger, _ = chinese.Help(danger, nil)
		}
		text.WriteString(s.told("\n# %s; %s in the environment.\n", usage, o.variable()))
		if danger != "" {
			text.WriteString(s.told("# Danger: %s\n", danger))
		}
		text.WriteString(strings.TrimRight(line(flag), " ") + "\n")
	}
	_, err := io.WriteString(s.out, text.String())
	return err
}

// configured is what every command may be told about where it works, besides what it does.
type configured struct {
	config   string
	auditLog string
	sources  map[string]string // where the value of an option comes from
}

func (k *configured) configFlags(root *cobra.Command) {
	root.PersistentFlags().StringVar(&k.config, "config", "", "file of name = value lines, under the flags and the environment (default $RELIEF_CONFIG)")
	root.PersistentFlags().StringVar(&k.auditLog, "audit-log", "", "file for security events as JSON lines (default: a server writes them to standard error, other commands nowhere)")
}

func (o *serving) servingFlags(c *cobra.Command) {
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:8080", "address to serve on")
	c.Flags().StringVar(&o.cert, "tls-cert", "", "file of the certificate chain to serve TLS with; it is read again when it is renewed")
	c.Flags().StringVar(&o.key, "tls-key", "", "file of the certificate's key")
	c.Flags().BoolVar(&o.behindProxy, "behind-tls-proxy", false, "serve plain HTTP on any address, because a proxy before it speaks TLS")
	c.Flags().StringVar(&o.metrics, "metrics-listen", "", "loopback address to show metrics on, such as 127.0.0.1:9464; they are at /metrics of the API too, for auditors")
	c.Flags().StringVar(&o.collector, "otlp-endpoint", "", "OpenTelemetry collector to send spans to as OTLP/HTTP, such as http://127.0.0.1:4318 (default $OTEL_EXPORTER_OTLP_ENDPOINT; without one nothing is traced)")
	c.Flags().StringVar(&o.persons, "persons-db", "", "connection string for the register of persons, as a login in the role relief_persons; \"here\" for the private PostgreSQL; without it there is no register")
	c.Flags().StringVar(&o.secret, "persons-secret", "", "file of the secret that makes pseudonyms out of resident numbers, made when there is none; without it pseudonyms are random")
	c.Flags().IntVar(&o.connections, "db-connections", 0, "connections to the database at most (default four per core)")
	o.foundingFlags(c)
}
