package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// What is no command of a group is refused in every group, wherever flags stand: the help of the group is no answer to it.
func TestNoCommandOfAGroup(t *testing.T) {
	groups := 0
	everyCommand(func(c *cobra.Command) {
		if c.Runnable() || !c.HasSubCommands() {
			return
		}
		groups++
		path := strings.Fields(c.CommandPath())[1:]
		for _, args := range [][]string{append(path, "PT-0031"), append(path, "--lang", "en", "PT-0031", "QUILT=3")} {
			var out, said bytes.Buffer
			if code := run(t.Context(), args, &out, &said); code != misused || out.Len() > 0 || !strings.Contains(said.String(), `unknown command "PT-0031" for "relief`) {
				t.Errorf("%v: %d\n%s%s", args, code, out.String(), said.String())
			}
		}
		var out, said bytes.Buffer
		if code := run(t.Context(), path, &out, &said); code != succeeded || said.Len() > 0 || out.Len() == 0 {
			t.Errorf("%v alone: %d %s", path, code, said.String())
		}
	})
	if groups < 15 {
		t.Errorf("%d groups were found", groups)
	}
}
