package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"reliefledger/api"
	"reliefledger/migrations"
)

func (s *settings) database() *cobra.Command {
	c := &cobra.Command{Use: "db", Short: "Tell about the database"}
	c.AddCommand(&cobra.Command{
		Use: "url", Short: "Print the connection string of the database, for psql", Args: cobra.NoArgs,
		Long:    "Prints the connection string of the database. The private PostgreSQL answers only while something runs it: relief serve, for one.",
		Example: `  psql "$(relief db url)" -c 'SELECT number, kind, document FROM entries ORDER BY number DESC LIMIT 5'`,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := s.find(c.Context())
			if err != nil {
				return err
			}
			if p.ended() != nil {
				s.noticed("nothing serves this database now: start relief serve first, then connect")
			}
			_, err = fmt.Fprintln(s.out, p.dsn)
			return errors.Join(err, p.stop())
		},
	})
	return c
}

func (s *settings) migrate() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database to the schema of this program", Args: cobra.NoArgs,
		Long: "Applies the migrations that the database lacks, all of them or none. Run it as the owner of the schema before a new version serves.",
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := s.start(c.Context())
			if err != nil {
				return err
			}
			return errors.Join(migrations.Run(c.Context(), p.dsn), p.stop())
		},
	}
}

func (s *settings) openapi() *cobra.Command {
	older := false
	c := &cobra.Command{
		Use: "openapi", Short: "Print the contract of the API (OpenAPI 3.1), without a database", Args: cobra.NoArgs,
		Example: `  relief openapi > openapi/openapi.yaml
  relief openapi --older > openapi/openapi-3.0.yaml   for generators that know OpenAPI 3.0 only`,
		RunE: func(*cobra.Command, []string) error {
			write := api.Contract
			if older {
				write = api.Contract30
			}
			contract, err := write()
			if err != nil {
				return err
			}
			_, err = s.out.Write(contract)
			return err
		},
	}
	c.Flags().BoolVar(&older, "older", false, "print it as OpenAPI 3.0")
	return c
}
