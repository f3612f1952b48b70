package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"reliefledger/migrations"
)

func (s *settings) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print what this program was built from", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(s.out, "relief %s, %s, schema %s\n", revision(), runtime.Version(), migrations.Fingerprint())
			return err
		},
	}
}

// revision is the commit that this program was built from.
func revision() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return setting.Value
			}
		}
	}
	return "unknown revision"
}
