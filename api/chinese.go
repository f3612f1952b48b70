package api

import (
	"strings"

	"golang.org/x/text/language"

	"reliefledger/internal/chinese"
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
	warehouse.NotEmpty:    {title: "仍有物资", means: "临时点清空后才能关闭，申请单没有预留物资后才能关闭。", hint: "请先退回、释放或报损物资，再关闭。"},
	ledger.SamePerson:     {title: "须由另一人办理", means: "规则要求两人分别办理，而您是前一位办理人。", hint: "请由另一位有权限的人办理。"},
	warehouse.TwoPeople:   {title: "须两人办理", means: "该运单放弃或报多的物资超过一人可以决定的限额。", hint: "请让短少的物资保持在途并提出短少结案，或盘点多出的物资，由另一人同意。"},
	ledger.FundNotAllowed: {title: "资金之间不得擅自垫付", means: "该资金在此处不足，而其他资金有余；系统不会擅自动用。", hint: "请先登记资金间往来，使双方债务清楚，或改用持有该物资的资金。"},

	malformed:     {title: "请求无法读取", means: "正文不是 JSON 对象、属性重复、嵌套过深，或含有不是文本的字节。", hint: "请发送一个 UTF-8 编码的 JSON 对象，不含控制字符，每个属性只出现一次。"},
	unauthorized:  {title: "需要有效的令牌", means: "令牌缺失、未知、过期或已撤销。", hint: "请发送请求头 'Authorization: Bearer rl_…'；用 'relief token create' 建立令牌。"},
	forbidden:     {title: "该角色无权办理", means: "令牌有效，但其角色不允许此操作，或只在限定范围内允许，而此操作超出该范围。", hint: "请向管理员申请授权，或请有权限的人办理。"},
	beyond:        {title: "授权不得超出本人的权限", means: "要给出的授权超出您的管理范围，或令牌所属的操作人权限更大。", hint: "请把授权限定在您管理的范围内，或请管理整个账簿的管理员办理。"},
	lastWayIn:     {title: "须保留最后的管理入口", means: "这是最后一个能让整个账簿的管理员进入的令牌或授权。", hint: "请先设立另一位持有令牌的管理员，或先更换令牌，再结束这一个。"},
	tokenKnown:    {title: "他人会持有其钥匙", means: "该操作人有一个有效令牌，由不管理此项授权范围的人申请，申请者可能持有其密钥。", hint: "请先撤销所列令牌，再给予授权，然后申请新令牌。"},
	wrongMethod:   {title: "此处不支持该方法", means: "地址存在，但不支持该方法；响应头 Allow 列出可用的方法。", hint: "这里不删除、不局部修改：单据用冲销撤销，记录用 PUT 整体替换。"},
	notAcceptable: {title: "没有这种格式的应答", means: "请求头 Accept 所列格式都无法提供。", hint: "请发送 Accept: application/json。"},
	timeout:       {title: "请求传送超时", means: "正文一分钟内没有收全。没有写入任何内容。", hint: "请用同一 Idempotency-Key 重发，或减少每次的行数。"},
	stale:         {title: "读取之后已被修改", means: "If-Match 所指的版本不是现在的版本。", hint: "请重新读取，核对变动，再用新的 ETag 发送 If-Match。"},
	tooLarge:      {title: "请求过大", means: "正文超过 1 MiB（批量为 4 MiB）。没有写入任何内容。", hint: "请减少每次的行数。"},
	notJSON:       {title: "正文不是 JSON", means: "正文的 Content-Type 不是 application/json。", hint: "请发送 Content-Type: application/json。"},
	noCondition:   {title: "缺少 If-Match", means: "修改记录时必须说明所读的版本。", hint: "请先读取记录，把它的 ETag 作为 If-Match 发送，以免覆盖他人的修改。"},
	tooMany:       {title: "请求过多", means: "该令牌发送的请求超过限额，或其地址出示了过多的无效令牌。没有写入任何内容。", hint: "请按 Retry-After 的秒数等待后，用同一 Idempotency-Key 重发；批量请求一次可发送多份单据。"},
	headTooLarge:  {title: "请求头过大", means: "地址和请求头合计超过 16 KiB。", hint: "请减少或缩短请求头。"},
	internal:      {title: "服务器出错", means: "问题在服务器，不在请求。", hint: "原因不在此说明；请按 instance 中的请求号查看服务器日志。"},
	busy:          {title: "账簿繁忙", means: "队列已满，或数据库暂时不能写入。没有写入任何内容。", hint: "请稍后用同一 Idempotency-Key 重发。"},
	closing:       {title: "服务器正在停止", means: "服务器只完成已开始的请求。没有写入任何内容。", hint: "请稍后用同一 Idempotency-Key 重发。"},
	unknown:       {title: "结果不明", means: "数据库的应答丢失，分录可能已记入，也可能没有。", hint: "请用同一 Idempotency-Key 重发：应答会说明结果，不会重复记账。"},
}

// chinese says a fault in Chinese. A message that is not known, which the tests look for, is said by its code and what it names.
func (f Fault) chinese() string {
	if said, known := chinese.Of(f.Message); known {
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
		said.Hint = chinese.Word(p.Hint)
	}
	if p.Status == absentStatus {
		said.Title = "没有这样的内容"
	}
	if said.Detail, known = chinese.Of(p.Detail); !known {
		said.Detail = k.means
	}
	said.Faults = make([]Fault, len(p.Faults))
	details := make([]string, len(p.Faults))
	placed := len(p.Faults) > 0 && p.Detail == p.Faults[0].place()+p.Faults[0].Message
	for i, f := range p.Faults {
		f.Said, f.Hint = f.chinese(), chinese.Word(f.Hint)
		said.Faults[i], details[i] = f, f.Said
		if placed {
			details[i] = f.place() + f.Said // such a message does not say what it is about
		}
	}
	if len(details) > 0 {
		said.Detail = strings.Join(details, "；")
	}
	return &said
}
