package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"reliefledger/internal/chinese"
)

// language is the language that people are answered in: zh or en.
func (s *settings) language() string {
	wanted := cmp.Or(s.lang, s.kept, os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG"))
	if strings.HasPrefix(strings.ToLower(wanted), "zh") {
		return "zh"
	}
	return "en"
}

// wordings are the Chinese words of tables and answers. The words of the book, as an account or a kind of entry, stay as they are: people copy them
// into commands.
var wordings = map[string]string{
	"from": "发出", "to": "收入", "item": "物资", "lot": "批次", "fund": "资金", "quantity": "数量", "value": "金额", "account": "账户",
	"code": "代码", "name": "名称", "unit": "单位", "category": "类别", "kind": "类型", "parent": "上级", "opens": "启用", "closes": "停用",
	"retired": "停用", "purpose": "用途", "starts": "开始", "ends": "结束", "version": "版本", "changed": "修改时间", "by": "修改人",
	"sent": "已发", "left": "在途", "entry": "分录", "document": "单据", "on": "日期", "outcome": "结果", "reason": "原因", "actor": "经办",
	"held": "账存", "found": "实盘", "given": "已发放", "returned": "已退回", "people": "人数", "expires": "有效期至", "batch": "批号", "restricted": "限定", "valid from": "起用", "valid until": "有效期至",
	"dry run, nothing written": "试运行，未写入", "posted before, this is the first answer again": "此前已过账，这是当时的答复",
	"it would leave": "过账后结余", "key": "键", "yes": "是", "reversed": "已冲销", "still in transit": "仍在途", "approved by": "批准单",
	"id": "编号", "role": "角色", "location": "地点", "withdrawn": "撤回", "made": "建立", "last used": "最近使用", "state": "状态", "good": "有效", "revoked": "已撤销", "expired": "已过期",
	"other live tokens of that name; relief token revoke ends one": "同名的其他有效令牌（可用 relief token revoke 撤销）",
	"rule": "规则", "proposed by": "提议人", "proposed": "提议", "agreed by": "同意人", "agreed": "已同意", "open": "待办", "undone": "已冲销",
	"write-off": "报废", "reopening": "反结账", "short-closing": "短少结案",
	"ordered": "订购", "received": "已收", "received on": "入库日", "invoiced": "已开票", "still open": "未到", "committed": "已承诺", "planned": "预算", "line": "对账单行", "counterparty": "对方户名", "text": "摘要", "match": "勾对单", "book": "账面余额", "bank statement": "银行对账单余额", "not at the bank": "账有行无", "not in the book": "行有账无", "reference": "外部单号", "relief bank match --proposed would match": "relief bank match --proposed 将勾对", "spent": "已用", "left over": "剩余", "sum": "合计", "billed": "开票金额",
	"asked of": "供应地点", "asked by": "申请地点", "needed by": "需用日期", "asked": "申请", "reserved": "已预留", "dispatched": "已发出", "still wanted": "尚缺",
	"partly-dispatched": "部分发出", "fulfilled": "已满足", "closed": "已关闭",
	"was there already": "已存在", "division": "区划", "lines": "明细", "path": "路径",
	"starts on": "开始日期", "ends on": "结束日期", "opens on": "启用日期", "closes on": "停用日期",
	"drill": "演练", "packs": "包装", "credit code": "统一社会信用代码", "name en": "英文名称", "actions": "行动", "classification": "分类码", "custody": "代管", "decimals": "小数位", "shelf life days": "保质天数",
	"pseudonym": "化名", "phone number": "电话", "resident number": "身份证号码", "kept until": "保存至", "erased": "已删除",
	"look": "查阅", "at": "时间", "act": "动作", "registered": "已登记", "keep": "登记", "read": "查看", "find": "查找", "erase": "删除",
	"goods": "物资", "accounts": "账户", "difference": "差异", "all goods": "全部物资", "goods and accounts agree": "账实相符",
	"goods and accounts DISAGREE: somebody has changed the database, relief verify names the rows": "账实不符：有人改动了数据库，relief verify 指出是哪些行",
	"from or to": "来源或去向", "in": "收入", "out": "发出", "holds": "结存", "opening": "期初", "closing": "期末", "amount": "金额", "made of": "构成", "condition": "状况", "stock": "在库", "quarantine": "隔离", "transit": "在途", "debit": "借方", "credit": "贷方",
	"server": "服务器", "token": "令牌", "default": "默认", "token (not shown)": "令牌（不显示）", "token, good for 30 days": "令牌，有效 30 天", "contract": "接口约定", "log key": "日志密钥",
	"booking the winter campaign": "正在录入冬季行动", "verifying": "正在核验", "checking": "正在检查", "trying": "正在试算", "booking": "正在入账", "flag": "选项", "environment": "环境变量",
	"hint": "提示", "row": "行", "rows": "行", "documents": "张单据", "booked": "已入账", "would be booked": "将入账", "there already": "已存在",
}

// say is a word in the language of whoever asks.
func (s *settings) say(word string) string {
	if s.language() == "zh" {
		return cmp.Or(wordings[word], word)
	}
	return word
}

// named is the name of a record in the language of whoever asks, as far as it has one.
func (s *settings) named(name, english string) string {
	if s.language() == "zh" {
		return name
	}
	return cmp.Or(english, name)
}

// told is a sentence in the language of whoever asks.
func (s *settings) told(format string, args ...any) string {
	if s.language() == "zh" {
		return chinese.Sprintf(format, args...)
	}
	return fmt.Sprintf(format, args...)
}

// notice writes a sentence on a line of its own.
func (s *settings) notice(w io.Writer, format string, args ...any) error {
	_, err := io.WriteString(w, s.told(format, args...)+"\n")
	return err
}

// noticed is a notice beside the output. Nothing stops when nobody reads it.
func (s *settings) noticed(format string, args ...any) { _ = s.notice(s.err, format, args...) }

// columns makes a table whose headings are in the language of whoever asks.
func (s *settings) columns(right []int, head ...string) *table {
	t := &table{head: make([]string, len(head)), right: right}
	for i, word := range head {
		t.head[i] = s.say(word)
	}
	return t
}
