package ledger

import (
	"fmt"
	"strings"
)

// Account is where something is or what became of it, written class:name, as in "stock:PT-0031".
// Accounts need no register: the classes are fixed here, the names belong to the wings.
type Account string

// Class is the part of an account before the colon.
type Class string

// The classes of accounts. Real places and real money have a floor: they cannot go below zero, at no date.
// The others are sources, sinks and claims, and run freely.
const (
	Stock      Class = "stock"       // goods at a location
	Transit    Class = "transit"     // goods on a waybill
	Reserved   Class = "reserved"    // goods promised, still at the location
	Quarantine Class = "quarantine"  // goods at the location that may not be handed out
	Bank       Class = "bank"        // money in a bank account
	Cash       Class = "cash"        // money in a box
	Supplier   Class = "supplier"    // goods received against invoices; its value is what is received and not invoiced
	Payable    Class = "payable"     // what is owed to a party, as a negative value
	Landed     Class = "landed"      // freight and duty on their way onto a receipt
	Donor      Class = "donor"       // gifts in kind
	Income     Class = "income"      // grants and gifts of money
	Expense    Class = "expense"     // money spent, and differences
	HandedOut  Class = "handed-out"  // goods given to people
	Lost       Class = "lost"        // goods short or stolen
	Found      Class = "found"       // goods over
	WrittenOff Class = "written-off" // goods disposed of with a certificate
	Claims     Class = "claims"      // goods somebody else must make good, a carrier for one
	Returned   Class = "returned"    // goods sent back to a supplier or refused at the door
	Custody    Class = "custody"     // goods held for their owner
	Interfund  Class = "interfund"   // one fund's use of another's goods or money
	Opening    Class = "opening"     // what stood in the books before this one began
	Assembly   Class = "assembly"    // components on their way into kits
	Exchange   Class = "exchange"    // one currency on its way into another
	Planned    Class = "planned"     // where the amounts of a budget come from, as a negative value
	Allotment  Class = "allotment"   // what a line of a budget may still spend, and never more
	Budget     Class = "budget"      // what is drawn beside that: in no line, above one, or on one that may be exceeded
	Committed  Class = "committed"   // what an order has promised of it
	Spent      Class = "spent"       // what invoices and payments have used of it
)

// Side says how an accountant reads a class.
type Side string

// The sides. Values on the source and owed sides are negative, because a move takes from them.
// The memo side is a register of promises that no balance sheet counts.
const (
	Asset  Side = "asset"
	Owed   Side = "owed"
	Source Side = "source"
	Use    Side = "use"
	Pass   Side = "pass"
	Memo   Side = "memo"
)

// ClassInfo describes a class.
type ClassInfo struct {
	Class   Class
	Floored bool
	Side    Side
	Chinese string
	English string
}

// Classes lists every class in the order of reports.
var Classes = []ClassInfo{
	{Bank, true, Asset, "银行存款", "bank"},
	{Cash, true, Asset, "库存现金", "cash"},
	{Stock, true, Asset, "库存物资", "stock"},
	{Reserved, true, Asset, "预留物资", "reserved goods"},
	{Quarantine, true, Asset, "隔离物资", "quarantined goods"},
	{Transit, true, Asset, "在途物资", "goods in transit"},
	{Claims, false, Asset, "应收赔偿", "claims"},
	{Supplier, false, Owed, "已收未开票", "received, not invoiced"},
	{Payable, false, Owed, "应付账款", "payable"},
	{Interfund, false, Owed, "资金间往来", "between funds"},
	{Custody, false, Owed, "代管物资", "goods in custody"},
	{Opening, false, Source, "期初余额", "opening balances"},
	{Income, false, Source, "收入", "income"},
	{Donor, false, Source, "实物捐赠", "gifts in kind"},
	{Found, false, Source, "盘盈", "found"},
	{HandedOut, false, Use, "发放", "handed out"},
	{Expense, false, Use, "支出", "expenses"},
	{Lost, false, Use, "损失", "losses"},
	{WrittenOff, false, Use, "报废", "written off"},
	{Returned, false, Use, "退货", "returned goods"},
	{Landed, false, Pass, "待摊运费", "freight to share out"},
	{Assembly, false, Pass, "组装", "assembly"},
	{Exchange, false, Pass, "兑换", "exchange"},
	{Planned, false, Memo, "预算安排", "planned"},
	{Allotment, true, Memo, "预算额度", "allotment"},
	{Budget, false, Memo, "预算", "budget"},
	{Committed, false, Memo, "已承诺", "committed"},
	{Spent, false, Memo, "已用预算", "spent"},
}

var classInfo = func() map[Class]ClassInfo {
	m := make(map[Class]ClassInfo, len(Classes))
	for _, c := range Classes {
		m[c.Class] = c
	}
	return m
}()

// CheckCode refuses a code that is not 1 to 80 letters, digits, dots, underscores and hyphens.
func CheckCode(what, code string) error {
	if !isCode(code) {
		return fmt.Errorf("%s %.90q is not a code of 1 to 80 letters, digits, '.', '_' and '-'", what, code)
	}
	return nil
}

// isCode keeps every code of the book printable ASCII without the separators that the book itself uses, so that an account, a lot
// or a key has exactly one spelling. It is a loop because a posting asks it a dozen times: as a regular expression it took a tenth of the server's time.
func isCode(s string) bool {
	if s == "" || len(s) > 80 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case i > 0 && (c == '.' || c == '_' || c == '-'):
		default:
			return false
		}
	}
	return true
}

// In is the account of that class and name.
func (c Class) In(name string) Account { return Account(string(c) + ":" + name) }

// Class is the part before the colon.
func (a Account) Class() Class {
	class, _, _ := strings.Cut(string(a), ":")
	return Class(class)
}

// Name is the part after the colon.
func (a Account) Name() string {
	_, name, _ := strings.Cut(string(a), ":")
	return name
}

// Floored reports whether the account can never go below zero.
func (a Account) Floored() bool { return classInfo[a.Class()].Floored }

func (a Account) check() error {
	if _, known := classInfo[a.Class()]; !known {
		return fmt.Errorf("account %q has no known class", string(a))
	}
	return CheckCode("account name", a.Name())
}
