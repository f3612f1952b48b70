package main

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// completeWithin is how long a completion may take: somebody has pressed a key and waits.
const completeWithin = 2 * time.Second

// codes are the codes of a register that begin as was typed, with their names. A completion that fails says nothing.
func (s *settings) codes(n noun, typed string) []cobra.Completion {
	ctx, cancel := context.WithTimeout(context.Background(), completeWithin)
	defer cancel()
	asked := *s
	asked.patience, asked.err = 0, io.Discard
	api, err := asked.connect()
	if err != nil {
		return nil
	}
	size := pageSize
	after := given(before(typed))
	page, err := read[struct {
		Records []record `json:"records"`
	}](n.list(ctx, api, after, &size))
	if err != nil {
		return nil
	}
	var codes []cobra.Completion
	for _, r := range page.Records {
		if code := r.cell("code"); strings.HasPrefix(code, typed) {
			codes = append(codes, cobra.CompletionWithDesc(code, r.cell("name")))
		}
	}
	return codes
}

// codeSigns are the signs of codes in the order in which registers sort them.
const codeSigns = "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"

// before is a code that sorts just before those that begin as was typed, so that one page of a long register is enough.
func before(typed string) string {
	if typed == "" {
		return ""
	}
	start, last := typed[:len(typed)-1], strings.IndexByte(codeSigns, typed[len(typed)-1])
	if last <= 0 || start == "" && !strings.ContainsAny(codeSigns[last-1:last], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
		return start
	}
	return start + codeSigns[last-1:last]
}

func (s *settings) completeCodes(n noun) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return s.codes(n, typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeGoods completes some locations and then items, which go on with a quantity.
func (s *settings) completeGoods(places int) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) < places {
			return s.codes(locations, typed), cobra.ShellCompDirectiveNoFileComp
		}
		if strings.ContainsAny(typed, "=/") {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		found := s.codes(items, typed)
		for i, completion := range found {
			code, name, _ := strings.Cut(completion, "\t")
			found[i] = cobra.CompletionWithDesc(code+"=", name)
		}
		return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}
