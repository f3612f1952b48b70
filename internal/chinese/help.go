package chinese

import (
	"cmp"
	"regexp"
	"strings"
)

// forms are texts of the help that differ by one word.
var forms = map[string]string{
	"Keep the register of %s": "维护%s登记册", "List %s in order of code": "按编码顺序列出%s", "Show one %s": "显示一条%s记录", "Show every version of one %s": "显示一条%s记录的每个版本",
	"Add one %s; adding the same again changes nothing": "新增一条%s记录；再次新增相同内容不会改变什么", "Change one %s": "修改一条%s记录",
	"Columns that it must have: %s.": "必有的列：%s。", "Columns that it may have: %s.": "可有的列：%s。", "help for %s": "显示 %s 的说明",
}

// explained is a line of an example: what is typed, and after a gap what it does.
var explained = regexp.MustCompile(`^(\s+\S.*?)(\s{2,})(\S.*)$`)

// typed is a line that is typed as it stands.
var typed = regexp.MustCompile(`^(  (relief|psql|RELIEF_\w+=\S+ relief|FOOD|QUILT)\b|\t|#### )`)

// choice is the usage of a flag that takes one of some words, which stay as they are typed.
var choice = regexp.MustCompile(`^(.+): ([a-z0-9+-]+(?:, [a-z0-9+-]+)*)$`)

// Help says a text of the command line's help in Chinese, whole or by its paragraphs and lines; also holds what the caller has words of its own for.
// It reports false when some part of it has no Chinese: that part stays as it is.
func Help(english string, also map[string]string) (said string, whole bool) {
	english = strings.TrimRight(english, "\n")
	if said := cmp.Or(ofHelp[english], ofFlags[english], ofCobraHelp[english], also[english]); said != "" || strings.TrimSpace(english) == "" {
		return cmp.Or(said, english), true
	}
	for form, chinese := range forms {
		before, after, _ := strings.Cut(form, "%s")
		if rest, fits := strings.CutPrefix(english, before); fits && strings.HasSuffix(rest, after) {
			word := strings.TrimSuffix(rest, after)
			if !strings.Contains(word, "\n") {
				return strings.Replace(chinese, "%s", cmp.Or(words[word], nouns[word], word), 1), true
			}
		}
	}
	for _, between := range []string{"\n\n", "\n"} {
		if parts := strings.Split(english, between); len(parts) > 1 {
			whole = true
			for i, part := range parts {
				var known bool
				parts[i], known = Help(part, also)
				whole = whole && known
			}
			return strings.Join(parts, between), whole
		}
	}
	return helpLine(english)
}

// helpLine is a line that is in no table as it stands.
func helpLine(english string) (string, bool) {
	if parts := explained.FindStringSubmatch(english); parts != nil {
		if said, known := ofHelp[parts[3]]; known {
			return parts[1] + parts[2] + said, true
		}
		return english, false
	}
	if parts := choice.FindStringSubmatch(english); parts != nil {
		if said, known := ofFlags[parts[1]]; known {
			return said + "：" + parts[2], true
		}
	}
	return english, typed.MatchString(english)
}

// nouns are the registers in the plural.
var nouns = map[string]string{"items": "物品", "locations": "地点", "parties": "往来单位", "funds": "资金", "campaigns": "专项行动"}

// ofCobraHelp is what the library of the command line says of its own commands.
var ofCobraHelp = map[string]string{
	"Help about any command": "显示任一命令的说明",
	"Help provides help for any command in the application.\nSimply type relief help [path to command] for full details.":                                 "显示任一命令的说明：relief help 命令名。",
	"Generate the autocompletion script for the specified shell":                                                                                          "生成指定 shell 的自动补全脚本",
	"Generate the autocompletion script for relief for the specified shell.\nSee each sub-command's help for details on how to use the generated script.": "生成指定 shell 的自动补全脚本。\n脚本的用法见各子命令的说明。",

	"Generate the autocompletion script for bash":       "生成 bash 的自动补全脚本",
	"Generate the autocompletion script for zsh":        "生成 zsh 的自动补全脚本",
	"Generate the autocompletion script for fish":       "生成 fish 的自动补全脚本",
	"Generate the autocompletion script for powershell": "生成 powershell 的自动补全脚本",

	"Generate the autocompletion script for the bash shell.": "生成 bash 的自动补全脚本。",
	"Generate the autocompletion script for the zsh shell.":  "生成 zsh 的自动补全脚本。",
	"Generate the autocompletion script for the fish shell.": "生成 fish 的自动补全脚本。",
	"Generate the autocompletion script for powershell.":     "生成 powershell 的自动补全脚本。",

	"This script depends on the 'bash-completion' package.\nIf it is not installed already, you can install it via your OS's package manager.": "脚本依赖软件包 bash-completion，没有时请用系统的包管理器安装。",
	"To load completions in your current shell session:":                                                                               "在当前会话中启用：",
	"To load completions for every new session, execute once:":                                                                         "在以后的每个会话中启用，执行一次：",
	"You will need to start a new shell for this setup to take effect.":                                                                "新开一个 shell 后生效。",
	"To load completions for every new session, add the output of the above command\nto your powershell profile.":                      "在以后的每个会话中启用：把上面命令的输出加入 powershell 的配置文件。",
	"If shell completion is not already enabled in your environment you will need\nto enable it.  You can execute the following once:": "如果环境中尚未启用补全，先执行一次：",
	"disable completion descriptions":                                                                                                  "补全时不带说明",
}
