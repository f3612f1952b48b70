package chinese

// ofHelp is the help of the command line: what each command and each flag says of itself, whole, by paragraph or by line. Commands and words that are typed stay as they are.
var ofHelp = map[string]string{
	// The program.
	"Keep the stock and the money of a relief operation in one exact book":                 "用一本精确的账簿管理救助工作的物资与资金",
	"Relief Ledger keeps the stock and the money of a relief operation in one exact book.": "Relief Ledger 用一本精确的账簿管理救助工作的物资与资金。",
	`Keepers and officers work with a server: relief profile set keeps its address and a token, and relief receive, transfer, arrive, handout and
the other commands of that kind are requests to it. Reports ask it too.`: `保管员和财务人员通过服务器工作：relief profile set 保存服务器地址和令牌；relief receive、transfer、arrive、handout 等命令
都是发给服务器的请求，报表也向它查询。`,
	`Without one, reports and the commands that run a book open the database itself. Without --db it is a private PostgreSQL in the data directory;
when a server already runs there, commands join it.`: `没有服务器时，报表和运行账簿的命令直接打开数据库。不给 --db 时用数据目录中自带的 PostgreSQL；那里已有服务器在运行时，命令与它共用。`,
	"book the winter campaign and serve it on http://127.0.0.1:8080": "录入冬季行动，并在 http://127.0.0.1:8080 提供服务",
	"print the campaign's bulletin out of the book":                  "从账簿打印专项行动的通报",
	"what there is in Chengdu, by item":                              "成都的库存，按物品",
	"hand out three quilts, through the server of the profile":       "通过所配置的服务器发放三床棉被",
	"prove that nothing in the book was changed":                     "证明账簿没有被改动",
	"look at the tables":                                             "查看数据库表",
	`Exit codes: 0 done, 1 failed, 2 wrong command line, 3 refused by the book, 4 verify found something wrong, 5 try again later (with the same
--key), 6 the request is not valid, 7 not allowed, 8 not there, 9 changed since it was read, or the key was used for something else.`: `退出码：0 完成，1 失败，2 命令行有误，3 账簿拒绝，4 核验发现问题，5 稍后（用同一 --key）重试，6 请求无效，7 无权，8 不存在，
9 读取后已被改动，或该键已用于别的内容。`,

	// How goods are written.
	"A line is ITEM=QUANTITY, as QUILT=3. More may be said:":                                                                                          "一行写作 物品=数量，如 QUILT=3。还可以写：",
	"A line is ITEM=QUANTITY, as SOAP=2. More may be said:":                                                                                           "一行写作 物品=数量，如 SOAP=2。还可以写：",
	"A line is ITEM=QUANTITY@PRICE, with the price of one base unit, or ITEM=QUANTITY,value=VALUE with the cost of the whole line.":                   "一行写作 物品=数量@单价（一个基本单位的价格），或 物品=数量,value=整行的成本。",
	"A line is ITEM=QUANTITY@PRICE, with the price of one base unit, or ITEM=QUANTITY,value=VALUE with the cost of the whole line. More may be said:": "一行写作 物品=数量@单价（一个基本单位的价格），或 物品=数量,value=整行的成本。还可以写：",

	"of this lot; else the first to expire":                                                 "指定批次；否则先到期先出",
	"12 bales; else in the item's base unit":                                                "12 包；否则按物品的基本单位",
	"12 bales; else in the item's base unit. The price stays that of one base unit":         "12 包；否则按物品的基本单位。单价仍是一个基本单位的价格",
	"1 box for one kit; else in the item's base unit":                                       "每套 1 盒；否则按物品的基本单位",
	"of this fund; else of any":                                                             "指定资金；否则不限",
	"damaged, short, over or refused; else good. The reason comes last and may hold commas": "damaged 损坏、short 短少、over 多出或 refused 拒收；否则完好。原因写在最后，可含逗号",
	"the carrier must make it good; else it is lost":                                        "由承运人赔偿；否则记为损失",
	"more than was sent, and what it is worth":                                              "比发出的多，及其价值",
	"last usable day": "最后可用日",
	"day of production; the item's shelf life then gives the last usable day": "生产日期；按物品的保质期得出最后可用日",
	"the maker's batch number":          "生产批号",
	"it may not be handed out again":    "不能再发放",
	"they arrived or came back damaged": "到货或退回时已损坏",

	// Goods.
	"Receive goods into a location": "物资入库",
	"Receives goods into a location. Every line becomes a lot, named by the document and the line.":                                             "把物资收入一个地点。每行成为一个批次，以单据号和行号命名。",
	"Send goods from one location to another":                                                                                                   "把物资从一个地点发往另一个地点",
	"Sends goods. The document that is printed is the waybill: the goods are in transit until relief arrive says what became of them.":          "发出物资。打印的单据即运单：在 relief arrive 说明去向之前，物资处于在途。",
	"Ask for goods; reserve them for who asks, release them, and see what is still open":                                                        "申请物资；为申请方预留、释放物资，并查看尚缺多少",
	"Ask a warehouse, a station or a vehicle for goods that another location needs":                                                             "为需要物资的地点向仓库、救助站或车辆申请",
	"Asks FROM for goods that TO needs. Nothing moves: the keeper of FROM reserves what is there, and sends it with relief transfer --request.": "为 TO 向 FROM 申请物资。申请不移动物资：FROM 的保管员预留现有的物资，再用 relief transfer --request 发出。",
	"A line is ITEM=QUANTITY, as QUILT=3, one for each item. More may be said:":                                                                 "一行写作 物品=数量，如 QUILT=3，每种物品一行。还可以写：",
	"only goods of this fund will do; else of any":                                                                                              "只要该资金的物资；否则不限",
	"Set goods apart for a request: all that is open of it, or some lines":                                                                      "为申请单预留物资：全部尚缺的，或其中几行",
	"Sets goods apart. Nobody else gets them until they are dispatched for the request or released.":                                            "预留物资。在为该申请单发出或释放之前，别人不能取用。",
	"what is there": "有多少预留多少",
	"Put reserved goods back into stock: all of them, or some lines":                                  "把预留的物资放回库存：全部，或其中几行",
	"Puts goods that are reserved for a request back into stock. They are open of the request again.": "把为申请单预留的物资放回库存，重新列为尚缺。",
	"End a request: what is reserved for it is released, and nothing is reserved any more":            "关闭申请单：释放为它预留的物资，不再预留",
	"Show a request as it stands: what was asked, reserved, dispatched, and is open":                  "显示申请单的现状：申请、预留、发出和尚缺的数量",
	"List requests for goods":               "列出申请单",
	"what this warehouse is asked for":      "向该仓库申请了什么",
	"Say what became of goods on a waybill": "登记运单上物资的到货情况",
	"Says what became of goods on a waybill, all at once or in parts. What arrived twice is refused by what is left in transit.": "登记运单上物资的到货情况，一次或分次。重复登记会因在途不足而被拒绝。",
	"Take back what is still in transit":                                   "召回仍在途的物资",
	"Give up what is still in transit: it is lost, or the carrier owes it": "放弃仍在途的物资：记为损失，或由承运人赔偿",
	"Hand out goods to people":                                             "向群众发放物资",
	"Hands out goods, first expired first out. Nobody is named: people are counted, or known by a pseudonym.": "发放物资，先到期先出。不记姓名：只记人数，或用化名。",
	"Take back a part of a handout": "收回一次发放的一部分",
	"Takes back goods of a handout at the very cost they left with. To undo a whole handout, reverse it: relief reverse.": "按发出时的成本收回已发放的物资。要撤销整次发放，请用 relief reverse 冲销。",
	"Write off damaged or expired goods: one person proposes, another approves":                                           "报废损坏或过期的物资：一人提议，另一人批准",
	"Take goods out of use until another person approves":                                                                 "停用物资，等待另一人批准",
	"Takes goods out of use. Every line names its lot and its fund, as relief stock --by lot,fund shows them:":            "停用物资。每行写明批次和资金，见 relief stock --by lot,fund：",
	"Approve a write-off that another person proposed":                                                                    "批准另一人提议的报废",
	"Hold what was counted against the book: one person reports, another approves the differences":                        "盘点对账：一人报告，另一人批准差异",
	"Report what was found in stock at a location":                                                                        "报告一个地点的实盘结果",
	`Reports what was found. Goods of one lot and one fund, or goods that agree with the book in sum, are named by their item; others by
their lot and fund, as relief stock --by lot,fund shows them. What no line names is not compared, unless --complete or --whole say that it is not there.`: `报告实盘结果。只有一个批次和一个资金、或合计与账面一致的物资按物品写；其余按批次和资金写，见 relief stock --by lot,fund。
没有写到的不比较，除非用 --complete 或 --whole 说明那里没有。`,
	"Approve the differences of a count that another person reported": "批准另一人报告的盘点差异",
	"Put goods together into kits":                                    "把物资组装成套件",
	`Puts goods of one fund together into kits. The kits become a lot with exactly the cost of what went in, and the earliest expiry date of it.
The lines after the kits say what one kit takes. The kits are taken apart by relief reverse, as long as none of them has left.`: `把同一资金的物资组装成套件。套件成为一个批次，成本等于所用物资的成本之和，有效期取其中最早的。
套件之后的各行说明每套用什么。尚未发出时，可用 relief reverse 拆开。`,

	// Money.
	"Take in money for a fund: a grant or a gift":                                                                                                             "为资金收款：拨款或捐赠",
	"Order goods from a supplier, and give up what will not come":                                                                                             "向供应商订货，并放弃不再到货的部分",
	"Order goods: their cost is committed in the fund until it is invoiced":                                                                                   "订货：开票之前，其成本在资金中列为已承诺",
	"Orders goods. The keeper who receives them gives the order's number as --reference, the officer who records the invoice as --purchase.":                  "订货。收货的保管员用 --reference 写采购单号，登记发票的财务人员用 --purchase 写采购单号。",
	"Hold bank accounts against the bank's statements":                                                                                                        "将银行账户与银行对账单核对",
	"Show a bank statement with its lines, and what each was matched by; relief import bank-statement takes one in":                                           "显示银行对账单的各行及其勾对；用 relief import bank-statement 导入",
	"Say which lines of a bank are which entries of the book, or take what is proposed":                                                                       "勾对银行对账单行与账簿分录，或采用建议的勾对",
	"one line, two entries, by their numbers":                                                                                                                 "一行对两条分录，按分录号",
	"all that the reconciliation proposes":                                                                                                                    "采用对账所建议的全部勾对",
	"Take a match back; it stays in sight as reversed":                                                                                                        "撤销勾对；原勾对仍可见，标为已冲销",
	"Hold an account against its bank: what each has that the other has not, and what could be matched":                                                       "编制银行存款余额调节表：账有行无、行有账无，以及可勾对的项目",
	"Plan what a fund is spent on, change it, and see what is left":                                                                                           "编制资金预算、调整预算、查看剩余",
	"Plan a budget: lines with amounts, and the days in which they are drawn on":                                                                              "编制预算：科目及金额，以及可使用的期间",
	"Plans a budget. Purchases and payments name a line with --budget; what they ask above what is left of it is refused, unless --may-exceed is given here.": "编制预算。采购和付款用 --budget 写科目；超出科目剩余的会被拒绝，除非在此给出 --may-exceed。",
	"A line is CODE=AMOUNT,name=NAME. Its code is used once in a fund.":                                                                                       "一行写作 科目编码=金额,name=名称。同一资金中编码只用一次。",
	"Raise lines of a budget, lower them, shift from one to another, or add new ones":                                                                         "增加或减少预算科目、在科目之间调剂，或新增科目",
	"List budgets": "列出预算",
	"Show a budget: for each line what is planned, committed, spent and left":           "显示预算：各科目的预算、已承诺、已用和剩余",
	"Give up what is left of a purchase: nothing more of it will come":                  "放弃采购的剩余部分：不会再有到货",
	"Record a supplier's invoice for a receipt":                                         "为入库单登记供应商发票",
	"Put a carrier's bill onto the goods of a receipt":                                  "把承运人的运费计入入库物资",
	"Pay a supplier, relief cash, a charity case or a project from a fund's own money":  "用资金自有的钱支付供应商、临时救助金、慈善个案或项目",
	"Let one fund use what another one has, openly: goods or money stay where they are": "公开地让一个资金使用另一个资金的物资或款项，实物和款项不动",
	"Settle what a carrier owes for goods that did not arrive":                          "结清承运人对未到物资的赔偿",
	"nothing will be paid: it is lost":                                                  "不会赔付：记为损失",

	// Documents and registers.
	"Show a document as it stands: a waybill with what is left, a request with what is open, an order with what came, a handout with what came back, or any other": "显示单据的现状：运单及在途、申请单及尚缺、采购及到货、发放及退回，或任何其他单据",
	"what was sent, what became of it, what is still in transit":                 "发了什么，去向如何，还有什么在途",
	"what was given and what came back":                                          "发放了什么，退回了什么",
	"the moves of any document":                                                  "任何单据的移动",
	"Undo a document, once, at the very value that moved":                        "按原来移动的金额冲销一张单据，只能一次",
	"an entry, by its number":                                                    "按编号冲销一条分录",
	"Record what was done in a campaign: patrols, people found, people escorted": "登记专项行动中的工作：巡查、发现的人、护送的人",
	"Close a temporary point, or a period of the book":                           "关闭临时救助点，或给账簿结账",
	"Close the book up to and with a day":                                        "结账至某日（含当日）",
	"End the life of a temporary point, which must be empty":                     "关闭一个临时救助点，其库存须为空",
	"Open closed dates again: one person proposes, another agrees":               "反结账：一人提议，另一人同意",
	"Propose to open closed dates again":                                         "提议反结账",
	"Agree to what another person proposed":                                      "同意另一人的提议",
	"Changes what the flags say and leaves the rest. When somebody else has changed it in between, nothing is changed. An empty text takes a field away.": "只改选项写明的字段，其余不变。期间如被他人改动，则什么也不改。写空文本即去掉该字段。",
	"Keep which server you work with, and its token": "保存所用的服务器及令牌",
	"Keeps servers and tokens in a file that only you can read, so that no command needs them again: ~/.config/relief/profile.json.": "把服务器和令牌保存在只有您能读的文件 ~/.config/relief/profile.json 中，以后的命令不必再给。",
	`A command takes the server from --server, else $RELIEF_SERVER, else the profile of --profile or $RELIEF_PROFILE, else the default profile;
the token from --token-file, else $RELIEF_TOKEN, else the profile, and that one only for the profile's own server.`: `服务器依次取自 --server、$RELIEF_SERVER、--profile 或 $RELIEF_PROFILE 指明的配置、默认配置；
令牌依次取自 --token-file、$RELIEF_TOKEN、配置，而配置中的令牌只用于该配置的服务器。`,
	"Keep a server and its token; the first one kept is the default": "保存服务器及令牌；首个即为默认",
	"Keeps --server and a token. The token is read from --token-file, else from a hidden question or the standard input:\nas an argument it would stay in the shell's history.": "保存 --server 和令牌。令牌从 --token-file 读取，否则隐蔽询问或从标准输入读取：\n作为参数会留在 shell 的历史里。",
	"Make a profile the default":          "把一个配置设为默认",
	"Forget a profile and its token":      "删除一个配置及其令牌",
	"List profiles; tokens are not shown": "列出配置；不显示令牌",
	"Book the rows of a spreadsheet: registers, opening stock, receipts, handouts, payments":                      "把表格的各行入账：登记册、期初库存、入库、发放、付款",
	"Books the rows of a spreadsheet, .xlsx or .csv, with headings in Chinese or English; --template begins one.": "把 .xlsx 或 .csv 表格的各行入账，表头可用中文或英文；--template 给出空表。",
	`The whole file is checked and tried first. When that finds any row wrong, every one is told with its row and column, and nothing is booked. Trying goes in batches of
200 documents that do not see each other's takings; so a long file may ask for more than there is, or others may be faster, and single documents are refused in
their turn. They are told, and the others stand. Booking the same file again adds nothing, so an import that was interrupted goes on with the same command. To book a file that was corrected after a part of it was booked, give the key
of the first import with --key: what is in the book is left as it is.`: `先检查并试算整个文件。任何一行在此时有误，即逐一指出其行和列，不入账。试算每批 200 份单据，各批互不计入对方的领用；
因此长文件可能超出现有数量，也可能被他人抢先，个别单据会在入账时被拒绝。这些会逐一指出，其余单据照样入账。再次导入同一文件不会增加内容，因此中断的导入用同一命令继续。
部分入账后又改正了的文件，请用 --key 给出首次导入的键：已入账的保持不变。`,
	"Write numbers of more than 15 digits, and codes that look like dates, in columns that are formatted as text.": "超过 15 位的数字、看起来像日期的编码，请写在文本格式的列中。",
	"a table to fill in": "待填写的空表",

	// Who may do what.
	"List actors, and show what one of them may do":                                      "列出操作人，显示其权限",
	"List actors with the grants that hold":                                              "列出操作人及现行授权",
	"Show one actor with the grants that hold and that held":                             "显示一个操作人现行和曾有的授权",
	"Give, list and withdraw grants: who may do what, and where":                         "授予、列出和撤回授权：谁可以在哪里做什么",
	"List grants in the order in which they were given":                                  "按授予的先后列出授权",
	"Give an actor a role, everywhere or within bounds; giving it again changes nothing": "给操作人一个角色，不限或有范围；再次授予不会改变什么",
	"Gives an actor a role: keeper, coordinator, finance, auditor or administrator. The actor is made when it is new. Nobody gives more than they administer.": "给操作人一个角色：keeper 保管员、coordinator 协调员、finance 财务、auditor 审计员或 administrator 管理员。新的操作人随之建立。任何人授予的都不能超出自己的管理范围。",
	"End a grant within 30 seconds; it stays in the list": "撤回授权，30 秒内生效；仍留在列表中",
	"Make, list and revoke tokens":                        "建立、列出和撤销令牌",
	`Keeps tokens: through the server of the profile as an administrator, or, with --db or --data, at the server's console on the database itself, which is how
the first administrator comes in and how one comes back in when every token is lost.`: `管理令牌：管理员通过所配置的服务器；或在服务器的控制台上用 --db、--data 直接对数据库，首个管理员由此进入，
令牌全部丢失时也由此恢复。`,
	"Make or rotate a token and print it, this once": "建立或更换令牌，只打印这一次",
	`Makes a token and prints it; nobody can print it again. The same actor and name again rotates it: the new token and the one before are live, older ones end.
When the answer was lost, make another one and revoke the one that is named beside it.`: `建立令牌并打印，以后无法再打印。同一操作人和名称再建一次即为更换：新令牌和上一个有效，更早的失效。
如果没有收到答复，请再建一个，并撤销旁边列出的那一个。`,
	"--role gives the actor that role first, within --location and --fund; leave it out for an actor that has one.": "--role 先给操作人该角色，范围为 --location 和 --fund；已有角色的操作人不必写。",
	"rotate it":                                                    "更换",
	"at the server's console":                                      "在服务器的控制台",
	"List tokens, the newest first":                                "列出令牌，新的在前",
	"End a token; servers refuse it within 30 seconds":             "撤销令牌；服务器在 30 秒内拒绝它",
	"Make pseudonyms, and keep the register of who is behind them": "生成化名，并维护化名背后是谁的登记册",
	"The book knows people by pseudonyms alone. A server may keep a register of who is behind them; every look into it is written down with its purpose.":                        "账簿只用化名记人。服务器可另设登记册记录化名背后是谁；每次查阅都连同用途记录在案。",
	"Names and numbers are asked for, or read from the standard input, and are never arguments: those would stay in the shell's history and be seen by whoever lists processes.": "姓名和号码由命令询问，或从标准输入读取，从不作为参数：参数会留在 shell 的历史里，列出进程的人也能看到。",
	"Make a pseudonym for a handout or a payment, and store nothing": "为发放或付款生成化名，不保存任何内容",
	"Prints a new random pseudonym. With --number a resident number is asked for, and the pseudonym is the same one as ever, so that a person who is helped twice is counted once.": "打印一个新的随机化名。用 --number 时询问身份证号码，同一号码总得到同一化名，两次受助的人只计一次。",
	"Register who is behind a pseudonym, or replace what is registered":                                                                                                   "登记化名背后是谁，或替换已登记的内容",
	"Asks for the name, the phone number and the resident number, in this order, a line each. The last two may stay empty. What was registered before is replaced whole.": "依次询问姓名、电话、身份证号码，每项一行，后两项可空。此前登记的内容整体替换。",
	"Look who is behind a pseudonym; the look is written down":                                                                                                            "查看化名背后是谁；查阅会记录在案",
	"Find who is registered with a resident number; the search is written down, the number is not":                                                                        "按身份证号码查找登记的人；查找会记录在案，号码不记录",
	"Forget who is behind a pseudonym; the book does not change":                                                                                                          "删除化名背后是谁；账簿不变",
	"List who registered, looked up, found or erased persons, and what for":                                                                                               "列出谁登记、查看、查找或删除过人员，用途为何",

	// Reports.
	"Print what there is, with its value": "打印库存及其价值",
	"everything, by item":                 "全部，按物品",
	"Print lots: when they came in, when they expire, and what of each is there": "打印批次：何时入库、何时到期、各余多少",
	"what must be used first":                                                           "须先用的批次",
	"in Chengdu, by location":                                                           "成都，按地点",
	"Print a stock card: every move of an item at a location":                           "打印库存卡片：某地点某物品的每次移动",
	"Print the statement of a fund: opening, in, out, closing":                          "打印资金报表：期初、收入、支出、期末",
	"Compare the value of goods with the accounts of the funds":                         "账实相符核对：物资价值与资金账户比较",
	"Print the bulletin of a campaign out of the book":                                  "从账簿打印专项行动的通报",
	"the winter campaign of the demo":                                                   "演示中的冬季行动",
	"Print the trial balance of every fund":                                             "打印各资金的试算平衡表",
	"Print what needed two people: who proposed it, who agreed, and what is still open": "打印须双人复核的事项：谁提议，谁同意，哪些待办",
	"Write the whole book, or a report as a table for a spreadsheet":                    "导出整本账簿，或把报表导出为表格",
	"Write what there is as a table, by location, lot and fund":                         "把库存导出为表格，按地点、批次和资金",
	"Write a stock card as a table":                                                     "把库存卡片导出为表格",
	"Write the statement of a fund as a table":                                          "把资金报表导出为表格",
	`Writes a table for a spreadsheet: csv that no spreadsheet takes for formulas, xlsx, or hxl, which is CSV with HXL hashtags. Numbers of more than
15 digits stand in xlsx as text, so that none is lost.`: `导出表格：不会被当作公式的 csv、xlsx，或带 HXL 标签的 CSV（hxl）。超过 15 位的数字在 xlsx 中存为文本，不丢一位。`,
	"Write the whole book as an hledger journal, money and quantities side by side": "把整本账簿导出为 hledger 日记账，金额与数量并列",
	"Write the whole book as JSON lines, in the order of entries":                   "按分录顺序把整本账簿导出为 JSON 行",
	"Prove that nothing in the book was changed":                                    "证明账簿没有被改动",
	`Reads the whole book and computes anew all that is stored twice: numbers, balances, floors at every date, reversals, document numbers,
leaf hashes, the tree, and every checkpoint kept in the database and in the checkpoint file. It names the exact row that is wrong.`: `读取整本账簿，重新计算一切保存了两份的内容：编号、余额、各日期的下限、冲销、单据号、叶哈希、
哈希树，以及数据库和检查点文件中的每个检查点。逐一指出有误的数据行。`,
	`The checkpoint file and the public keys are those of the data directory. Only a file kept elsewhere can show that somebody who may rewrite
the database and this machine did so: name it with --checkpoints.`: `检查点文件和公钥取自数据目录。能改写数据库和本机的人是否改写过，只有存放在别处的文件能证明：请用 --checkpoints 指明。`,

	// Running a book.
	"Serve the book over HTTP": "通过 HTTP 提供账簿服务",
	"Serves the book over HTTP until it is interrupted; then it finishes what is queued, seals the log and stops its PostgreSQL.": "通过 HTTP 提供账簿服务，直到被中断；随后处理完排队的请求，封存日志，停止自带的 PostgreSQL。",
	"The first start makes the book and prints an administrator's token, this once; relief token create makes more.":              "首次启动时建立账簿，并打印一次管理员令牌；relief token create 可再建。",
	"the winter campaign, with tokens and curl lines to try":                                                                      "冬季行动，附可试用的令牌和 curl 命令",
	"a book of your own":          "自己的账簿",
	"what relief config explains": "按 relief config 的说明",
	"Book Sichuan's winter campaign of 2023-24, about 60,000 entries": "录入四川省 2023-24 年冬季行动，约六万条分录",
	`Books Sichuan's winter campaign of 2023-24 through the same operations as the API: 21 prefectures, 94 stations, 750 points, purchases, transfers,
handouts, relief cash, activities. The same seed books the same; what is there already is not booked again, so an interrupted demo goes on where it stopped.`: `用与接口相同的操作录入四川省 2023-24 年冬季行动：21 个市州、94 个救助站、750 个救助点，采购、调拨、发放、临时救助金、工作记录。
同一种子录入的内容相同；已有的不再录入，因此中断后可从停止处继续。`,
	"Bring the database to the schema of this program": "把数据库迁移到本程序的结构",
	"Applies the migrations that the database lacks, all of them or none. Run it as the owner of the schema before a new version serves.": "执行数据库缺少的迁移，要么全部，要么不做。请在新版本提供服务之前，以数据库结构的所有者执行。",
	"Show the public keys of the log, and change the one that signs":                                                                      "显示存证日志的公钥，更换签名密钥",
	`Checkpoints of the log are signed with the private key in log.key of the data directory. Whoever has it can sign a history that was rewritten,
so it is changed when somebody leaves who could read it, or when it was lost: a start without log.key makes a new one by itself.
The public keys stay in log.pub, so that what earlier keys signed stays proven. Hand every line of it to whoever keeps your checkpoints.`: `日志的检查点用数据目录中 log.key 里的私钥签名。拿到它的人可以给改写过的历史签名，因此能读到它的人离开时、或它丢失时应更换：
没有 log.key 时，启动会自动生成新的。公钥都留在 log.pub 中，使此前密钥签署的内容仍可证明。请把其中每一行都交给保存检查点的人。`,
	"the public keys, the one that signs last":                            "公钥，正在签名的在最后",
	"make a new key; a running server signs with it after its next start": "生成新密钥；运行中的服务器下次启动后用它签名",
	"Retire the log's key and make a new one":                             "停用日志密钥，生成新的",
	"Tell what a restored database lost, and accept it":                   "说明恢复的数据库缺了什么，并予以接受",
	`A server refuses a database that holds less than the last checkpoint it has seen: an old backup was restored, or a standby was promoted that
lagged behind. Bring the newer database back if there is any. If not, look at what is left, then accept the loss by naming the last entry that
is left: the checkpoint file goes on from there, the old one stays beside it, and the audit log tells who did so.`: `数据库的内容少于服务器见过的最后一个检查点时，服务器拒绝使用：可能恢复了旧备份，或提升了落后的备库。
如有较新的数据库，请恢复它。如没有，请查看剩下的内容，再指明最后一条剩下的分录以接受损失：检查点文件由此继续，旧文件留在旁边，审计日志记录是谁所为。`,
	`Clients then send again what they still hold, under the same keys: what is left is answered, what was lost is booked anew. The numbers of lost
entries are given again, so a checkpoint of them that a partner keeps will never agree with this book: show the old file to whoever asks.`: `随后客户端用同样的键重发手中的请求：还在的给出答复，丢失的重新入账。丢失分录的编号会再次使用，
因此合作方保存的、包含它们的检查点不会再与本账簿一致：有人问起时，请出示旧文件。`,
	"tell what is lost, change nothing":                                "说明缺了什么，不作改动",
	"go on after entry 60210":                                          "从第 60210 号分录之后继续",
	"Print the configuration in force and where each value comes from": "打印生效的配置及每个值的来源",
	`Prints every option with its meaning, its danger, its value in force and where that comes from: a flag goes over the environment (RELIEF_LISTEN for listen),
the environment over the file that --config or RELIEF_CONFIG names, the file over the default. Passwords are masked. The output is itself such a file.`: `打印每个选项的含义、风险、生效值及来源：命令行选项优先于环境变量（listen 对应 RELIEF_LISTEN），环境变量优先于 --config 或
RELIEF_CONFIG 指明的文件，文件优先于默认值。密码会被遮盖。输出本身就是这样的文件。`,
	"every option as a comment, to begin a file with":                       "每个选项一条注释，可作为新文件的开头",
	"Ask the server of this machine whether it can post, for health checks": "询问本机的服务器能否过账，用于健康检查",
	"Asks the server of the same configuration on this machine for /readyz, and ends with 0 when it can post, with 5 when it cannot or does not answer.": "向本机同一配置的服务器请求 /readyz：能过账时以 0 结束，不能或没有答复时以 5 结束。",
	"Tell about the database":                               "数据库信息",
	"Print the connection string of the database, for psql": "打印数据库的连接串，供 psql 使用",
	"Prints the connection string of the database. The private PostgreSQL answers only while something runs it: relief serve, for one.": "打印数据库的连接串。自带的 PostgreSQL 只在有命令（如 relief serve）运行它时才应答。",
	"Print the contract of the API (OpenAPI 3.1), without a database":                                                                   "打印接口约定（OpenAPI 3.1），不需要数据库",
	"for generators that know OpenAPI 3.0 only":                                                                                         "供只支持 OpenAPI 3.0 的生成器使用",
	"Print what this program was built from":                                                                                            "打印本程序的构建来源",
}
