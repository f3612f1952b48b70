package chinese

// ofTables is what is wrong with a spreadsheet before the book sees its rows.
var ofTables = map[string]string{
	"an earlier version has booked a part under key %s, which holds for that very file only":         "较早版本已用键 $1 入账了一部分，该键只适用于原来的文件",
	"put the rows that are still to be booked into a file of their own, and import it without --key": "请把尚未入账的行放入另一个文件，不带 --key 导入",
	"%s stands in the sheet twice":                                                                "$1 在表中重复",
	"a CSV file has no sheet %.80q":                                                               "CSV 文件没有工作表 $1",
	"row %d has %d columns, at most %d wanted":                                                    "第 $1 行有 $2 列，最多 $3 列",
	"row %d has more than %d columns":                                                             "第 $1 行超过 $2 列",
	"row %d, column %s has more than %d characters: is a quotation mark missing?":                 "第 $1 行 $2 列超过 $3 个字符：是否缺少引号？",
	"row %d, column %s: %w":                                                                       "第 $1 行 $2 列：#3",
	"row %d, column %s: neither UTF-8 nor GB18030 can be read there":                              "第 $1 行 $2 列：既不是 UTF-8 也不是 GB18030 编码",
	"row %d: a quotation mark is missing or stands alone":                                         "第 $1 行：引号缺失或单独出现",
	"text number %.20q is not in the workbook":                                                    "工作簿中没有第 $1 号文本",
	"the file has %d MiB, at most %d wanted":                                                      "文件有 $1 MiB，最多 $2 MiB",
	"the file is an old or a protected workbook: save it as .xlsx without a password, or as .csv": "文件是旧格式或受保护的工作簿：请另存为不带密码的 .xlsx 或 .csv",
	"the file is no workbook: %w":                                                                 "文件不是工作簿：$1",
	"the text has %d characters, a spreadsheet keeps %d":                                          "文本有 $1 个字符，表格最多保存 $2 个",
	"the workbook has no part %.80q":                                                              "工作簿缺少部件 $1",
	"the workbook has no sheet %.80q, it has %.200q":                                              "工作簿没有工作表 $1，现有 $2",
	"the workbook unzips to more than %d MiB":                                                     "工作簿解压后超过 $1 MiB",
	"the workbook's %s cannot be read: %w":                                                        "无法读取工作簿的 $1：#2",
	"the workbook's texts have more than %d MiB":                                                  "工作簿的文本超过 $1 MiB",
	"enough": "已足够",
}
