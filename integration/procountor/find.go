package procountor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

const (
	pageSize = 200 // the most that Procountor gives
	// A bookkeeper may have moved the receipt to another day.
	searchDays = 31
)

// Find implements [target.Target]. It reads the journal receipts around the
// posting date, since nothing can be searched by name, and gives those whose
// name has the key as a word.
func (t *Target) Find(ctx context.Context, a target.Access, d target.Delivery) ([]target.Booked, error) {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return nil, err
	}
	day := d.Entry.Date.Time()
	hits, err := s.search(ctx, day.AddDate(0, 0, -searchDays), day.AddDate(0, 0, searchDays),
		func(name string) bool { return hasWord(name, d.Entry.Key) })
	if err != nil {
		return nil, err
	}
	var found []target.Booked
	for _, h := range hits {
		r, err := s.receipt(ctx, h.ID.String())
		if err != nil {
			return nil, err
		}
		if r != nil && !void(r.Status) {
			found = append(found, r.booked())
		}
	}
	return found, nil
}

// hit is a receipt in a list.
type hit struct {
	ID     json.Number `json:"id"`
	Status string      `json:"status"`
	Name   string      `json:"name"`
}

// search gives the receipts between two days whose name is one that is looked
// for. It asks for pages until one brings nothing new: what a page leaves out because
// it is shorter than expected must not count as not there.
func (s *session) search(ctx context.Context, from, to time.Time, wanted func(name string) bool) (found []hit, err error) {
	query := url.Values{
		"types":     {typeJournal},
		"startDate": {from.Format(time.DateOnly)},
		"endDate":   {to.Format(time.DateOnly)},
		"orderById": {"ASC"},
		"size":      {strconv.Itoa(pageSize)},
	}
	seen := make(map[json.Number]bool)
	for page := 0; ; page++ {
		query.Set("page", strconv.Itoa(page))
		answer, err := s.get(ctx, "/ledgerreceipts", query)
		if err != nil {
			return nil, err
		}
		if p := faultOf(answer); p != nil {
			return nil, p
		}
		hits, err := readHits(answer.Body)
		if err != nil {
			return nil, unreadable(answer).Because(err)
		}
		before := len(seen)
		for _, h := range hits {
			if !seen[h.ID] && !void(h.Status) && wanted(h.Name) {
				found = append(found, h)
			}
			seen[h.ID] = true
		}
		if len(seen) == before {
			return found, nil
		}
	}
}

// readHits reads one page of a search. A page with neither a list nor the count
// zero is refused: it would read as nothing found.
func readHits(body []byte) ([]hit, error) {
	var answer struct {
		Results []hit `json:"results"`
		Meta    struct {
			Count *int `json:"resultCount"`
		} `json:"meta"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if answer.Results == nil && (answer.Meta.Count == nil || *answer.Meta.Count != 0) {
		return nil, errNoList
	}
	for _, h := range answer.Results {
		if h.ID == "" {
			return nil, errNoReceipt
		}
	}
	return answer.Results, nil
}

// hasWord tells whether the key is a word of the name.
func hasWord(name, key string) bool { return key != "" && slices.Contains(strings.Fields(name), key) }

// receipt reads one receipt; nil is none under that id.
func (s *session) receipt(ctx context.Context, id string) (*receipt, error) {
	answer, err := s.get(ctx, "/ledgerreceipts/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	if answer.Status == http.StatusNotFound && len(readFaults(answer.Body)) > 0 {
		return nil, nil
	}
	if p := faultOf(answer); p != nil {
		return nil, p
	}
	r, err := readReceipt(answer.Body)
	if err != nil {
		return nil, unreadable(answer).Because(err)
	}
	return r, nil
}

// ReadBack implements [target.Target]. A receipt that was invalidated or is no
// longer there comes back without lines.
func (t *Target) ReadBack(ctx context.Context, a target.Access, d target.Delivery) (target.Booked, target.Outcome) {
	failed := func(err error) (target.Booked, target.Outcome) {
		p := httpx.ProblemOf(err)
		return target.Booked{}, target.Outcome{Class: target.Ambiguous, Problem: p, SignIn: p.Action == model.ActionSignIn}
	}
	id := d.Evidence[evidenceID]
	if id == "" {
		return failed(model.NewProblem("procountor.no_receipt_id").With(model.ActionCheckAgain))
	}
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return failed(err)
	}
	r, err := s.receipt(ctx, id)
	switch {
	case err != nil:
		return failed(err)
	case r == nil:
		return target.Booked{}, target.Outcome{Class: target.Accepted}
	}
	b := r.booked()
	if void(r.Status) {
		b.Lines = nil
	}
	return b, target.Outcome{Class: target.Accepted, Number: b.Number}
}

// void tells whether a receipt in this state counts as not there.
func void(status string) bool { return status == statusInvalid || status == statusDeleted }

// booked is the receipt as the sender compares it.
func (r *receipt) booked() target.Booked {
	approval := model.ApprovalNone
	switch r.Status {
	case statusUnfinished:
		approval = model.ApprovalWaiting
	case statusApproved:
		approval = model.ApprovalGiven
	}
	return target.Booked{
		Number:   r.InvoiceNumber.String(),
		Approval: approval,
		Evidence: r.evidence(),
		Status:   r.Status,
		Lines:    r.lines(),
	}
}
