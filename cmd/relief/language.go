package main

import (
	"cmp"
	"os"
	"strings"
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
	"ordered": "订购", "received": "已收", "invoiced": "已开票", "still open": "未到", "committed": "已承诺",
	"was there already": "已存在", "division": "区划", "lines": "明细", "path": "路径",
	"starts on": "开始日期", "ends on": "结束日期", "opens on": "启用日期", "closes on": "停用日期",
	"drill": "演练", "packs": "包装", "credit code": "统一社会信用代码", "name en": "英文名称", "actions": "行动", "classification": "分类码", "custody": "代管", "decimals": "小数位", "shelf life days": "保质天数",
	"pseudonym": "化名", "phone number": "电话", "resident number": "身份证号码", "kept until": "保存至", "erased": "已删除",
	"look": "查阅", "at": "时间", "act": "动作", "registered": "已登记", "keep": "登记", "read": "查看", "find": "查找", "erase": "删除",
	"hint": "提示", "row": "行", "rows": "行", "documents": "张单据", "booked": "已入账", "would be booked": "将入账", "there already": "已存在",
}

// say is a word in the language of whoever asks.
func (s *settings) say(word string) string {
	if s.language() == "zh" {
		return cmp.Or(wordings[word], word)
	}
	return word
}

// columns makes a table whose headings are in the language of whoever asks.
func (s *settings) columns(right []int, head ...string) *table {
	t := &table{head: make([]string, len(head)), right: right}
	for i, word := range head {
		t.head[i] = s.say(word)
	}
	return t
}
