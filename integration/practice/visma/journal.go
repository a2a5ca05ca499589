package visma

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"
)

const moduleGL = "ModuleGL"

// createBatch books a journal transaction. The answer has no body: the number is
// the last part of Location.
func (s *Server) createBatch(c *call) answer {
	var update journalUpdate
	if err := json.Unmarshal(c.body, &update); err != nil {
		return *malformed(err)
	}
	b := &batch{
		Date: s.opt.Clock().Format(time.DateOnly), Currency: c.company.Currency,
		Ledger: c.company.Ledgers[0].Number, Branch: c.company.Branches[0].Number, Status: statusBalanced,
	}
	if c.company.HoldOnEntry {
		b.Status = statusHold
	}
	if err := s.review(c, b, update); err != nil {
		return refusedBy(creating, err)
	}
	if err := s.number(c, b, update); err != nil {
		return refusedBy(creating, err)
	}
	s.touch(b)
	c.ledger.Batches = append(c.ledger.Batches, b)
	if err := s.commit(func() { c.ledger.Batches = c.ledger.Batches[:len(c.ledger.Batches)-1] }); err != nil {
		return broken()
	}
	s.opt.Log.Info("practice visma.net booked", "company", c.company.Name, "batch", b.Number, "period", b.Period, "lines", len(b.Lines))
	a := answer{status: http.StatusCreated, header: map[string]string{"ETag": etag(b.Version)}}
	prefix := c.base
	if s.take(c.r, FaultOldLocation) {
		prefix += "/API/controller/api"
	}
	if !s.take(c.r, FaultNoLocation) {
		a.header["Location"] = prefix + "/v2/journaltransaction/" + b.Number
	}
	return a
}

var ownNumber = regexp.MustCompile(`^[0-9A-Z]{1,15}$`)

// number gives the batch its number: from the series, or the client's own when it
// overrides the series.
func (s *Server) number(c *call, b *batch, u journalUpdate) error {
	if value(u.OverrideNumber) {
		b.Number = value(u.BatchNumber)
		if !ownNumber.MatchString(b.Number) || c.ledger.find(b.Number) != nil {
			return inField("BatchNbr", "'%s' cannot be used as a number.", b.Number)
		}
		return nil
	}
	for b.Number == "" || c.ledger.find(b.Number) != nil {
		b.Number = fmt.Sprintf("GL%06d", c.ledger.Next)
		c.ledger.Next++
	}
	return nil
}

// touch notes a change. Called with s.mu held.
func (s *Server) touch(b *batch) {
	b.Version = s.next()
	b.Modified = s.opt.Clock().UTC().Truncate(time.Millisecond)
}

func refusedBy(doing string, err error) answer {
	var wrong badRequest
	if errors.As(err, &wrong) {
		return *malformed(wrong.error)
	}
	return refused(doing, err.Error())
}

func (s *Server) getBatch(c *call) answer {
	b := c.batch()
	if b == nil {
		return notThere()
	}
	return ok(c.journalDTO(b, b.Lines, true)).with(map[string]string{"ETag": etag(b.Version)})
}

func (c *call) batch() *batch { return c.ledger.find(c.path("journalTransactionNumber")) }

// putBatch changes a batch that is not released yet.
func (s *Server) putBatch(c *call) answer {
	b := c.batch()
	if b == nil {
		return notThere()
	}
	if !c.matches(b.Version) {
		return changedMeanwhile()
	}
	var update journalUpdate
	if err := json.Unmarshal(c.body, &update); err != nil {
		return *malformed(err)
	}
	if !b.open() {
		return refused(updating, "Batch Status invalid for processing.")
	}
	changed := b.clone()
	if err := s.review(c, changed, update); err != nil {
		return refusedBy(updating, err)
	}
	if err := s.replace(c, b, changed); err != nil {
		return broken()
	}
	return answer{status: http.StatusNoContent, header: map[string]string{"ETag": etag(changed.Version)}}
}

// replace puts the changed batch in the place of the old one and keeps it.
func (s *Server) replace(c *call, old, changed *batch) error {
	i := slices.Index(c.ledger.Batches, old)
	s.touch(changed)
	c.ledger.Batches[i] = changed
	return s.commit(func() { c.ledger.Batches[i] = old })
}

// releaseBatch posts a balanced batch at once, or on a bad day later or never.
func (s *Server) releaseBatch(c *call) answer {
	b := c.batch()
	if b == nil {
		return notThere()
	}
	if !c.matches(b.Version) {
		return changedMeanwhile()
	}
	if b.Status != statusBalanced || !b.open() {
		return refused(releasing, "Batch Status invalid for processing.")
	}
	if s.take(c.r, FaultReleaseRefused) {
		return refused(releasing, "One or more documents could not be released.")
	}
	if err := s.usable(c, b); err != nil {
		return refusedBy(releasing, err)
	}
	changed := b.clone()
	switch now := s.opt.Clock(); {
	case s.take(c.r, FaultReleaseNever):
		changed.Posts = now.Add(never)
	case s.take(c.r, FaultReleaseLater):
		changed.Posts = now.Add(s.opt.BackgroundLag)
	default:
		changed.Status = c.company.released()
	}
	if err := s.replace(c, b, changed); err != nil {
		return broken()
	}
	return ok(dict{"actionId": newID(), "actionResult": "Completed"}).with(map[string]string{"ETag": etag(changed.Version)})
}

// never is later than any practice lasts.
const never = 100 * 365 * 24 * time.Hour

// released is the state that release leads to.
func (c *Company) released() string {
	if c.PostOnRelease {
		return statusPosted
	}
	return statusUnposted
}

// settle posts the batches whose release has come through meanwhile. Called with
// s.mu held.
func (s *Server) settle() {
	for i := range s.opt.Companies {
		company := &s.opt.Companies[i]
		batches := s.state.Ledgers[company.Tenant].Batches
		for j, b := range batches {
			if b.Posts.IsZero() || s.opt.Clock().Before(b.Posts) {
				continue
			}
			changed := b.clone()
			changed.Status, changed.Posts = company.released(), time.Time{}
			s.touch(changed)
			batches[j] = changed
			if s.commit(func() { batches[j] = b }) != nil {
				return
			}
		}
	}
}

// journalDTO is the batch as it is read, with these of its lines.
func (c *call) journalDTO(b *batch, lines []line, attachments bool) journalDTO {
	debit, credit := b.totals()
	control := debit
	if b.Control != nil {
		control = *b.Control
	}
	rate := json.Number(b.Rate)
	if rate == "" {
		rate = "1"
	}
	d := journalDTO{
		Module: moduleGL, BatchNumber: b.Number, Status: b.Status, Hold: b.Status == statusHold,
		Date: b.Date + "T00:00:00", PostPeriod: b.Period[4:] + b.Period[:4], Period: b.Period,
		Ledger: b.Ledger, LedgerDescription: c.ledgerName(b.Ledger), Currency: b.Currency, Rate: rate,
		AutoReversing: b.AutoReversing, Description: b.Description,
		Debit: money(b.base(debit)), DebitInCurrency: money(debit), Credit: money(b.base(credit)), CreditInCurrency: money(credit),
		Control: money(b.base(control)), ControlInCurrency: money(control),
		Modified: atTime(b.Modified), Code: b.Code, Branch: b.Branch, TimeStamp: stamp(b.Version), Lines: []lineDTO{},
	}
	if attachments {
		d.Attachments = attachmentDTOs(b.Attachments)
	}
	for _, l := range lines {
		d.Lines = append(d.Lines, c.lineDTO(b, l, attachments))
	}
	return d
}

func (c *call) lineDTO(b *batch, l line, attachments bool) lineDTO {
	account, _ := c.company.account(l.Account)
	d := lineDTO{
		Number: l.Number, Account: l.Account, Description: account.Name, Subaccount: c.subaccountOf(l.Segments),
		Reference: l.Reference, Text: l.Text, Branch: l.Branch, Module: moduleGL, Note: l.Note,
		Debit: money(b.base(l.Debit)), DebitInCurrency: money(l.Debit), Credit: money(b.base(l.Credit)), CreditInCurrency: money(l.Credit),
	}
	if attachments {
		d.Attachments = attachmentDTOs(l.Attachments)
	}
	return d
}

func (c *call) ledgerName(number string) string {
	i := slices.IndexFunc(c.company.Ledgers, func(l Ledger) bool { return l.Number == number })
	if i < 0 {
		return ""
	}
	return c.company.Ledgers[i].Name
}
