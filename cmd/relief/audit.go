package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
)

// auditor is the log of security events: tokens and grants, refused and forbidden requests, keys, losses, broken books. Each line is
// JSON with "audit":true and holds no secret. It goes to the file that --audit-log names, or else to where the caller says.
func (s *settings) auditor(otherwise io.Writer) (*slog.Logger, error) {
	to := otherwise
	if s.auditLog != "" {
		// Appending, so that several programs may write to it and logrotate's copytruncate may cut it. It is closed with the program.
		f, err := os.OpenFile(s.auditLog, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return nil, fmt.Errorf("audit log: %w", err)
		}
		to = f
	}
	return slog.New(slog.NewJSONHandler(to, nil)).With("audit", true), nil
}
