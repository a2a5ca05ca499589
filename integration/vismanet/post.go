package vismanet

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

const (
	batches  = "/v2/journaltransaction"
	jsonType = "application/json; charset=utf-8"
)

// evidenceBatch is the number of a batch in the evidence of a delivery.
const evidenceBatch = "batch"

// value is how the API wraps every scalar of a body.
type value[T any] struct {
	Value T `json:"value"`
}

// cents is an amount as a JSON number, written digit by digit.
type cents journal.Amount

// MarshalJSON writes the amount with two decimals.
func (c cents) MarshalJSON() ([]byte, error) { return []byte(journal.Amount(c).String()), nil }

// batch is the body of a new batch. What is not set is left out, so that the
// company's own settings decide.
type batch struct {
	Hold        value[bool]   `json:"hold"`
	Date        value[string] `json:"transactionDate"`
	Period      value[string] `json:"financialPeriod"`
	Ledger      value[string] `json:"ledger,omitzero"`
	Branch      value[string] `json:"branch,omitzero"`
	Currency    value[string] `json:"currencyId"`
	Description value[string] `json:"description"`
	Lines       []batchLine   `json:"journalTransactionLines"`
}

// batchLine is one line; it has a debit or a credit, never both.
type batchLine struct {
	Operation  string         `json:"operation"`
	Account    value[string]  `json:"accountNumber"`
	Subaccount []segmentValue `json:"subaccount,omitempty"`
	Reference  value[string]  `json:"referenceNumber,omitzero"`
	Text       value[string]  `json:"transactionDescription,omitzero"`
	Debit      *value[cents]  `json:"debitAmountInCurrency,omitempty"`
	Credit     *value[cents]  `json:"creditAmountInCurrency,omitempty"`
}

type segmentValue struct {
	ID    int    `json:"segmentId"`
	Value string `json:"segmentValue"`
}

// request is the body that books an entry. The same entry always makes the
// same bytes.
func request(e *model.Entry) ([]byte, error) {
	b := batch{
		Hold: value[bool]{e.Extra[extraHold] != "false"},
		// Without a zone: with one, the day was shifted at some companies.
		Date:        value[string]{e.Date.String() + "T00:00:00"},
		Period:      value[string]{e.BookPeriod},
		Ledger:      value[string]{e.Extra[extraLedger]},
		Branch:      value[string]{e.Extra[extraBranch]},
		Currency:    value[string]{e.Currency},
		Description: value[string]{e.Description},
	}
	for _, l := range e.Lines {
		line := batchLine{
			Operation: "Insert",
			Account:   value[string]{l.LedgerAccount},
			Reference: value[string]{e.Reference},
			Text:      value[string]{l.Text},
		}
		for _, d := range l.Dimensions {
			id, err := strconv.Atoi(d.Dimension)
			if err != nil {
				return nil, fmt.Errorf("segment %q: %w", d.Dimension, err)
			}
			line.Subaccount = append(line.Subaccount, segmentValue{ID: id, Value: d.Value})
		}
		amount := &value[cents]{cents(l.Amount.Abs())}
		if l.Amount >= 0 {
			line.Debit = amount
		} else {
			line.Credit = amount
		}
		b.Lines = append(b.Lines, line)
	}
	return json.Marshal(b)
}

// Post implements [target.Target]: POST /v2/journaltransaction, once.
func (t *Target) Post(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return notSent(err)
	}
	text, err := request(&d.Entry)
	if err != nil {
		return notSent(err)
	}
	token, err := s.token(ctx)
	if err != nil {
		return notSent(err)
	}
	header := headers(token)
	header.Set("Content-Type", jsonType)
	if s.inBackground(&d.Entry) {
		header.Set(backgroundHeader, "none")
	}
	answer, err := t.config.HTTP.Send(ctx, http.MethodPost, httpx.Join(s.api, batches, nil), header, text)
	var out target.Outcome
	switch {
	case err != nil:
		out = httpx.Failed(err)
	case answer.Status == http.StatusUnauthorized:
		out = s.refused(ctx, token, answer)
	case answer.Status == http.StatusAccepted:
		out = taken(answer)
	default:
		out = t.classify(answer)
	}
	return forget(out, d.Evidence)
}

// notSent is the outcome of what went wrong before a byte left.
func notSent(err error) target.Outcome {
	problem := model.ProblemOf(err)
	return target.Outcome{
		Class: target.NotSent, Problem: problem, SignIn: problem.Action == model.ActionSignIn, Detail: problem.Code,
	}
}

// refused renews a token that the API did not take and tries it on a question.
// The booking itself is not repeated here: nothing was accepted, and the sender
// sends it again. A new token that is refused as well was given for something
// else than a company, so only another sign-in helps.
func (s *session) refused(ctx context.Context, token model.Secret, answer *httpx.Answer) target.Outcome {
	out := target.Outcome{Class: target.Deferred, Detail: detail(answer)}
	if _, err := s.target.oauth.Renew(ctx, s.provider, s.access, token); err != nil {
		out.Problem = model.ProblemOf(err)
	} else if _, err := s.organization(ctx); err != nil {
		out.Problem, out.RetryAfter = model.ProblemOf(err), after(err)
	} else {
		out.Problem = model.NewProblem("vismanet.token_renewed").Again()
	}
	out.SignIn = out.Problem.Action == model.ActionSignIn
	return out
}

// classify says what an answer to the booking proves.
func (t *Target) classify(answer *httpx.Answer) target.Outcome {
	out := target.Outcome{Class: target.Ambiguous, Detail: detail(answer)}
	if number := batchNumber(answer.Header.Get("Location")); answer.OK() && number != "" {
		out.Class, out.Number, out.Evidence = target.Accepted, number, map[string]string{evidenceBatch: number}
		return out
	}
	if answer.Status == http.StatusCreated {
		// Created without saying where: it is found by its key.
		out.Class = target.Accepted
		return out
	}
	if answer.OK() {
		out.Problem = unreadable("journaltransaction")
		return out
	}
	out.Problem = explain(answer, t.config.Clock())
	r := parseRefusal(answer.Body)
	switch {
	case answer.Status == http.StatusTooManyRequests:
		out.Class, out.RetryAfter = target.Deferred, patience(answer, t.config.Clock())
	case r.html:
		// A proxy may have answered after the request had gone on.
	case out.Problem.Action == model.ActionSignIn:
		// The gateway did not let it through to the company's books.
		out.Class, out.SignIn = target.Deferred, true
	case answer.Status >= 400 && answer.Status < 500 && answer.Status != http.StatusRequestTimeout:
		out.Class = target.Rejected
	}
	return out
}

// batchNumber is the last part of the address of a new batch, whatever stands
// before it: both the current and the former path are seen.
func batchNumber(location string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	before, last := path[:strings.LastIndex(path, "/")+1], path[strings.LastIndex(path, "/")+1:]
	if !strings.HasSuffix(strings.ToLower(before), "/journaltransaction/") {
		return ""
	}
	last, err = url.PathUnescape(last)
	if err != nil {
		return ""
	}
	if coded, ok := strings.CutPrefix(last, "b64("); ok {
		number, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.TrimSuffix(coded, ")"), "="))
		if err != nil {
			return ""
		}
		last = string(number)
	}
	if plain(last) != last {
		return ""
	}
	return last
}

// batchPath is the address of a batch. A number with characters that mean
// something in an address is written in base64, as the API asks.
func batchPath(number string) string {
	if url.PathEscape(number) != number {
		number = "b64(" + base64.URLEncoding.EncodeToString([]byte(number)) + ")"
	}
	return batches + "/" + number
}
