package procountor

import (
	"context"
	"net/http"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// Invalidate implements [target.Invalidator] by the call of Procountor's OpenAPI
// document, which has no body and takes unfinished receipts alone. A refusal is
// final only while the receipt still is unfinished.
func (t *Target) Invalidate(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	return t.move(ctx, a, d, "invalidate", func(ctx context.Context, s *session, answer *httpx.Answer, id string) target.Outcome {
		o := s.approval(ctx, answer, id)
		if o.Class == target.Rejected {
			o.Problem = model.NewProblem("procountor.invalidation_refused", "message", words(readFaults(answer.Body)))
		}
		if answer.Status == http.StatusNotFound {
			// Gone altogether is as good as invalid; reading back proves it.
			o = target.Outcome{Class: target.Accepted}
		}
		return o
	})
}

// Adopted implements [target.Drafter]: a receipt keeps its id for ever.
func (t *Target) Adopted(d target.Delivery, b target.Booked) bool {
	id := d.Evidence[evidenceID]
	return id != "" && id == b.Evidence[evidenceID]
}
