package chinese

// ofAccess is what guards the door.
var ofAccess = map[string]string{
	"%s may %s within bounds only; this concerns the whole book.":                                            "$1 只在限定范围内有权#2；此项涉及整个账簿。",
	"%s may %s at some places only; this concerns money or a fund as a whole, which stand nowhere.":          "$1 只在部分地点有权#2；此项涉及款项或整个资金，不属于任何地点。",
	"%s reads the book within bounds only; a bulletin of all goods there takes a grant that no fund bounds.": "$1 的查阅范围有限；含全部物资的简报须有不限资金的授权。",
	"Ask somebody whose grant is not bound to a place or a fund.":                                            "请由授权不限地点和资金的人办理。",
	"Name one of your own places with under.":                                                                "请用参数 under 指明您范围内的地点。",
	"%s has role %s, which may not %s.":                                                                      "$1 的角色是#2，无权#3。",
	"Allowed to: %s.":                                                                                        "允许的角色：#1。",
	"The token is missing or not valid.":                                                                     "令牌缺失或无效。",
	"The token has used up its share of requests.":                                                           "该令牌的请求数已用完限额。",
	"It goes beyond what you administer yourself.":                                                           "超出您自己的管理范围。",
	"Nobody would be left who may administer the whole book.":                                                "将没有人能管理整个账簿。",
	"%s has live tokens that were ordered by somebody who does not administer %s.":                           "$1 有由不管理“$2”者申请的有效令牌。",
	"token %s of %s was ordered by %s, who does not administer %s":                                           "$2 的令牌 $1 由 $3 申请，而 $3 不管理“$4”",
	"Ask somebody who administers all that the actor holds.":                                                 "请由管理该操作人全部授权的人办理。",
	"Too many wrong tokens came from this address.":                                                          "该地址出示了过多的无效令牌。",
}

// ofPersons is what the register of persons refuses.
var ofPersons = map[string]string{
	"Persons stand at no place and belong to no fund: only a grant without bounds reaches them.": "人员不属于任何地点和资金，只有不限范围的授权才能查阅。",
	"This server keeps no register of persons.":                                                  "本服务器不设人员登记册。",
	"An operator turns it on with persons-db.":                                                   "运维人员可用 persons-db 启用。",
	"Nobody is registered under that pseudonym.":                                                 "该化名下没有登记人员。",
	"this book makes no pseudonyms of resident numbers, one without a number wanted":             "本账簿不用居民身份号码生成化名，请不要填写号码",
	"resident number has %d characters, 18 wanted":                                               "居民身份号码有 $1 个字符，应为 18 个",
	"resident number has a character that is no digit at %d":                                     "居民身份号码第 $1 位不是数字",
	"resident number begins with 0, a division of GB/T 2260 wanted":                              "居民身份号码以 0 开头，应为 GB/T 2260 的行政区划代码",
	"resident number holds no day of birth":                                                      "居民身份号码中的出生日期不存在",
	"resident number has a wrong check digit, a slip of the keyboard":                            "居民身份号码的校验位不对，可能有笔误",
	"a pseudonym is 1 to 80 letters, digits, '.', '_' and '-'":                                   "化名为 1 到 80 个字母、数字、“.”、“_”或“-”",
	"kept until %s, today or later wanted":                                                       "保存期限为 $1，应为今天或之后",
	"%s has %d characters, %d to %d of plain text wanted":                                        "#1有 $2 个字符，应为 $3 至 $4 个普通文本字符",
}

// ofTheDoor is what the API says by itself.
var ofTheDoor = map[string]string{
	"%s is not served at %s.":                                         "$2 不支持 $1。",
	"Nothing is served at %s.":                                        "$1 没有内容。",
	"There is no problem %s.":                                         "没有问题类型 $1。",
	"There is no tile %s.":                                            "没有数据块 $1。",
	"If-Match %.40q is no ETag of this register.":                     "If-Match $1 不是本登记册的 ETag。",
	"If-Match is missing.":                                            "缺少 If-Match。",
	"The address and the headers have %d bytes, at most %d are read.": "地址和请求头共 $1 字节，最多读取 $2 字节。",
	"The address holds characters that no name has.":                  "地址含有名称中不会有的字符。",
	"The book cannot take the request now.":                           "账簿现在不能接受请求。",
	"The book is shutting down.":                                      "账簿正在停止。",
	"The database holds less than was sealed.":                        "数据库的内容少于已签存证的内容。",
	"Nothing was written. Whoever runs the server brings the newer database back, or accepts the loss with relief recover; then send again with the same key.": "没有写入任何内容。请服务器管理员恢复较新的数据库，或用 relief recover 接受损失；然后用同一个键重新发送。",
	"The database does not take writes now.":                                "数据库现在不能写入。",
	"The log has no checkpoint yet.":                                        "存证日志还没有检查点。",
	"The request ended before its answer was known.":                        "请求在得知结果之前已经结束。",
	"The request was sent to the book, and the answer was lost on the way.": "请求已送到账簿，应答在途中丢失。",
	"Too many large requests are under way.":                                "正在办理的大型请求过多。",
	"the path names %s, the body %s":                                        "地址中是 $1，正文中是 $2，两者须一致",
	"lists and objects stand inside each other more than %d deep":           "列表和对象嵌套超过 $1 层",
	"the text at %q holds a control character":                              "$1 处的文本含有控制字符",
	"the property at %q stands there twice":                                 "$1 处的属性重复",
	"the body ends at byte %d, in the middle of a value":                    "正文在第 $1 字节处中断，值不完整",
	"the body is no JSON in UTF-8 at byte %d, in %q":                        "正文第 $1 字节（$2 之内）不是 UTF-8 的 JSON",
	"the value at %q does not fit":                                          "$1 处的值不符合要求",
	"unknown query parameter":                                               "没有这个查询参数",
	"%s %s stands at version %d, %d wanted: %w":                             "#1 $2 现为第 $3 版，请求的是第 $4 版：#5",
	"the record has changed since it was read":                              "读取之后已被修改",
	"expected an integer":                                                   "应为整数",
}
