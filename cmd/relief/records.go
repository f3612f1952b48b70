package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"reliefledger/openapi/client"
)

// jsonType is how records travel.
const jsonType = "application/json"

// pageSize is the hard maximum of the registers' pages.
const pageSize int64 = 500

// record is a record of a register as the API writes it. Numbers stay as they are written.
type record map[string]any

// noun is a register on the command line. The records are kept as they come, so that a field which this program does not know survives
// a change.
type noun struct {
	name, plural string
	example      string // a line for relief NOUN add
	columns      []string
	fields       []field
	list         func(ctx context.Context, api *client.Client, after *string, limit *int64) (*http.Response, error)
	read         func(ctx context.Context, api *client.Client, code string) (*http.Response, error)
	history      func(ctx context.Context, api *client.Client, code string) (*http.Response, error)
	create       func(ctx context.Context, api *client.Client, body io.Reader) (*http.Response, error)
	change       func(ctx context.Context, api *client.Client, code string, etag *string, body io.Reader) (*http.Response, error)
}

// field is a member of a record and the flag that sets it.
type field struct {
	flag, member, usage string
	parse               func(string) (any, error) // nil for a text
	yes                 bool                      // a flag that stands alone
	words               []string                  // the only texts it takes
}

func whole(text string) (any, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("%q is no whole number", text)
	}
	return n, nil
}

func yesOrNo(text string) (any, error) { return strconv.ParseBool(text) }

// pairs reads a list as A=B,C=D; each becomes an object with two members.
func pairs(left, right string) func(string) (any, error) {
	return func(text string) (any, error) {
		list := []any{}
		for part := range strings.SplitSeq(text, ",") {
			a, b, both := strings.Cut(part, "=")
			if !both || a == "" || b == "" {
				return nil, fmt.Errorf("%q is not %s=%s", part, strings.ToUpper(left), strings.ToUpper(right))
			}
			list = append(list, map[string]any{left: a, right: b})
		}
		return list, nil
	}
}

// register makes the commands of a register.
func (s *settings) register(n noun) *cobra.Command {
	c := &cobra.Command{Use: n.name, Short: "Keep the register of " + n.plural}
	c.AddCommand(s.listRecords(n), s.showRecord(n), s.recordHistory(n), s.addRecord(n), s.changeRecord(n))
	return c
}

func (s *settings) listRecords(n noun) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List " + n.plural + " in order of code", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			records, err := n.all(c.Context(), api)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(s.out, map[string]any{"records": records})
			}
			t := s.columns(nil, n.columns...)
			for _, r := range records {
				cells := make([]string, len(n.columns))
				for i, name := range n.columns {
					cells[i] = r.cell(n.member(name))
				}
				t.add(cells...)
			}
			return t.write(s.out)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

// member is the member of a record that a column shows.
func (n noun) member(column string) string {
	for _, f := range n.fields {
		if f.flag == strings.ReplaceAll(column, " ", "-") {
			return f.member
		}
	}
	return column
}

// all are the records of all pages.
func (n noun) all(ctx context.Context, api *client.Client) ([]record, error) {
	records := []record{}
	size := pageSize
	var after *string
	for {
		page, err := read[struct {
			Records []record `json:"records"`
			Next    string   `json:"next"`
		}](n.list(ctx, api, after, &size))
		records = append(records, page.Records...)
		if err != nil || page.Next == "" {
			return records, err
		}
		after = &page.Next
	}
}

// cell is a member as a person reads it.
func (r record) cell(member string) string {
	switch v := r[member].(type) {
	case nil, bool:
		if v == true {
			return "+"
		}
		return ""
	case []any:
		var parts []string
		for _, e := range v {
			object, _ := e.(map[string]any)
			parts = append(parts, strings.TrimSuffix(fmt.Sprintf("%v=%v", firstOf(object, "code", "name"), firstOf(object, "quantity", "name")), "="))
		}
		return strings.Join(parts, ",")
	default:
		return fmt.Sprint(v)
	}
}

func firstOf(object map[string]any, members ...string) any {
	for _, m := range members {
		if v, there := object[m]; there {
			return v
		}
	}
	return ""
}

// standing reads a record with its ETag.
func (n noun) standing(ctx context.Context, api *client.Client, code string) (record, string, error) {
	answer, err := n.read(ctx, api, code)
	text, err := body(answer, err)
	if err != nil {
		return nil, "", err
	}
	r, err := readRecord(text)
	return r, answer.Header.Get("ETag"), err
}

func readRecord(text []byte) (record, error) {
	r := record{}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return r, d.Decode(&r)
}

func (s *settings) showRecord(n noun) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "show CODE", Short: "Show one " + n.name, Args: cobra.ExactArgs(1), ValidArgsFunction: s.completeCodes(n),
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			r, etag, err := n.standing(c.Context(), api, args[0])
			if err != nil {
				return err
			}
			return s.printRecord(n, r, etag, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) printRecord(n noun, r record, etag string, asJSON bool) error {
	if asJSON {
		return printJSON(s.out, r)
	}
	fmt.Fprintf(s.out, "%s  %s\n", r.cell("code"), strings.Trim(etag, `"`))
	for _, f := range n.fields {
		switch text := r.cell(f.member); {
		case text == "" || text == "0":
		case f.yes:
			fmt.Fprintf(s.out, "  --%s\n", f.flag)
		default:
			fmt.Fprintf(s.out, "  --%s %s\n", f.flag, text)
		}
	}
	return nil
}

func (s *settings) recordHistory(n noun) *cobra.Command {
	return &cobra.Command{
		Use: "history CODE", Short: "Show every version of one " + n.name, Args: cobra.ExactArgs(1), ValidArgsFunction: s.completeCodes(n),
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			h, err := read[struct {
				Versions []struct {
					Version   int64  `json:"version"`
					ChangedAt string `json:"changed_at"`
					ChangedBy string `json:"changed_by"`
					Record    record `json:"record"`
				} `json:"versions"`
			}](n.history(c.Context(), api, args[0]))
			if err != nil {
				return err
			}
			head := []string{"version", "changed", "by"}
			for _, f := range n.fields {
				head = append(head, strings.ReplaceAll(f.flag, "-", " "))
			}
			t := s.columns([]int{0}, head...)
			for _, v := range h.Versions {
				cells := []string{fmt.Sprint(v.Version), v.ChangedAt, v.ChangedBy}
				for _, f := range n.fields {
					cells = append(cells, v.Record.cell(f.member))
				}
				t.add(cells...)
			}
			return t.write(s.out)
		},
	}
}

// flags adds a flag for every field.
func (n noun) flags(c *cobra.Command) {
	for _, f := range n.fields {
		c.Flags().String(f.flag, "", f.usage)
		if f.yes {
			c.Flags().Lookup(f.flag).NoOptDefVal = "true"
		}
		if f.words != nil {
			_ = c.RegisterFlagCompletionFunc(f.flag, cobra.FixedCompletions(f.words, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}

// apply writes the flags that were given into a record. An empty text takes the member away.
func (n noun) apply(c *cobra.Command, r record) error {
	var wrong []error
	for _, f := range n.fields {
		flag := c.Flags().Lookup(f.flag)
		text := flag.Value.String()
		switch {
		case !flag.Changed:
		case text == "":
			delete(r, f.member)
		case f.parse == nil:
			r[f.member] = text
		default:
			v, err := f.parse(text)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("--%s: %w", f.flag, err))
			}
			r[f.member] = v
		}
	}
	if len(wrong) > 0 {
		return misuse{errors.Join(wrong...)}
	}
	return nil
}

func (s *settings) addRecord(n noun) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "add CODE", Short: "Add one " + n.name + "; adding the same again changes nothing", Args: cobra.ExactArgs(1), Example: n.example,
		RunE: func(c *cobra.Command, args []string) error {
			r := record{"code": args[0]}
			if err := n.apply(c, r); err != nil {
				return err
			}
			return s.send(n, asJSON, r, func(api *client.Client, sent io.Reader) (*http.Response, error) {
				return n.create(c.Context(), api, sent)
			})
		},
	}
	n.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

func (s *settings) changeRecord(n noun) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "change CODE", Short: "Change one " + n.name, Args: cobra.ExactArgs(1), ValidArgsFunction: s.completeCodes(n),
		Long:    "Changes what the flags say and leaves the rest. When somebody else has changed it in between, nothing is changed. An empty text takes a field away.",
		Example: strings.Replace(n.example, n.name+" add ", n.name+" change ", 1),
		RunE: func(c *cobra.Command, args []string) error {
			api, err := s.connect()
			if err != nil {
				return err
			}
			r, etag, err := n.standing(c.Context(), api, args[0])
			if err == nil {
				err = n.apply(c, r)
			}
			if err != nil {
				return err
			}
			return s.send(n, asJSON, r, func(api *client.Client, sent io.Reader) (*http.Response, error) {
				return n.change(c.Context(), api, args[0], &etag, sent)
			})
		},
	}
	n.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the API answers")
	return c
}

// send sends a record and shows it as it stands then.
func (s *settings) send(n noun, asJSON bool, r record, send func(*client.Client, io.Reader) (*http.Response, error)) error {
	api, err := s.connect()
	if err != nil {
		return err
	}
	sent, err := json.Marshal(r)
	if err != nil {
		return err
	}
	answer, err := send(api, bytes.NewReader(sent))
	text, err := body(answer, err)
	if err != nil {
		return err
	}
	kept, err := readRecord(text)
	if err != nil {
		return err
	}
	return s.printRecord(n, kept, answer.Header.Get("ETag"), asJSON)
}
