package cash

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"loonbrug/data/journal"
)

// Fields of record 0301, by number.
const (
	fieldRelation   = "0101"
	fieldAccount    = "0201"
	fieldPeriod     = "0301"
	fieldDate       = "0302"
	fieldDocument   = "0303"
	fieldQuantity   = "0305"
	fieldText       = "0306"
	fieldAmount     = "0307"
	fieldInvoice    = "0309"
	fieldLedgerTime = "0310"
	fieldSubAdmin   = "0701"
	fieldReference  = "0711"
	fieldDaybook    = "0901"
	fieldCostCentre = "0911"
)

// required are the fields no line can be without.
func required() []string {
	return []string{fieldDaybook, fieldDate, fieldDocument, fieldAccount, fieldAmount}
}

// importError is one error of a refused import.
type importError struct {
	Message string `json:"message"`
	Line    int    `json:"line"`
	Source  string `json:"source"`
}

// switches are the bad days that make an import stricter.
type switches struct {
	strict, closed, blocked, costCentre, duplicateText, perLine bool
}

// check reads a row into a line, or says what is wrong with it. All is said at
// once.
func (a administration) check(r row, on switches) (line, []importError) {
	c := checker{row: r, line: line{Fields: make(map[string]string, len(r.Fields))}}
	for _, field := range required() {
		if r.Fields[field] == "" {
			c.invalid(field)
		}
	}
	for field, value := range r.Fields {
		c.field(field, value)
	}
	if c.errors == nil {
		c.exists(a)
	}
	if c.errors == nil {
		c.rules(a, on)
	}
	return c.line, c.errors
}

// checker collects what is wrong with one row.
type checker struct {
	row    row
	line   line
	errors []importError
}

// invalid says what CASH says of a wrong value.
func (c *checker) invalid(field string) {
	c.refuse("Ongeldige waarde " + field + "=" + c.row.Fields[field])
}

func (c *checker) refuse(message string) {
	c.errors = append(c.errors, importError{Message: message, Line: c.row.Line, Source: c.row.source()})
}

var (
	digits6 = regexp.MustCompile(`^\d{1,6}$`)
	euros   = regexp.MustCompile(`^-?\d{1,10},\d{1,2}$`)
	cents   = regexp.MustCompile(`^-?\d{1,12}$`)
)

// field checks the form of one value and keeps it as CASH does.
func (c *checker) field(field, value string) {
	kept, ok := value, !strings.Contains(value, "|")
	switch field {
	case fieldDaybook, fieldAccount, fieldSubAdmin:
		kept, ok = capitals(value, 6)
	case fieldCostCentre:
		kept, ok = capitals(value, 3)
	case fieldReference:
		kept, ok = capitals(value, 13)
	case fieldDocument, fieldRelation, fieldInvoice:
		ok = digits6.MatchString(value)
		kept = strings.Repeat("0", max(0, 6-len(value))) + value
	case fieldDate:
		day, err := time.Parse("060102", value)
		ok = err == nil && day.Year() >= 2000
	case fieldPeriod, fieldLedgerTime:
		_, err := time.Parse("0601", value) // the administrations here have twelve periods
		ok = err == nil
	case fieldText:
		ok = ok && utf8.RuneCountInString(value) <= 25
	case fieldAmount:
		c.line.Amount, ok = readAmount(value)
		kept = wireAmount(c.line.Amount)
	case fieldQuantity:
		var quantity journal.Amount
		quantity, ok = readAmount(value)
		kept = wireAmount(quantity)
	}
	if !ok {
		c.invalid(field)
	}
	c.line.Fields[field] = kept
}

// capitals reads a field of type S.
func capitals(value string, longest int) (string, bool) {
	return strings.ToUpper(value), utf8.RuneCountInString(value) <= longest && !strings.Contains(value, "|")
}

// readAmount reads euros with a comma or plain cents; anything else is no
// amount.
func readAmount(value string) (journal.Amount, bool) {
	text := value
	switch {
	case euros.MatchString(value):
		text = strings.Replace(value, ",", ".", 1)
	case cents.MatchString(value):
		sign, digits := "", value
		if digits[0] == '-' {
			sign, digits = "-", digits[1:]
		}
		digits = strings.Repeat("0", max(0, 3-len(digits))) + digits
		text = sign + digits[:len(digits)-2] + "." + digits[len(digits)-2:]
	default:
		return 0, false
	}
	a, err := journal.ParseAmount(text)
	return a, err == nil
}

// exists checks the codes against the administration.
func (c *checker) exists(a administration) {
	f := c.line.Fields
	if !a.hasDaybook(f[fieldDaybook]) {
		c.invalid(fieldDaybook)
	}
	if _, ok := a.account(f[fieldAccount]); !ok {
		c.invalid(fieldAccount)
	}
	if _, ok := a.costCentre(f[fieldCostCentre]); !ok && f[fieldCostCentre] != "" {
		c.invalid(fieldCostCentre)
	}
	if f[fieldRelation] != "" && !a.hasRelation(f[fieldRelation]) {
		c.invalid(fieldRelation)
	}
}

// rules checks what is about the line as a whole. The texts are ours: those of
// the real system are not known.
func (c *checker) rules(a administration, on switches) {
	f := c.line.Fields
	account, _ := a.account(f[fieldAccount])
	centre, _ := a.costCentre(f[fieldCostCentre])
	if account.subLedger && (f[fieldRelation] == "" || f[fieldInvoice] == "") {
		c.refuse("[praktijk] Grootboekrekening " + account.number + " vraagt relatienummer (0101) en factuurnummer (0309)")
	}
	if on.closed || a.closed(c.line.period()) {
		c.refuse("[praktijk] Periode " + c.line.period() + " is afgesloten")
	}
	if on.blocked && account.blocked {
		c.refuse("[praktijk] Grootboekrekening " + account.number + " is geblokkeerd")
	}
	if on.blocked && centre.blocked {
		c.refuse("[praktijk] Kostenplaats " + centre.code + " is geblokkeerd")
	}
	if on.costCentre && account.number >= "4000" && centre.code == "" {
		c.refuse("[praktijk] Grootboekrekening " + account.number + " vraagt een kostenplaats (0911)")
	}
}
