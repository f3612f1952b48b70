package exchange

import (
	"cmp"
	"fmt"

	"reliefledger/internal/chinese"
)

// Language is what headings and faults are written in.
type Language string

// The languages of tables. Reading takes headings in either, whatever is chosen.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// phrase is a sentence with its numbers left open, in both languages.
type phrase struct{ en, zh string }

func (l Language) say(p phrase, args ...any) string {
	if l == Chinese {
		return fmt.Sprintf(cmp.Or(p.zh, p.en), args...)
	}
	return fmt.Sprintf(p.en, args...)
}

// said is what the book says, in the language.
func (l Language) said(english string) string {
	if l == Chinese {
		return chinese.Word(english)
	}
	return english
}

// complaint is what is wrong with a cell; nil when nothing is.
type complaint struct {
	phrase
	args []any
}

func (p phrase) about(args ...any) *complaint { return &complaint{p, args} }

var (
	noHeading      = phrase{"the sheet is empty, a row of headings wanted", "表格是空的，需要一行表头"}
	unknownHeading = phrase{"heading %q is not known here, known are: %s", "未知的表头“%s”，可用的表头：%s"}
	twiceHeading   = phrase{"heading %q means the same as column %s", "表头“%s”与%s列含义相同"}
	missingHeading = phrase{"there is no column %s", "缺少“%s”列"}
	noHeadingAbove = phrase{"%q stands under no heading", "“%s”上方没有表头"}
	missingCell    = phrase{"the cell is empty", "单元格为空"}
	failedCell     = phrase{"the spreadsheet shows the error %s", "表格显示错误 %s"}
	dayForText     = phrase{
		"the spreadsheet has made the day %s of a text such as 1-2: format the column as text and type it again",
		"表格软件把文本（如 1-2）变成了日期 %s：请把该列设为文本格式后重新输入",
	}
	longNumber = phrase{
		"%s has more digits than a spreadsheet keeps of a number, which are 15: format the column as text and type it again",
		"%s 的位数超过表格软件能保存的15位：请把该列设为文本格式后重新输入",
	}
	notNumber = phrase{"%q is not a number of at most %d digits before and %d after the point", "“%s”不是数字：小数点前最多%d位、小数点后最多%d位"}
	notSigned = phrase{"%q is not an amount of at most %d digits before and %d after the point, with a minus when it left", "“%s”不是金额：小数点前最多%d位、小数点后最多%d位，支出带负号"}
	notCount  = phrase{"%q is not a whole number of at most 9 digits", "“%s”不是9位以内的整数"}
	notDay    = phrase{"%q is not a day, as 2023-12-24", "“%s”不是日期，应如 2023-12-24"}
	notFlag   = phrase{"%q is neither yes nor no", "“%s”应为“是”或“否”"}
	notChoice = phrase{"%q is none of %s", "“%s”不在可选值之中：%s"}
	notPacks  = phrase{`%q is not a list of packs, as "bale=20; carton=40"`, `“%s”不是包装列表，应如“包=20; 箱=40”`}
	differs   = phrase{
		"%q stands here and %q in row %d, but rows with one reference are one document",
		"此处为“%s”，第%[3]d行为“%[2]s”，而同一单据号的各行属于同一张单据",
	}
	apart   = phrase{"reference %s was used in row %d already: the rows of one document stand together", "单据号 %s 已在第%d行使用：同一张单据的各行应相连"}
	tooLong = phrase{"reference %s has more than %d rows", "单据号 %s 超过%d行"}
	tooMany = phrase{
		"a bank statement has at most %d lines: divide the file between two days, each part a statement with its own days, opening and closing",
		"一张对账单最多%d行：请在两天之间拆分文件，每部分是一张对账单，有自己的日期和期初、期末余额",
	}
	atRow    = phrase{"row %d", "第%d行"}
	atColumn = phrase{", column %s", "%s列"}
	under    = phrase{" (%s)", "（%s）"}
	colon    = phrase{": ", "："}
)
