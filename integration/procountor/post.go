package procountor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// What is kept of a sending.
const (
	evidenceID      = "id"
	evidenceInvoice = "invoice_id" // attachments hang on it
	evidenceVersion = "version"
)

// Prepare implements [target.Target]. Nothing of Procountor's must stand in the
// intent, but the token and the company are made sure of here, so that after
// the intent nothing is left to do but the sending itself.
func (t *Target) Prepare(ctx context.Context, a target.Access, d target.Delivery) (map[string]string, error) {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return nil, err
	}
	if _, err := s.bearer(ctx, ""); err != nil {
		return nil, err
	}
	return maps.Clone(d.Evidence), nil
}

// Post implements [target.Target].
func (t *Target) Post(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	notSent := func(err error) target.Outcome {
		p := httpx.ProblemOf(err)
		return target.Outcome{Class: target.NotSent, Problem: p, SignIn: p.Action == model.ActionSignIn}
	}
	body, err := receiptBody(&d.Entry)
	if err != nil {
		return notSent(err)
	}
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return notSent(err)
	}
	token, err := s.bearer(ctx, "")
	if err != nil {
		return notSent(err)
	}
	header := s.header(token)
	header.Set("Content-Type", "application/json")
	// A reconciliation row would hide a journal that does not balance.
	address := httpx.Join(s.address, "/ledgerreceipts", url.Values{"createReconciliation": {"false"}})
	answer, err := s.http.Send(ctx, http.MethodPost, address, header, body)
	if err != nil {
		return httpx.Failed(err)
	}
	o := classify(answer, &d.Entry, t.config.Clock())
	s.renewRefused(ctx, answer, token, &o)
	o.Detail = fmt.Sprintf("POST ledgerreceipts: %d %s", answer.Status, kind(answer))
	return o
}

// renewRefused asks for a new token when one was refused, which may end early;
// only when none can be had does the account have to sign in again.
func (s *session) renewRefused(ctx context.Context, a *httpx.Answer, token model.Secret, o *target.Outcome) {
	if a.Status != http.StatusUnauthorized {
		return
	}
	if _, err := s.bearer(ctx, token); err != nil {
		p := httpx.ProblemOf(err)
		o.Problem, o.SignIn = p, p.Action == model.ActionSignIn
	}
}

// classify says what the answer to a receipt means.
func classify(a *httpx.Answer, e *model.Entry, now time.Time) target.Outcome {
	faults := readFaults(a.Body)
	switch a.Status {
	case http.StatusOK, http.StatusCreated:
		r, err := readReceipt(a.Body)
		if err != nil {
			return target.Outcome{Class: target.Ambiguous, Problem: unreadable(a).Because(err)}
		}
		return target.Outcome{Class: target.Accepted, Number: r.InvoiceNumber.String(), Evidence: r.evidence()}
	case http.StatusUnauthorized:
		return target.Outcome{Class: target.Deferred, Problem: model.NewProblem("procountor.token_refused").Again()}
	case http.StatusTooManyRequests:
		return target.Outcome{Class: target.Deferred, Problem: faultOf(a), RetryAfter: max(time.Minute, a.RetryAfter(now))}
	case http.StatusForbidden:
		return target.Outcome{Class: target.Rejected, Problem: noRights(faults)}
	case http.StatusNotFound:
		return target.Outcome{Class: target.Rejected, Problem: faultOf(a)}
	case http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity:
		if len(faults) > 0 {
			return target.Outcome{Class: target.Rejected, Problem: problem(faults, e)}
		}
	}
	p := faultOf(a)
	if p == nil || a.Status < http.StatusInternalServerError {
		p = unreadable(a)
	}
	return target.Outcome{Class: target.Ambiguous, Problem: p}
}

// receiptBody writes the request. It fails only for an entry that was never
// ready to leave.
func receiptBody(e *model.Entry) ([]byte, error) {
	r := newReceipt{
		Type:          typeJournal,
		Status:        statusUnfinished,
		Name:          e.Description,
		ReceiptDate:   e.Date.String(),
		VatType:       vatPurchase,
		VatStatus:     vatNone,
		VatProcessing: e.Extra[extraVatProcessing],
		Transactions:  make([]newRow, len(e.Lines)),
	}
	for i, l := range e.Lines {
		row := newRow{
			TransactionType: entryRow,
			Account:         l.LedgerAccount,
			AccountingValue: decimal(l.Amount),
			VatType:         vatPurchase,
			VatStatus:       vatNone,
			Description:     l.Text,
		}
		for _, d := range l.Dimensions {
			if d.Value == "" {
				return nil, fmt.Errorf("line %d: code %q has no item", i+1, d.Code)
			}
			row.Dimensions = append(row.Dimensions, dimensionValue{
				DimensionID: json.Number(d.Dimension), ItemID: json.Number(d.Value), Value: decimal(l.Amount),
			})
		}
		r.Transactions[i] = row
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return nil, fmt.Errorf("receipt %s: %w", e.Key, err)
	}
	return body.Bytes(), nil
}
