package vismanet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// pageSize is the largest page in common use; the API cuts it to its own
// largest one without saying so.
const pageSize = 500

// mostPages ends a list that never ends.
const mostPages = 10_000

// clockDoubt is how much earlier than the first sending changes are asked for:
// the clocks differ and the zone of the API's is not documented.
const clockDoubt = 24 * time.Hour

// statusVoided is the status of a batch that does not count any more.
const statusVoided = "Voided"

// readBatch is a batch as the API shows it.
type readBatch struct {
	Number      string      `json:"batchNumber"`
	Status      string      `json:"status"`
	Hold        bool        `json:"hold"`
	Description string      `json:"description"`
	Debit       json.Number `json:"debitTotalInCurrency"`
	Credit      json.Number `json:"creditTotalInCurrency"`
	Lines       []readLine  `json:"journalTransactionLines"`
	Metadata    metadata    `json:"metadata"`
}

// readLine is one line of it. Older answers have amounts in the company's
// currency alone, which is the entry's.
type readLine struct {
	Number     int         `json:"lineNumber"`
	Account    string      `json:"accountNumber"`
	Text       string      `json:"transactionDescription"`
	Debit      json.Number `json:"debitAmountInCurrency"`
	Credit     json.Number `json:"creditAmountInCurrency"`
	DebitBase  json.Number `json:"debitAmount"`
	CreditBase json.Number `json:"creditAmount"`
	Subaccount struct {
		Segments []struct {
			ID    int    `json:"segmentId"`
			Value string `json:"segmentValue"`
		} `json:"segments"`
	} `json:"subaccount"`
}

// Find implements [target.Target]. It reads the period of the entry and, once
// it was sent, everything changed since: a bookkeeper may have moved the batch
// to another period.
func (t *Target) Find(ctx context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return nil, err
	}
	queries := []url.Values{{"periodId": {d.Entry.BookPeriod}}}
	if !d.SentAt.IsZero() {
		since := d.SentAt.UTC().Add(-clockDoubt).Format("2006-01-02T15:04:05")
		queries = append(queries, url.Values{"lastModifiedDateTime": {since}})
	}
	var found []target.Booked
	for _, query := range queries {
		list, err := s.list(ctx, query)
		if err != nil {
			return nil, err
		}
		for i := range list {
			known := slices.ContainsFunc(found, func(b target.Booked) bool { return b.Number == list[i].Number })
			if known || list[i].Status == statusVoided || !keyIn(list[i].Description, d.Entry.Key) {
				continue
			}
			booked, err := list[i].booked()
			if err != nil {
				return nil, err
			}
			found = append(found, booked)
		}
	}
	if len(found) == 0 {
		return nil, t.doubt(d)
	}
	return found, nil
}

// list reads all pages of a list. It fails rather than give a part: whoever
// looks for a batch takes its absence for proof.
func (s *session) list(ctx context.Context, query url.Values) ([]readBatch, error) {
	query.Set("module", "GL")
	query.Set("pageSize", strconv.Itoa(pageSize))
	var j joined
	for page := 1; page <= mostPages; page++ {
		query.Set("pageNumber", strconv.Itoa(page))
		text, err := s.get(ctx, batches, query)
		if err != nil {
			return nil, err
		}
		var got []readBatch
		if err := decode("journaltransaction", text, &got); err != nil {
			return nil, err
		}
		done, err := j.add(got)
		if err != nil || done {
			return j.batches, err
		}
	}
	return nil, incomplete("journaltransaction", j.lines, j.total)
}

// joined puts the pages of a list together. Pages and the total count lines,
// so a batch may begin on one page and end on the next.
type joined struct {
	batches []readBatch
	lines   int
	total   int // of lines; zero where the target does not say
}

// add takes a page and tells whether it was the last.
func (j *joined) add(page []readBatch) (done bool, err error) {
	fresh := false
	for _, b := range page {
		switch total := b.Metadata.TotalCount; {
		case total == j.total || total == 0:
		case j.total == 0:
			j.total = total
		default:
			return false, model.NewProblem("vismanet.list_changed").Again()
		}
		if b.Number == "" {
			return false, unreadable("journaltransaction")
		}
		i := slices.IndexFunc(j.batches, func(known readBatch) bool { return known.Number == b.Number })
		if i < 0 {
			j.batches = append(j.batches, b)
			j.lines += len(b.Lines)
			fresh = true
			continue
		}
		known := &j.batches[i]
		for _, l := range b.Lines {
			if !slices.ContainsFunc(known.Lines, func(k readLine) bool { return k.Number == l.Number }) {
				known.Lines = append(known.Lines, l)
				j.lines++
				fresh = true
			}
		}
	}
	switch {
	case j.total > 0 && j.lines >= j.total:
		return true, nil
	case fresh:
		return false, nil
	case j.lines < j.total:
		return false, incomplete("journaltransaction", j.lines, j.total)
	}
	return true, nil
}

// ReadBack implements [target.Target]. A batch whose number the answer to the
// booking did not give is asked for where it is made in the background, and found
// by its key otherwise.
func (t *Target) ReadBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	booked, err := t.readBack(ctx, a, d)
	if err == nil {
		return booked, target.Outcome{Class: target.Accepted, Number: booked.Number, Evidence: booked.Evidence}
	}
	problem := model.ProblemOf(err)
	out := target.Outcome{Class: target.Ambiguous, Problem: problem, RetryAfter: after(err), Detail: problem.Code}
	switch {
	case errors.Is(err, errRefused):
		out.Class = target.Rejected
	case problem.Code == codeVoided, errors.Is(err, errGone):
		// Read, and no longer there: asking again brings nothing back.
		out.Class = target.Accepted
	case problem.Code == codeNotListed, problem.Code == codeInBackground:
		out.Class = target.Pending
	default:
		out.SignIn = problem.Action == model.ActionSignIn
	}
	return target.Booked{}, out
}

// codeNotListed says that a batch that was accepted cannot be found yet.
const codeNotListed = "vismanet.not_listed"

// codeNotFound and codeVoided say that a batch does not count, or not any more.
const (
	codeNotFound = "vismanet.not_found"
	codeVoided   = "vismanet.voided"
	codeNoRights = "vismanet.no_rights"
)

// errGone says that the batch itself, and not something on the way to it, was
// not found.
var errGone = errors.New("the batch is gone")

func (t *Target) readBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, error) {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return target.Booked{}, err
	}
	number := d.Evidence[evidenceBatch]
	switch {
	case number != "":
	case d.Evidence[evidenceJob] != "":
		number, err = s.backgroundBatch(ctx, d)
	default:
		number, err = s.byKey(ctx, d)
	}
	if err != nil {
		return target.Booked{}, err
	}
	text, err := s.get(ctx, batchPath(number), nil)
	if p := model.ProblemOf(err); p != nil && p.Code == codeNotFound {
		return target.Booked{}, errors.Join(errGone, err)
	}
	if err != nil {
		return target.Booked{}, err
	}
	return parseBatch(text, number)
}

// byKey is the number of a batch whose answer did not give it.
func (s *session) byKey(ctx context.Context, d target.Delivery) (string, error) {
	found, err := s.target.Find(ctx, s.access, d)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", model.NewProblem(codeNotListed, "key", d.Entry.Key).Again()
	case len(found) > 1:
		return "", duplicates(found)
	}
	return found[0].Number, nil
}

// Adopted implements [target.Drafter]: a batch keeps its number for ever.
func (t *Target) Adopted(d target.Delivery, b target.Booked) bool {
	number := d.Evidence[evidenceBatch]
	return number != "" && number == b.Number
}

func duplicates(found []target.Booked) *model.Problem {
	numbers := make([]string, len(found))
	for i, b := range found {
		numbers[i] = b.Number
	}
	return model.NewProblem("vismanet.found_twice", "numbers", strings.Join(numbers, ", ")).With(model.ActionCheckAgain)
}

// parseBatch reads one batch and proves that none of it is missing.
func parseBatch(text []byte, number string) (target.Booked, error) {
	var b readBatch
	if err := decode("journaltransaction", text, &b); err != nil {
		return target.Booked{}, err
	}
	switch {
	case b.Number != number:
		return target.Booked{}, unreadable("journaltransaction")
	case b.Status == statusVoided:
		return target.Booked{}, model.NewProblem(codeVoided, "number", number).With(model.ActionCheckAgain)
	}
	booked, err := b.booked()
	if err != nil {
		return target.Booked{}, err
	}
	e := model.Entry{Lines: booked.Lines}
	debit, credit := e.Totals()
	if !agrees(b.Debit, debit) || !agrees(b.Credit, credit) {
		return target.Booked{}, model.NewProblem("vismanet.incomplete", "what", "journaltransaction",
			"got", debit.String(), "expected", b.Debit.String()).Again()
	}
	return booked, nil
}

// agrees tells whether a total of the header is the sum of the lines. A total
// that is absent or no whole number of cents proves nothing.
func agrees(total json.Number, sum journal.Amount) bool {
	amount, err := amountOf(total)
	return total == "" || err != nil || amount == sum
}

// booked is the batch in the program's words.
func (b *readBatch) booked() (target.Booked, error) {
	booked := target.Booked{
		Number: b.Number, Status: b.Status, Approval: model.ApprovalWaiting,
		Evidence: map[string]string{evidenceBatch: b.Number},
	}
	switch b.Status {
	case "Unposted", "Posted", "Completed", "Released":
		booked.Approval = model.ApprovalGiven
	}
	for _, l := range b.Lines {
		line, err := l.entryLine()
		if err != nil {
			return target.Booked{}, unreadable("journaltransaction").Because(fmt.Errorf("batch %s, line %d: %w", b.Number, l.Number, err))
		}
		booked.Lines = append(booked.Lines, line)
	}
	return booked, nil
}

func (l *readLine) entryLine() (model.EntryLine, error) {
	if l.Debit == "" && l.Credit == "" {
		l.Debit, l.Credit = l.DebitBase, l.CreditBase
	}
	debit, err := amountOf(l.Debit)
	if err != nil {
		return model.EntryLine{}, err
	}
	credit, err := amountOf(l.Credit)
	if err != nil {
		return model.EntryLine{}, err
	}
	line := model.EntryLine{LedgerAccount: l.Account, Amount: debit - credit, Text: l.Text}
	for _, s := range l.Subaccount.Segments {
		line.Dimensions = append(line.Dimensions, model.DimensionCode{Dimension: strconv.Itoa(s.ID), Value: s.Value})
	}
	return line, nil
}

// amountOf reads a JSON number as cents, exactly. Absent is nothing; a part of a
// cent or an exponent is refused.
func amountOf(n json.Number) (journal.Amount, error) {
	if n == "" {
		return 0, nil
	}
	whole, fraction, _ := strings.Cut(n.String(), ".")
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 2 {
		return 0, fmt.Errorf("%w: %q", journal.ErrTooManyDigits, n.String())
	}
	var a journal.Amount
	err := a.UnmarshalText([]byte(whole + "." + fraction + "00"[len(fraction):]))
	return a, err
}
