package api

import (
	"regexp"
	"strings"

	"golang.org/x/text/language"

	"reliefledger/ledger"
	"reliefledger/warehouse"
)

var spoken = language.NewMatcher([]language.Tag{language.English, language.Chinese})

// wantsChinese reports whether a header Accept-Language prefers Chinese, in whatever script, to English.
func wantsChinese(accept string) bool {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return false
	}
	_, index, confidence := spoken.Match(tags...)
	return index == 1 && confidence > language.No
}

// chineseKinds are the types of problems in Chinese: title, meaning, what to do.
var chineseKinds = map[string]kind{
	ledger.Invalid:        {title: "请求有误", means: "请求本身不正确：数字写法不对、缺少必填项、日期在今天之后等。", hint: "按 faults 逐条改正后重新发送；该幂等键仍可使用。"},
	ledger.NotFound:       {title: "所指的内容不存在", means: "请求中的编码或单据号不在账簿里，或不在您的可见范围内。地址所指的内容不存在时返回 404。", hint: "请核对编码，或先建立该记录。"},
	ledger.Insufficient:   {title: "数量或余额不足", means: "库存或账户会变成负数：可能在当日，也可能在之后已有单据的某一天。", hint: "请减少数量，或先补记入库、收款：there 是现有数，asked 是请求数。"},
	ledger.Expired:        {title: "物资已过期", means: "物资还在，但已过期，不得发放或调出。", hint: "请对过期物资办理报损，改用其他批次。"},
	ledger.PeriodClosed:   {title: "该期间已结账", means: "业务日期在已结账的期间内。", hint: "请使用未结账期间的日期；更正已结账的单据，请以今天的日期冲销。"},
	ledger.KeyReused:      {title: "幂等键已用于其他请求", means: "该 Idempotency-Key 属于另一内容的请求；faults 指出不同的字段。", hint: "新请求请用新的 Idempotency-Key；只有重发同一请求时才用原来的键。"},
	ledger.AlreadyDone:    {title: "已经办理过", means: "只能办理一次的事项已经办理：冲销、批准、结账，或编码已被占用。", hint: "无需再办，请查看现有记录。"},
	ledger.MovedOn:        {title: "之后已有使用", means: "要撤销或开票的内容之后又有变动：物资已发放，款项已支付等。", hint: "请从最近的单据开始，先冲销之后的单据。"},
	ledger.NotOpen:        {title: "该日期未启用", means: "地点、资金或行动在该日期尚未启用或已经结束。", hint: "请使用启用期内的日期，或修改其起止日期。"},
	warehouse.NotEmpty:    {title: "仍有物资", means: "临时点清空后才能关闭。", hint: "请先退回或报损物资，再关闭。"},
	ledger.SamePerson:     {title: "须由另一人办理", means: "规则要求两人分别办理，而您是前一位办理人。", hint: "请由另一位有权限的人办理。"},
	ledger.FundNotAllowed: {title: "资金之间不得擅自垫付", means: "该资金在此处不足，而其他资金有余；系统不会擅自动用。", hint: "请先登记资金间往来，使双方债务清楚，或改用持有该物资的资金。"},

	malformed:     {title: "请求无法读取", means: "正文不是 JSON 对象、属性重复、嵌套过深，或含有不是文本的字节。", hint: "请发送一个 UTF-8 编码的 JSON 对象，不含控制字符，每个属性只出现一次。"},
	unauthorized:  {title: "需要有效的令牌", means: "令牌缺失、未知、过期或已撤销。", hint: "请发送请求头 'Authorization: Bearer rl_…'；用 'relief token create' 建立令牌。"},
	forbidden:     {title: "该角色无权办理", means: "令牌有效，但其角色不允许此操作。", hint: "请向管理员申请授权，或请有权限的人办理。"},
	wrongMethod:   {title: "此处不支持该方法", means: "地址存在，但不支持该方法；响应头 Allow 列出可用的方法。", hint: "这里不删除、不局部修改：单据用冲销撤销，记录用 PUT 整体替换。"},
	notAcceptable: {title: "没有这种格式的应答", means: "请求头 Accept 所列格式都无法提供。", hint: "请发送 Accept: application/json。"},
	timeout:       {title: "请求传送超时", means: "正文一分钟内没有收全。没有写入任何内容。", hint: "请用同一 Idempotency-Key 重发，或减少每次的行数。"},
	stale:         {title: "读取之后已被修改", means: "If-Match 所指的版本不是现在的版本。", hint: "请重新读取，核对变动，再用新的 ETag 发送 If-Match。"},
	tooLarge:      {title: "请求过大", means: "正文超过 1 MiB（批量为 4 MiB）。没有写入任何内容。", hint: "请减少每次的行数。"},
	notJSON:       {title: "正文不是 JSON", means: "正文的 Content-Type 不是 application/json。", hint: "请发送 Content-Type: application/json。"},
	noCondition:   {title: "缺少 If-Match", means: "修改记录时必须说明所读的版本。", hint: "请先读取记录，把它的 ETag 作为 If-Match 发送，以免覆盖他人的修改。"},
	tooMany:       {title: "请求过多", means: "该令牌发送的请求超过限额。没有写入任何内容。", hint: "请按 Retry-After 的秒数等待后，用同一 Idempotency-Key 重发；批量请求一次可发送多份单据。"},
	headTooLarge:  {title: "请求头过大", means: "地址和请求头合计超过 16 KiB。", hint: "请减少或缩短请求头。"},
	internal:      {title: "服务器出错", means: "问题在服务器，不在请求。", hint: "原因不在此说明；请按 instance 中的请求号查看服务器日志。"},
	busy:          {title: "账簿繁忙", means: "队列已满，或数据库暂时不能写入。没有写入任何内容。", hint: "请稍后用同一 Idempotency-Key 重发。"},
	closing:       {title: "服务器正在停止", means: "服务器只完成已开始的请求。没有写入任何内容。", hint: "请稍后用同一 Idempotency-Key 重发。"},
	unknown:       {title: "结果不明", means: "数据库的应答丢失，分录可能已记入，也可能没有。", hint: "请用同一 Idempotency-Key 重发：应答会说明结果，不会重复记账。"},
}

// phrase is an English message with the places of its numbers and names, and how the same is said in Chinese.
type phrase struct {
	english *regexp.Regexp
	chinese string
}

// say makes a phrase: % stands for anything in English, $1, $2 … for the same things in Chinese.
func say(english, chinese string) phrase {
	return phrase{regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(english), "%", "(.*?)") + "$"), chinese}
}

// phrases are the messages that people meet most. What is not among them is said from the fault's code and fields.
var phrases = []phrase{
	say("% holds % usable of % for fund %, % wanted", "$1 可用的 $3（资金 $4）只有 $2，需要 $5"),
	say("% holds % usable of %, % wanted", "$1 可用的 $3 只有 $2，需要 $4"),
	say("% holds % of % for fund %, % wanted on %", "$1 在 $6 只有 $2 的 $3（资金 $4），需要 $5"),
	say("% holds % of % for fund %, % wanted", "$1 只有 $2 的 $3（资金 $4），需要 $5"),
	say("% holds no % for fund %", "$1 没有资金 $3 的 $2"),
	say("% holds % % for fund %, % wanted", "$1 中资金 $4 只有 $2 $3，需要 $5"),
	say("% holds a resident number, % without one wanted", "“$1”含有居民身份号码，不得填写"),
	say("% holds the character %, plain text wanted", "“$1”含有字符 $2，只能填写普通文本"),
	say("% holds % of %, % wanted", "$1 只有 $2 的 $3，需要 $4"),
	say("% lies after today, %", "日期 $1 在今天（$2）之后"),
	say("% lies in a closed period, closed until %", "日期 $1 在已结账期间内，已结账至 $2"),
	say("key % was used for entry % with another %", "幂等键 $1 已用于第 $2 号分录，其 $3 不同"),
	say("key % was used for entry %, a %", "幂等键 $1 已用于第 $2 号分录（$3）"),
	say("entry % was reversed already", "第 $1 号分录已经冲销"),
	say("entry % cannot be undone, % later documents rest on it: reverse them first", "第 $1 号分录不能冲销，之后有 $2 份单据以它为依据，请先冲销那些单据"),
	say("entry % cannot be undone, what it brought has moved on: %", "第 $1 号分录不能冲销，它带来的物资或款项已有变动：$2"),
	say("% of move % of entry % was returned already: reverse the return first", "第 $3 号分录第 $2 笔已退回 $1，请先冲销退回"),
	say("waybill % was reversed, nothing is on its way", "运单 $1 已冲销，没有在途物资"),
	say("handout % was reversed, nothing of it is out", "发放单 $1 已冲销，没有可退回的物资"),
	say("receipt % was reversed", "入库单 $1 已冲销"),
	say("receipt % has its final invoice", "入库单 $1 的发票已经开完"),
	say("receipt % is not in the book", "账簿中没有入库单 $1"),
	say("write-off % was approved before", "报损单 $1 已经批准"),
	say("write-off % was taken back", "报损单 $1 已经撤回"),
	say("% proposed write-off %, another person's approval wanted", "报损单 $2 由 $1 提出，须由另一人批准"),
	say("% proposed this reopening, another person must agree to it", "重新开账由 $1 提出，须由另一人同意"),
	say("point % was closed before", "临时点 $1 已经关闭"),
	say("the book is closed until % already", "账簿已结账至 $1"),
	say("a close ends before today, %", "结账的末日须在今天（$1）之前"),
	say("there is no % %", "没有这样的单据或记录：$2"),
	say("% is not in the register", "登记册中没有 $1"),
	say("location % is not in the register, a parent of % wanted", "登记册中没有地点 $1，$2 需要上级地点"),
	say("% is in the register with other %", "登记册中已有 $1，但 $2 不同"),
	say("quantity of % is %, a number above 0 of at most 24 digits and % decimals wanted", "$1 的数量为 $2，须大于 0，最多 24 位整数、$3 位小数"),
	say("% of % has too many decimals, % wanted", "$2 的数量 $1 小数位过多，最多 $3 位"),
	say("value is %, 0 or more of at most 24 digits and % decimals wanted", "金额为 $1，须不小于 0，最多 24 位整数、$2 位小数"),
	say("% is empty, % characters wanted", "“$1”为空，应有 $2 个字符"),
	say("% has % characters, at most % wanted", "“$1”有 $2 个字符，最多 $3 个"),
	say("% people, % wanted", "人数为 $1，应为 $2"),
	say("% lines, % wanted", "有 $1 行，应为 $2 行"),
	say("fund % holds goods for their owner, an own fund wanted", "资金 $1 为代管资金，请使用自有资金"),
	say("the path names %, the body %", "地址中是 $1，正文中是 $2，两者须一致"),
	say("a close is posted by itself, not in a group", "结账须单独提交，不能成组"),

	say("Allowed to: %.", "允许的角色：$1。"),

	say("expected required property % to be present", "缺少必填项“$1”"),
	say("required query parameter is missing", "缺少必填的查询参数"),
	say("required % parameter is missing", "缺少必填的参数（$1）"),
	say("unexpected property", "没有这个属性"),
	say("unknown query parameter", "没有这个查询参数"),
	say("expected string", "应为文本"), say("expected number", "应为数字"), say("expected integer", "应为整数"), say("expected boolean", "应为 true 或 false"),
	say("expected array", "应为数组"), say("expected object", "应为对象"), say("an integer", "应为整数"), say("expected an integer", "应为整数"),
	say("expected value to be one of %", "应为下列之一：$1"),
	say("expected number >= %", "不得小于 $1"), say("expected number <= %", "不得大于 $1"),
	say("expected number > %", "应大于 $1"), say("expected number < %", "应小于 $1"),
	say("expected length >= %", "长度不得小于 $1"), say("expected length <= %", "长度不得大于 $1"),
	say("expected array length >= %", "至少应有 $1 项"), say("expected array length <= %", "最多 $1 项"),
	say("expected "+patterns[ledger.NumberPattern], "应为写成文本的数字，如 \"12.50\"：整数最多 24 位，小数最多 9 位，不带符号和指数"),
	say("expected "+patterns[datePattern], "应为日期，写作 2023-12-24"),
	say("expected "+patterns[keyPattern], "应为 1 到 128 个可打印的 ASCII 字符"),
	say("expected "+patterns[codePattern], "应为编码：1 到 80 个字母、数字、“.”、“_”或“-”"),
	say("request body is required", "缺少正文"),
	say("the text at % holds a control character", "$1 处的文本含有控制字符"),
	say("the value at % does not fit", "$1 处的值不符合要求"),
}

// chinese says a fault in Chinese: by its message where that is known, and otherwise by its code and what it names.
func (f Fault) chinese() string {
	if said := translated(f.Message); said != f.Message {
		return said
	}
	said := chineseKinds[f.Code].title
	for _, part := range []struct{ name, value string }{
		{"地点 ", f.Location}, {"物品 ", f.Item}, {"批次 ", f.Lot}, {"资金 ", f.Fund}, {"现有 ", f.There}, {"需要 ", f.Asked}, {"位置 ", f.Pointer}, {"参数 ", f.Parameter},
	} {
		if part.value != "" {
			said += "，" + part.name + part.value
		}
	}
	return said
}

// translated is a message in Chinese, or as it is when no phrase fits.
func translated(message string) string {
	for _, p := range phrases {
		if match := p.english.FindStringSubmatchIndex(message); match != nil {
			return string(p.english.ExpandString(nil, p.chinese, message, match))
		}
	}
	return message
}

// inChinese is the problem for a Chinese reader. The English messages of its faults stay: logs and programs know them.
func (p *Problem) inChinese() *Problem {
	code := strings.TrimPrefix(p.Type, "/problems/")
	k, known := chineseKinds[code]
	if !known {
		return p
	}
	said := *p
	said.Title, said.Hint = k.title, k.hint
	if p.Hint != kinds[code].hint {
		said.Hint = translated(p.Hint)
	}
	if p.Status == absentStatus {
		said.Title = "没有这样的内容"
	}
	said.Detail = k.means
	said.Faults = make([]Fault, len(p.Faults))
	details := make([]string, len(p.Faults))
	for i, f := range p.Faults {
		f.Said = f.chinese()
		said.Faults[i], details[i] = f, f.Said
	}
	if len(details) > 0 {
		said.Detail = strings.Join(details, "；")
	}
	return &said
}
