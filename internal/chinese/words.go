package chinese

// words are the nouns of messages, as docs/glossary.md has them.
var words = map[string]string{
	"account name": "账户名", "action": "行动", "action code": "行动编码", "action name": "行动名称", "activity": "工作记录", "actor": "操作人", "age band": "年龄段",
	"batch": "批号", "book": "账簿", "campaign": "专项行动", "campaign code": "专项行动编码", "campaign name": "专项行动名称", "certificate": "凭证",
	"English action name": "行动英文名称", "English campaign name": "专项行动英文名称", "English fund name": "资金英文名称", "English item name": "物品英文名称",
	"English location name": "地点英文名称", "English party name": "往来单位英文名称", "evidence of goods in kind": "实物捐赠的计价依据",
	"fund": "资金", "fund code": "资金编码", "fund name": "资金名称", "handout": "发放单", "item": "物品", "item code": "物品编码", "item name": "物品名称",
	"kind": "类型", "location": "地点", "location code": "地点编码", "location name": "地点名称", "lot": "批次", "pack name": "包装名称", "page after": "after 参数",
	"parent": "上级地点", "party": "往来单位", "party code": "往来单位编码", "party name": "往来单位名称", "payee": "收款方", "pseudonym": "化名", "purpose of a restricted fund": "限定用途资金的用途",
	"reason": "原因", "reference": "外部单号", "sex": "性别", "unit": "单位", "unit price": "单价", "value": "金额", "value without evidence": "无计价依据的金额", "vehicle": "车辆",
	"province": "省级行政区", "prefecture": "地级行政区", "warehouse": "仓库", "station": "救助站", "point": "救助点", "at the root": "位于最上级",
	"entry": "分录", "document": "单据", "receipt": "入库单", "request": "申请单", "reservation": "预留单", "release": "释放单", "request-closing": "申请关闭", "transfer": "调拨单", "dispatch": "发出单", "arrival": "到货单", "recall": "召回单", "waybill": "运单",
	"write-off": "报废单", "count": "盘点单", "assembly": "组包单", "remark": "备注", "approval": "批准", "close": "结账", "reopen": "反结账", "reopen-proposal": "反结账提议", "reversal": "冲销", "return": "退回单", "closing": "关闭",
	"short closing": "短少结案", "contribution": "到账单", "invoice": "发票", "freight": "运费单", "claim": "索赔", "settlement": "理赔", "payment": "付款单", "interfund": "资金间往来",
	"handouts": "发放单", "write-off approval": "报废批准", "point closing": "救助点关闭",
	"purchase": "采购", "budget": "预算", "budget name": "预算名称", "line name": "预算科目名称", "counterparty": "对方", "text": "摘要", "id": "银行流水号", "bank-statement": "银行对账单", "bank-match": "勾对", "match": "勾对单", "bank statement": "银行对账单", "budget-change": "预算调整", "in-kind": "实物捐赠", "opening": "期初", "custody": "代管", "good": "完好", "damaged": "损坏", "short": "短少", "over": "多出", "refused": "拒收",
	"supplier": "供应商", "donor": "捐赠人", "carrier": "承运人", "organisation": "组织", "project": "项目", "none": "无", "alone": "不带值", "and others": "等", "the beginning": "最初",
	"always": "不限", "true": "是", "false": "否", "content": "内容", "kept": "代管",
	"keeper": "保管员", "coordinator": "协调员", "finance": "财务", "auditor": "审计员", "administrator": "管理员",
	"read the book": "查看账簿", "keep items, locations and parties": "维护物品、地点和往来单位", "keep funds": "维护资金", "keep campaigns": "维护专项行动",
	"receive goods": "物资入库", "move goods between locations": "在地点之间调拨物资", "ask for goods": "申请物资", "reserve goods": "预留物资", "hand out goods": "发放物资", "propose a write-off": "提议报废", "approve a write-off": "批准报废", "count goods": "盘点物资", "approve a count": "批准盘点差异", "assemble kits": "组装套件",
	"close a point": "关闭救助点", "record money": "登记资金收付", "record activities": "登记工作记录", "reverse an entry": "冲销分录", "close a period": "结账",
	"agree to a transfer closed short": "同意调拨短少结案", "keep the register of persons": "维护人员登记册", "read the register of persons": "查看人员登记册",
	"read the metrics": "查看运行指标", "keep actors, grants and tokens": "管理操作人、授权和令牌", "read who looked at persons": "查看查阅记录", "grant": "授权", "token": "令牌",
	"name": "姓名", "phone": "电话", "phone number": "电话号码", "resident number": "身份证号码", "purpose": "用途",
}
