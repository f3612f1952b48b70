package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"reliefledger/internal/chinese"
	"reliefledger/internal/exchange"
)

// speak lets the help of every command be in the language of whoever asks. The texts stand in English beside the commands, and are said in Chinese
// when they are shown.
func (s *settings) speak(root *cobra.Command) {
	root.InitDefaultHelpFlag() // the library looks for commands before it knows its own flag, and would take what follows for its value
	show := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if all, err := readProfiles(); err == nil {
			p, _ := all.find(s.profile) // help is there for whoever named a wrong one, too
			s.kept = p.Language
		}
		if own := c.Flags().Lookup("lang"); own != nil && own.Changed {
			s.lang = own.Value.String() // a bulletin has a language of its own
		}
		if s.language() == "zh" {
			sayHelp(c.Root())
			c.Root().SetUsageFunc(chineseUsage)
		}
		show(c, args)
	})
}

// sayHelp puts the texts of a command and of all below it into Chinese.
func sayHelp(c *cobra.Command) {
	for _, text := range helpTexts(c) {
		*text, _ = chinese.Help(*text, abouts())
	}
	for _, below := range c.Commands() {
		sayHelp(below)
	}
}

// helpTexts are all texts that the help of one command shows.
func helpTexts(c *cobra.Command) []*string {
	c.InitDefaultHelpFlag()
	texts := []*string{&c.Short, &c.Long, &c.Example}
	for _, flags := range []*pflag.FlagSet{c.LocalNonPersistentFlags(), c.PersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) { texts = append(texts, &f.Usage) })
	}
	return texts
}

// abouts say in Chinese what a row of each kind of table is.
func abouts() map[string]string {
	also := map[string]string{}
	for _, kind := range exchange.Kinds {
		also[kind.About(exchange.English)] = kind.About(exchange.Chinese)
	}
	return also
}

// chineseUsage is how a command is used, as the library shows it in English.
func chineseUsage(c *cobra.Command) error {
	var text strings.Builder
	text.WriteString("用法：")
	if c.Runnable() {
		fmt.Fprintf(&text, "\n  %s", strings.Replace(c.UseLine(), "[flags]", "[选项]", 1))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&text, "\n  %s [命令]", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(&text, "\n\n示例：\n%s", c.Example)
	}
	if c.HasAvailableSubCommands() {
		for _, group := range c.Groups() {
			listCommands(&text, c, group.ID, groupTitles[group.ID])
		}
		listCommands(&text, c, "", "其他命令：")
	}
	if c.HasAvailableLocalFlags() {
		text.WriteString("\n\n选项：" + flagLines(c.LocalFlags()))
	}
	if c.HasAvailableInheritedFlags() {
		text.WriteString("\n\n通用选项：" + flagLines(c.InheritedFlags()))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&text, "\n\n“%s 命令 --help”说明其中一个命令。", c.CommandPath())
	}
	_, err := fmt.Fprintln(c.OutOrStderr(), text.String())
	return err
}

func listCommands(text *strings.Builder, c *cobra.Command, group, title string) {
	text.WriteString("\n\n" + title)
	for _, below := range c.Commands() {
		if below.GroupID == group && (below.IsAvailableCommand() || below.Name() == "help") {
			fmt.Fprintf(text, "\n  %-*s %s", below.NamePadding(), below.Name(), below.Short)
		}
	}
}

// valueWords are the kinds of values that flags take.
var valueWords = map[string]string{"string": "文本", "strings": "列表", "int": "整数", "uint": "整数", "duration": "时长", "amount": "金额", "": "日期"}

// flagLines are flags one by one, with what their value is and what it is when they are left out.
func flagLines(flags *pflag.FlagSet) string {
	var left, right []string
	widest := 0
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		kind, usage := pflag.UnquoteUsage(f)
		if f.Value.Type() != "bool" {
			kind = " " + valueWords[kind]
		}
		line := "      --" + f.Name + kind
		if f.Shorthand != "" {
			line = "  -" + f.Shorthand + ", --" + f.Name + kind
		}
		switch f.DefValue {
		case "", "0", "false", "[]":
		default:
			usage += "（默认 " + f.DefValue + "）"
		}
		left, right = append(left, line), append(right, usage)
		widest = max(widest, columns(line))
	})
	var text strings.Builder
	for i, line := range left {
		text.WriteString("\n" + line + strings.Repeat(" ", widest-columns(line)+3) + right[i])
	}
	return text.String()
}
