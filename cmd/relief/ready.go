package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

func (s *settings) ready() *cobra.Command {
	var o serving
	c := &cobra.Command{
		Use: "ready", Short: "Ask the server of this machine whether it can post, for health checks", Args: cobra.NoArgs,
		Long: "Asks the server of the same configuration on this machine for /readyz, and ends with 0 when it can post, with 5 when it cannot or does not answer.",
		RunE: func(c *cobra.Command, _ []string) error { return o.ask(c.Context(), s.out) },
	}
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:8080", "address that it serves on")
	c.Flags().StringVar(&o.cert, "tls-cert", "", "file of its certificate, when it speaks TLS")
	return c
}

// ask answers with nothing when the server is ready.
func (o serving) ask(ctx context.Context, out io.Writer) error {
	host, port, err := net.SplitHostPort(o.listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.scheme()+"://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	// The certificate is not made out to a loopback address, and nothing secret is sent.
	client := &http.Client{Timeout: 4 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // see above
	answer, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("%w: %w", errNotReady, err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 4<<10)) // what can be read of it
		return fmt.Errorf("%w: %d %s", errNotReady, answer.StatusCode, text)
	}
	_, err = fmt.Fprintln(out, "ready") // a health check reads it
	return err
}
