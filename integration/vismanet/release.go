package vismanet

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// codeReleaseStatus says that the batch is in a state that cannot be released.
const codeReleaseStatus = "vismanet.release_status"

// Approve implements [target.Approver]: it lifts the hold of a batch and
// releases it. Both name the version that was read, so that a batch that
// somebody changes meanwhile stays as it is. A batch that was released already
// is left alone, so asking twice does no harm.
//
// Whether the API has released the batch when it answers is not documented, and
// neither are the words of its answer: only reading back tells.
func (t *Target) Approve(ctx context.Context, a target.Access, d target.Delivery) target.Outcome {
	s, err := t.open(ctx, a, d.Entry.Administration)
	if err != nil {
		return notReleased(err)
	}
	r := &release{session: s, number: d.Evidence[evidenceBatch], entry: &d.Entry}
	if err := r.read(ctx); err != nil {
		return notReleased(err)
	}
	if r.done() {
		return target.Outcome{Class: target.Accepted, Number: r.number}
	}
	if r.hold {
		if out, ok := r.do(ctx, http.MethodPut, "", []byte(`{"hold":{"value":false}}`)); !ok {
			return out
		}
	}
	out, _ := r.do(ctx, http.MethodPost, "/action/release", nil)
	if out.Problem == nil || out.Problem.Code != codeReleaseStatus {
		return out
	}
	// It may have been released already, or be under way.
	if err := r.read(ctx); err != nil {
		return notReleased(err)
	}
	switch {
	case r.done():
		return target.Outcome{Class: target.Accepted, Number: r.number}
	case !r.hold:
		out.Class = target.Pending
	}
	return out
}

// release is a batch on its way to being released.
type release struct {
	session *session
	number  string
	entry   *model.Entry

	booked target.Booked
	hold   bool
	tag    string // version as it was read; empty is not known
}

// read takes down the batch's state and version. One that no longer has the
// totals of the entry was changed after it was proved.
func (r *release) read(ctx context.Context) error {
	now := r.session.target.config.Clock()
	answer, err := r.session.question(ctx, batchPath(r.number), nil)
	if err != nil {
		return err
	}
	text, err := body(answer, now)
	if err != nil {
		return err
	}
	if r.booked, err = parseBatch(text, r.number); err != nil {
		return err
	}
	var raw struct {
		Hold  bool   `json:"hold"`
		Stamp string `json:"timeStamp"`
	}
	if err := decode("journaltransaction", text, &raw); err != nil {
		return err
	}
	found := model.Entry{Lines: r.booked.Lines}
	debit, credit := found.Totals()
	wantDebit, wantCredit := r.entry.Totals()
	if len(found.Lines) != len(r.entry.Lines) || debit != wantDebit || credit != wantCredit {
		return r.problem("release_changed", "", "").Again()
	}
	r.hold = raw.Hold || r.booked.Status == "Hold"
	r.tag = answer.Header.Get("ETag")
	if r.tag == "" && raw.Stamp != "" {
		r.tag = strconv.Quote(raw.Stamp)
	}
	return nil
}

func (r *release) done() bool { return r.booked.Approval == model.ApprovalGiven }

func (r *release) problem(name, detail, request string) *model.Problem {
	return model.NewProblem("vismanet."+name, "number", r.number, "detail", detail, "request", request)
}

// do changes the batch and tells whether the target says that it did.
func (r *release) do(ctx context.Context, method, path string, text []byte) (out target.Outcome, ok bool) {
	answer, err := r.session.change(ctx, method, batchPath(r.number)+path, r.tag, text)
	if err != nil {
		return notReleased(err), false
	}
	r.tag = answer.Header.Get("ETag")
	if said := parseRelease(answer.Body); answer.OK() && said == "" {
		return target.Outcome{Class: target.Accepted, Number: r.number, Detail: detail(answer)}, true
	} else if answer.OK() {
		return r.saying(refusal{message: said}, answer), false
	}
	return r.refused(answer), false
}

// refused says what an answer that is no success means for a batch that stands
// in the books already.
func (r *release) refused(answer *httpx.Answer) target.Outcome {
	now := r.session.target.config.Clock()
	words := parseRefusal(answer.Body)
	request := requestID(answer, words)
	out := target.Outcome{Class: target.Rejected, Detail: detail(answer)}
	switch general := explain(answer, now); {
	case general.Action == model.ActionSignIn:
		out.Class, out.Problem, out.SignIn = target.Deferred, general, true
	case general.Retryable:
		out.Class, out.Problem, out.RetryAfter = target.Ambiguous, general, after(failed(answer, now))
	case answer.Status == http.StatusConflict, answer.Status == http.StatusPreconditionFailed, answer.Status == http.StatusNotFound:
		// The batch is read again before anything else is tried.
		out.Class, out.Problem = target.Deferred, r.problem("release_changed", words.message, request).Again()
	case answer.Status == http.StatusForbidden:
		out.Problem = r.problem("release_rights", words.message, request)
	default:
		return r.saying(words, answer)
	}
	return out
}

// saying names a refusal by what the target says.
func (r *release) saying(words refusal, answer *httpx.Answer) target.Outcome {
	request := requestID(answer, words)
	out := target.Outcome{Class: target.Rejected, Detail: detail(answer)}
	switch general, _ := byWords(words.message); {
	case wrongStatus(words.message):
		out.Problem = r.problem("release_status", words.message, request)
	case general == "refused_access":
		out.Problem = r.problem("release_rights", words.message, request)
	default:
		out.Problem = r.problem("release_refused", words.message, request)
	}
	return out
}

// wrongStatus knows the texts of the system that Visma.net ERP is built on for a
// batch that is on hold, out of balance or released already.
func wrongStatus(message string) bool {
	text := strings.ToLower(message)
	return strings.Contains(text, "batch status") || strings.Contains(text, "status invalid for processing") ||
		strings.Contains(text, "documents could not be released")
}

// parseRelease reads what went wrong out of an answer of success. Its other
// words are not documented, so they count for nothing.
func parseRelease(text []byte) string {
	var raw struct {
		Error any `json:"errorInfo"`
	}
	if json.Unmarshal(text, &raw) != nil || raw.Error == nil {
		return ""
	}
	if said, ok := raw.Error.(string); ok {
		return plain(said)
	}
	said, err := json.Marshal(raw.Error)
	if err != nil {
		return ""
	}
	return plain(string(said))
}

// notReleased is the outcome of a call that did not come about; the batch stays
// as it is.
func notReleased(err error) target.Outcome {
	problem := httpx.ProblemOf(err)
	return target.Outcome{
		Class: target.Ambiguous, Problem: problem, RetryAfter: after(err),
		SignIn: problem.Action == model.ActionSignIn, Detail: problem.Code,
	}
}
