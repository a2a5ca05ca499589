package visma

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"time"

	"loonbrug/data/journal"
)

// state is what outlives the program: everything booked, everything authorised.
type state struct {
	Connect json.RawMessage    `json:"connect,omitempty"`
	Version uint64             `json:"version"` // of the last change, counted over all companies
	Ledgers map[string]*ledger `json:"ledgers"` // by tenant
	Jobs    map[string]*job    `json:"jobs"`    // background calls by id
}

// ledger is what is booked in one company.
type ledger struct {
	Next     int             `json:"next"` // number of the next batch
	Batches  []*batch        `json:"batches"`
	Values   map[int][]Value `json:"values"`   // segment values by segment, as they are now
	Versions map[int]uint64  `json:"versions"` // of the segments
}

// batch is a journal transaction (screen GL301000).
type batch struct {
	Number        string          `json:"number"`
	Status        string          `json:"status"`
	Date          string          `json:"date"`   // 2026-01-31
	Period        string          `json:"period"` // 202601
	Ledger        string          `json:"ledger"`
	Branch        string          `json:"branch"`
	Currency      string          `json:"currency"`
	Rate          string          `json:"rate,omitempty"` // base currency for one unit; empty is 1
	Description   string          `json:"description"`
	Code          string          `json:"code,omitempty"`
	AutoReversing bool            `json:"auto_reversing,omitempty"`
	Control       *journal.Amount `json:"control,omitempty"`
	Lines         []line          `json:"lines"`
	Attachments   []attachment    `json:"attachments,omitempty"`
	Modified      time.Time       `json:"modified"`
	Version       uint64          `json:"version"`
	Posts         time.Time       `json:"posts,omitzero"` // when it is posted, once released; zero is not under way
}

type line struct {
	Number      int            `json:"number"`
	Account     string         `json:"account"`
	Segments    []string       `json:"segments"` // a value for each segment, in their order
	Reference   string         `json:"reference,omitempty"`
	Text        string         `json:"text,omitempty"`
	Note        string         `json:"note,omitempty"`
	Debit       journal.Amount `json:"debit"`
	Credit      journal.Amount `json:"credit"`
	Branch      string         `json:"branch"`
	Attachments []attachment   `json:"attachments,omitempty"`
}

type attachment struct {
	Name     string `json:"name"`
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	Size     int    `json:"size"`
}

// job is a call that was answered in the background.
type job struct {
	Tenant   string      `json:"tenant"`
	User     string      `json:"user"`
	URI      string      `json:"uri"`
	Received time.Time   `json:"received"`
	Ready    time.Time   `json:"ready"`
	Status   int         `json:"status"`
	Header   http.Header `json:"header"`
	Body     []byte      `json:"body"`
	HadBody  bool        `json:"had_body"`
}

// The states of a batch that the stand-in uses.
const (
	statusHold     = "Hold"
	statusBalanced = "Balanced"
	statusUnposted = "Unposted"
	statusPosted   = "Posted"
	statusVoided   = "Voided"
)

func (b *batch) totals() (debit, credit journal.Amount) {
	for _, l := range b.Lines {
		debit += l.Debit
		credit += l.Credit
	}
	return debit, credit
}

// open tells whether the batch may still be changed.
func (b *batch) open() bool {
	return b.Posts.IsZero() && (b.Status == statusHold || b.Status == statusBalanced)
}

// base is an amount of the batch in the company's own currency, half cents away
// from zero.
func (b *batch) base(a journal.Amount) journal.Amount {
	rate, ok := new(big.Rat).SetString(b.Rate)
	if b.Rate == "" || !ok {
		return a
	}
	twice := new(big.Rat).Mul(new(big.Rat).SetInt64(2*int64(a.Abs())), rate)
	cents := new(big.Int).Quo(new(big.Int).Add(twice.Num(), twice.Denom()), new(big.Int).Lsh(twice.Denom(), 1))
	if a < 0 {
		return -journal.Amount(cents.Int64())
	}
	return journal.Amount(cents.Int64())
}

func (b *batch) clone() *batch {
	c := *b
	c.Lines = slices.Clone(b.Lines)
	c.Attachments = slices.Clone(b.Attachments)
	return &c
}

func (l *ledger) find(number string) *batch {
	i := slices.IndexFunc(l.Batches, func(b *batch) bool { return b.Number == number })
	if i < 0 {
		return nil
	}
	return l.Batches[i]
}

// value finds a value of a segment.
func (l *ledger) value(segment int, code string) (Value, bool) {
	i := slices.IndexFunc(l.Values[segment], func(v Value) bool { return v.Code == code })
	if i < 0 {
		return Value{}, false
	}
	return l.Values[segment][i], true
}

// stamp is the form of a version in timeStamp; an ETag is the same in quotes.
func stamp(version uint64) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint64(nil, version))
}

func etag(version uint64) string { return `"` + stamp(version) + `"` }

// fill makes the parts that a file of an earlier run, or none, does not hold.
func (s *state) fill(companies []Company) {
	if s.Ledgers == nil {
		s.Ledgers = make(map[string]*ledger)
	}
	if s.Jobs == nil {
		s.Jobs = make(map[string]*job)
	}
	for _, c := range companies {
		l := s.Ledgers[c.Tenant]
		if l == nil {
			l = &ledger{Next: 123, Values: make(map[int][]Value), Versions: make(map[int]uint64)}
			s.Ledgers[c.Tenant] = l
		}
		for _, segment := range c.Segments {
			if _, known := l.Values[segment.ID]; !known {
				l.Values[segment.ID] = slices.Clone(segment.Values)
			}
		}
	}
}
