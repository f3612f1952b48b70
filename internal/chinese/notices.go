package chinese

import (
	"fmt"
	"strconv"
	"strings"
)

// Sprintf is fmt.Sprintf in Chinese, for what the command line tells whoever sits before it: the format is looked up, so nothing has to be recognized.
// A format without Chinese stays English.
func Sprintf(format string, args ...any) string {
	said, known := ofNotices[strings.TrimSpace(format)]
	if !known {
		return fmt.Sprintf(format, args...)
	}
	before, after, _ := strings.Cut(format, strings.TrimSpace(format))
	var swaps []string
	for i, place := range verb.FindAllString(format, -1) {
		swaps = append(swaps, "$"+strconv.Itoa(i+1), fmt.Sprintf(place, args[i]))
	}
	return before + strings.NewReplacer(swaps...).Replace(said) + after // in one go: a name may hold a $3 of its own
}

// ofNotices are the notices and the last lines of commands.
var ofNotices = map[string]string{
	"%s: %d funds, %d places, as known at entry %d": "$1：$2 个资金，$3 个地点，截至第 $4 号分录所知",
	"%s %s, %s %s, in %s":                           "$1 $2，$3 $4，单位 $5",
	"%s %s, as known at entry %d":                   "$1 $2，截至第 $3 号分录所知",
	"value %s, as known at entry %d":                "金额 $1，截至第 $2 号分录所知",
	"as known at entry %d":                          "截至第 $1 号分录所知",

	"the server says %s; asking again in %s":           "服务器答复 $1；$2 后重试",
	"the server cannot be reached; asking again in %s": "连不上服务器；$1 后重试",
	"profile %s: %s":          "配置 $1：$2",
	"%s: %d of %d":            "$1：$2 / $3",
	"%s: the oldest %s of %s": "$1：最早的 $2 项，共 $3 项",
	"%d entries, one match holds %d: take the first statement back and begin with an earlier one":  "有 $1 条分录，一次勾对最多 $2 条：请冲销第一张对账单，从更早的对账单开始",
	"nothing serves this database now: start relief serve first, then connect":                     "现在没有命令在运行该数据库：请先启动 relief serve，再连接",
	"book %s holds work of its own: the demo is left out, --data names a directory for it":         "账簿 $1 已有自己的内容：不录入演示，可用 --data 为演示另指目录",
	"booked the winter campaign: %d entries":                                                       "已录入冬季行动：$1 条分录",
	"%s\nsigns after the next start of the server":                                                 "$1\n服务器下次启动后用它签名",
	"%s\nsigns after the next start of the server; the retired private key is %s, destroy it then": "$1\n服务器下次启动后用它签名；停用的私钥在 $2，届时请销毁",
	"book %s is whole: %d entries, %d checkpoints in %s":                                           "账簿 $1 完好：$2 条分录，$4 中有 $3 个检查点",
	"book %s goes on after entry %d; the old checkpoints stay in %s":                               "账簿 $1 从第 $2 号分录之后继续；旧检查点留在 $3",
	"book %s lost nothing: it holds %d entries, and the checkpoint file vouches for no more":       "账簿 $1 没有缺失：共 $2 条分录，检查点文件所证明的不多于此",

	"Relief Ledger keeps book %s on %s": "Relief Ledger 在 $2 提供账簿 $1",
	"The first administrator's token, shown this once (relief token create makes more):\n\n  %s": "首个管理员的令牌，只显示这一次（relief token create 可再建）：\n\n  $1",
	"Try, in another terminal:\n\nTOKEN=%s":                                                      "请在另一个终端试用：\n\nTOKEN=$1",

	"# Configuration of Relief Ledger. A flag goes over the environment, the environment over this file, this file over the default.": "# Relief Ledger 的配置。命令行选项优先于环境变量，环境变量优先于本文件，本文件优先于默认值。",
	"# %s; %s in the environment.": "# $1；环境变量 $2。",
	"# Danger: %s":                 "# 风险：$1",
	"# From: %s\n%s = %s":          "# 来源：$1\n$2 = $3",
}
