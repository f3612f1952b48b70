package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// keeping are the commands of keepers and officers: each one is a request to a server.
func (s *settings) keeping() []*cobra.Command {
	return []*cobra.Command{
		s.profileCommand(),
		s.register(items), s.register(locations), s.register(parties), s.register(funds), s.register(campaigns),
		s.receive(), s.request(), s.transfer(), s.arrive(), s.recall(), s.closeShort(),
		s.handout(), s.takeBack(), s.writeOff(), s.count(), s.assemble(),
		s.contribute(), s.budget(), s.purchase(), s.invoice(), s.freight(), s.pay(), s.lend(), s.settle(), s.bank(),
		s.record(), s.close(), s.reopen(), s.reverse(), s.showDocument(),
		s.person(),
		s.importTables(),
	}
}

// groups divide the help by who looks for what; a command that is in none of them runs a book.
var groups = []struct{ id, title, commands string }{
	{"goods", "Goods:", "receive request transfer arrive recall close-short handout return write-off count assemble"},
	{"money", "Money:", "contribute budget purchase invoice freight pay lend settle bank"},
	{"book", "Documents and registers:", "show reverse record close reopen item location party fund campaign import profile"},
	{"access", "Who may do what:", "actor grant token person"},
	{"reports", "Reports:", "stock lots card statement agreement bulletin trial-balance dual-controls export verify"},
}

// groupTitles are the titles of the groups in Chinese.
var groupTitles = map[string]string{"goods": "物资：", "money": "资金：", "book": "单据与登记册：", "access": "权限：", "reports": "报表："}

// grouped sorts the commands of the help.
func grouped(root *cobra.Command) {
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.id, Title: g.title})
		for _, c := range root.Commands() {
			if slices.Contains(strings.Fields(g.commands), c.Name()) {
				c.GroupID = g.id
			}
		}
	}
}
