package procountor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// Approve implements [target.Approver] by the approval call of Procountor's
// OpenAPI document, which has no body. A refusal is final only while the receipt
// still is unfinished; when somebody was faster, reading it back says what
// became of it.
func (t *Target) Approve(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	return t.move(ctx, a, d, "approve", func(ctx context.Context, s *session, answer *httpx.Answer, id string) target.Outcome {
		return s.approval(ctx, answer, id)
	})
}

// move asks for a step of a receipt's workflow, by the name it has in the
// address, and has the answer judged.
func (t *Target) move(ctx context.Context, a target.Access, d target.Delivery, step string,
	judge func(context.Context, *session, *httpx.Answer, string) target.Outcome,
) target.Outcome {
	notSent := func(err error) target.Outcome {
		p := httpx.ProblemOf(err)
		return target.Outcome{Class: target.NotSent, Problem: p, SignIn: p.Action == model.ActionSignIn}
	}
	id := d.Evidence[evidenceID]
	if id == "" {
		return notSent(model.NewProblem("procountor.no_receipt_id").With(model.ActionCheckAgain))
	}
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return notSent(err)
	}
	token, err := s.bearer(ctx, "")
	if err != nil {
		return notSent(err)
	}
	address := httpx.Join(s.address, "/ledgerreceipts/"+url.PathEscape(id)+"/"+step, nil)
	answer, err := s.http.Send(ctx, http.MethodPut, address, s.header(token), nil)
	if err != nil {
		return httpx.Failed(err)
	}
	o := judge(ctx, s, answer, id)
	s.renewRefused(ctx, answer, token, &o)
	o.Detail = fmt.Sprintf("PUT ledgerreceipts %s: %d %s", step, answer.Status, kind(answer))
	return o
}

// approval says what the answer to an approval means.
func (s *session) approval(ctx context.Context, a *httpx.Answer, id string) target.Outcome {
	faults := readFaults(a.Body)
	changed := target.Outcome{Class: target.Pending, Problem: model.NewProblem("procountor.receipt_changed", "message", words(faults)).Again()}
	switch a.Status {
	case http.StatusOK:
		return target.Outcome{Class: target.Accepted}
	case http.StatusUnauthorized:
		return target.Outcome{Class: target.Deferred, Problem: model.NewProblem("procountor.token_refused").Again()}
	case http.StatusTooManyRequests:
		return target.Outcome{Class: target.Deferred, Problem: faultOf(a), RetryAfter: max(time.Minute, a.RetryAfter(s.now()))}
	case http.StatusForbidden:
		if r, err := s.receipt(ctx, id); err == nil && (r == nil || r.Status != statusUnfinished) {
			return changed
		}
		return target.Outcome{Class: target.Rejected, Problem: notApproved(faults)}
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict:
		switch {
		case len(faults) > 0 && (a.Status != http.StatusBadRequest || faults[0].member() == "version"):
			return changed
		case len(faults) > 0:
			return target.Outcome{Class: target.Rejected, Problem: notApproved(faults)}
		}
	}
	p := faultOf(a)
	if p == nil {
		p = unreadable(a)
	}
	return target.Outcome{Class: target.Ambiguous, Problem: p}
}

// notApproved explains a refused approval. Missing rights and a closed period
// have the same status, so that only the words tell them apart.
func notApproved(faults []fault) *model.Problem {
	message := words(faults)
	if strings.Contains(strings.ToLower(message), "rights") {
		return model.NewProblem("procountor.approval_no_rights", "message", message)
	}
	return model.NewProblem("procountor.approval_refused", "message", message)
}

// words is what Procountor says of the first fault.
func words(faults []fault) string {
	if len(faults) == 0 {
		return ""
	}
	return faults[0].Message
}
