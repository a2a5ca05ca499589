package books

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
)

// Journal is one booking as a practice system keeps it, in words that fit all
// of them. It is for pages and for proofs in tests; no system answers a client
// with it.
type Journal struct {
	Company string `json:"company"` // the system's own code or id
	Number  string `json:"number"`  // the number a bookkeeper sees
	Date    string `json:"date"`    // 2026-03-31
	Period  string `json:"period"`  // as the system writes it, or empty
	Text    string `json:"text"`    // where a sender's reference and key stand
	State   string `json:"state"`   // the system's own word, or empty
	Void    bool   `json:"void,omitempty"`
	Lines   []Line `json:"lines"`
}

// Line is one line of a booking. Dimensions are the codes a bookkeeper sees.
type Line struct {
	Account    string         `json:"account"`
	Dimensions []string       `json:"dimensions,omitempty"`
	Amount     journal.Amount `json:"amount"` // debit positive
	Text       string         `json:"text,omitempty"`
}

// Totals adds up the debit lines and the credit lines, both as positive sums.
func (j Journal) Totals() (debit, credit journal.Amount) {
	for _, l := range j.Lines {
		if l.Amount > 0 {
			debit += l.Amount
		} else {
			credit -= l.Amount
		}
	}
	return debit, credit
}

var businessKey = regexp.MustCompile(`\bLB[A-Z2-7]{10}\b`)

// Key is what makes a booking the same piece of business as another: the key
// that stands in its text, or else the whole text.
func (j Journal) Key() string {
	if key := businessKey.FindString(j.Text); key != "" {
		return key
	}
	return j.Text
}

// CountByKey counts the bookings that still stand by their business key. More
// than one is a double booking.
func CountByKey(all []Journal) map[string]int {
	n := make(map[string]int)
	for _, j := range all {
		if !j.Void {
			n[j.Key()]++
		}
	}
	return n
}

// ServeJournals answers with the bookings as JSON, for proofs from outside the
// program.
func ServeJournals(list func() []Journal) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(append([]Journal{}, list()...))
	})
}

// JournalTables shows bookings, the newest first: a table of all of them and
// one of lines for each.
func JournalTables(all []Journal) []Table {
	overview := Table{Caption: "Bookings", Head: []string{"Number", "Date", "Period", "Text", "State", "Lines", "Debit", "Credit"}, Numbers: []int{5, 6, 7}}
	tables := []Table{overview}
	var debits, credits journal.Amount
	for _, j := range slices.Backward(all) {
		debit, credit := j.Totals()
		if !j.Void {
			debits, credits = debits+debit, credits+credit
		}
		tables[0].Rows = append(tables[0].Rows, []string{j.Number, j.Date, j.Period, j.Text, j.State, strconv.Itoa(len(j.Lines)), debit.String(), credit.String()})
		tables = append(tables, j.table())
	}
	tables[0].Rows = append(tables[0].Rows, []string{"Total", "", "", "", "", "", debits.String(), credits.String()})
	return tables
}

func (j Journal) table() Table {
	t := Table{Caption: j.Number + " · " + j.Text, Head: []string{"Ledger account", "Dimensions", "Text", "Debit", "Credit"}, Numbers: []int{3, 4}}
	for _, l := range j.Lines {
		debit, credit := l.Amount.String(), ""
		if l.Amount < 0 {
			debit, credit = "", l.Amount.Abs().String()
		}
		t.Rows = append(t.Rows, []string{l.Account, strings.Join(l.Dimensions, " · "), l.Text, debit, credit})
	}
	return t
}
