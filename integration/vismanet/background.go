package vismanet

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/target"
)

// A call with this header is answered at once and done later
// (docs.vismasoftware.no, background API). Calls that take longer than about
// four minutes are broken off, which a large batch may come to.
const (
	backgroundHeader = "erp-api-background"
	backgroundPath   = "/v1/background/"
)

// backgroundLines is the number of lines from which a batch is sent in the
// background, unless the account says otherwise. Where the API's own limit lies
// is not published.
const backgroundLines = 300

// backgroundDoubt is how long after its sending a batch that was sent in the
// background may still turn up. The vendor gives no time; this is far longer
// than any call may take.
const backgroundDoubt = 2 * time.Hour

// The evidence of a batch that is sent in the background: that it was asked for,
// written down before the first byte leaves, and the id that the target gave.
const (
	evidenceAsked = "background_asked" // "true"
	evidenceJob   = "background"
)

// backgroundSetting reads an account's number of lines; zero is never.
func backgroundSetting(text string) (int, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return backgroundLines, nil
	}
	lines, err := strconv.ParseUint(text, 10, 24)
	if err != nil {
		return 0, model.NewProblem("vismanet.bad_background", "lines", text).With(model.ActionOpenAccount)
	}
	return int(lines), nil
}

func (s *session) inBackground(e *model.Entry) bool {
	return s.background > 0 && len(e.Lines) >= s.background
}

// intent adds what must be known of a sending whose answer is lost.
func (s *session) intent(evidence map[string]string, e *model.Entry) map[string]string {
	if s.inBackground(e) {
		evidence[evidenceAsked], evidence[evidenceJob] = "true", ""
	} else if evidence[evidenceAsked] != "" {
		evidence[evidenceAsked], evidence[evidenceJob] = "", ""
	}
	return evidence
}

// taken is the outcome of an answer that says the batch will be made later. The
// id is kept with the delivery before anybody asks for it.
func taken(answer *httpx.Answer) target.Outcome {
	out := target.Outcome{Class: target.Ambiguous, Detail: detail(answer), Problem: unreadable("background")}
	if id := parseTaken(answer.Body); id != "" {
		out.Class, out.Problem = target.Pending, inBackground(id)
		out.Evidence = map[string]string{evidenceJob: id, evidenceBatch: ""}
	}
	return out
}

// parseTaken reads the id of a background call, from itself or from the end of
// the address that it can be asked at.
func parseTaken(text []byte) string {
	var raw struct {
		ID       string `json:"id"`
		Location string `json:"stateLocation"`
	}
	if json.Unmarshal(text, &raw) != nil {
		return ""
	}
	if raw.ID == "" {
		if u, err := url.Parse(raw.Location); err == nil {
			path := strings.TrimRight(u.Path, "/")
			raw.ID = path[strings.LastIndex(path, "/")+1:]
		}
	}
	if raw.ID == "" || raw.ID == "." || raw.ID == ".." || plain(raw.ID) != raw.ID || url.PathEscape(raw.ID) != raw.ID {
		return ""
	}
	return raw.ID
}

// forget takes back the note of a background sending once it is certain that
// nothing of it will turn up later. Evidence can only be overwritten, so an empty
// text stands for none.
func forget(out target.Outcome, known map[string]string) target.Outcome {
	if known[evidenceAsked] == "" || out.Class == target.Ambiguous || out.Class == target.Pending {
		return out
	}
	evidence := map[string]string{evidenceAsked: "", evidenceJob: ""}
	for k, v := range out.Evidence {
		evidence[k] = v
	}
	out.Evidence = evidence
	return out
}

// doubt is why nothing found proves nothing: a batch that was sent in the
// background, and whose id was lost, may still turn up.
func (t *Target) doubt(d target.Delivery) error {
	if d.Evidence[evidenceAsked] == "" || d.Evidence[evidenceJob] != "" || d.SentAt.IsZero() {
		return nil
	}
	until := d.SentAt.Add(backgroundDoubt)
	left := until.Sub(t.config.Clock())
	if left <= 0 {
		return nil
	}
	problem := model.NewProblem("vismanet.background_doubt", "until", until.UTC().Format(time.RFC3339), "key", d.Entry.Key).
		With(model.ActionCheckAgain).Again()
	return &target.Later{Err: problem, After: min(left, 10*time.Minute)}
}

const codeInBackground = "vismanet.in_background"

func inBackground(id string) *model.Problem {
	return model.NewProblem(codeInBackground, "id", id).Again()
}

// errRefused says that the target did not book what it had taken.
var errRefused = errors.New("refused in the background")

// jobState is what the target says of a background call.
type jobState struct {
	over     bool
	failed   bool
	status   int    // of the answer that the call would have got; zero is not known
	location string // of the new batch
	message  string
}

// parseJob reads the state of a background call. Words for its status that are
// not documented mean that it still goes on.
func parseJob(text []byte) (jobState, error) {
	var raw struct {
		Status  string         `json:"status"`
		Code    int            `json:"statusCode"`
		Message string         `json:"errorMessage"`
		Headers map[string]any `json:"responseHeaders"`
	}
	if err := decode("background", text, &raw); err != nil {
		return jobState{}, err
	}
	if raw.Status == "" {
		return jobState{}, unreadable("background")
	}
	j := jobState{status: raw.Code, message: raw.Message, failed: strings.EqualFold(raw.Status, "Failed")}
	j.over = j.failed || strings.EqualFold(raw.Status, "Finished")
	for name, value := range raw.Headers {
		if text, ok := value.(string); ok && strings.EqualFold(name, "Location") {
			j.location = text
		}
	}
	return j, nil
}

// job asks what became of a background call: the number of the batch, or nothing
// when only a look-up by key can tell. Refused is certain only where the target
// says why; failed is its word alone.
func (s *session) job(ctx context.Context, id string) (number string, failed bool, err error) {
	text, err := s.get(ctx, backgroundPath+id, nil)
	if p := model.ProblemOf(err); p != nil && (p.Code == codeNotFound || p.Code == codeNoRights) {
		return "", false, nil // forgotten by now, or another user's
	}
	if err != nil {
		return "", false, err
	}
	state, err := parseJob(text)
	switch {
	case err != nil:
		return "", false, err
	case !state.over:
		return "", false, inBackground(id)
	case state.status < http.StatusBadRequest:
		return batchNumber(state.location), state.failed, nil
	}
	// What the call itself would have been answered decides, as if it had been.
	out := s.target.classify(&httpx.Answer{Status: state.status, Body: s.words(ctx, id, state)})
	if out.Class == target.Rejected || out.Class == target.Deferred {
		return "", true, errors.Join(errRefused, out.Problem)
	}
	return "", true, nil
}

// words is the body of a refusal: the message of the state, else the content,
// which the target may have forgotten.
func (s *session) words(ctx context.Context, id string, state jobState) []byte {
	if state.message != "" {
		if text, err := json.Marshal(map[string]string{"message": state.message}); err == nil {
			return text
		}
	}
	text, err := s.get(ctx, backgroundPath+id+"/content", nil)
	if err != nil {
		return nil
	}
	return text
}

// backgroundBatch is the number of a batch that was sent in the background.
func (s *session) backgroundBatch(ctx context.Context, d target.Delivery) (string, error) {
	number, failed, err := s.job(ctx, d.Evidence[evidenceJob])
	if number != "" || err != nil {
		return number, err
	}
	number, err = s.byKey(ctx, d)
	if p := model.ProblemOf(err); p == nil || p.Code != codeNotListed {
		return number, err
	}
	switch settled := !s.target.config.Clock().Before(d.SentAt.Add(backgroundDoubt)); {
	case settled && failed:
		return "", errors.Join(errRefused, model.NewProblem("vismanet.background_failed", "id", d.Evidence[evidenceJob]))
	case settled:
		return "", errors.Join(errGone, err)
	}
	return "", err
}
