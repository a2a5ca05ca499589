package vismanet_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
)

// booked is a delivery that was posted on hold in the practice system.
func booked(t *testing.T) (*office, target.Delivery) {
	t.Helper()
	o := signedIn(t)
	d := o.deliveries(t)[0]
	out := o.target.Post(t.Context(), o.access, d)
	if out.Class != target.Accepted {
		t.Fatalf("outcome %+v", out)
	}
	d.Evidence, d.SentAt = out.Evidence, testNow
	return o, d
}

// A batch is a draft until it is released, and releasing it twice does no harm.
func TestApprove_Practice(t *testing.T) {
	o, d := booked(t)
	for range 2 {
		if out := o.target.Approve(t.Context(), o.access, d); out.Class != target.Accepted || out.Problem != nil {
			t.Fatalf("outcome %+v", out)
		}
		b, out := o.target.ReadBack(t.Context(), o.access, d)
		if out.Class != target.Accepted || b.Approval != model.ApprovalGiven {
			t.Fatalf("booked %+v, outcome %+v", b, out)
		}
		wantBooked(t, d.Entry, b)
	}
}

// Whatever goes wrong at releasing, the batch stands in the books as it was
// proved, and trying again does what is left.
func TestApprove_PracticeBadDays(t *testing.T) {
	for name, c := range map[string]struct {
		fault  string
		class  target.Class
		code   string
		signIn bool
	}{
		"Throttle":     {books.FaultThrottle, target.Ambiguous, "vismanet.rate_limited", false},
		"Unavailable":  {visma.FaultUnavailable, target.Ambiguous, "vismanet.server", false},
		"DropBefore":   {books.FaultDropBefore, target.Ambiguous, "network.broken", false},
		"DropAfter":    {books.FaultDropAfter, target.Ambiguous, "network.broken", false},
		"NoLicence":    {visma.FaultNoLicence, target.Deferred, "vismanet.no_licence", true},
		"Forbidden":    {visma.FaultForbidden, target.Rejected, "vismanet.release_rights", false},
		"AccessRights": {visma.FaultAccessRights, target.Rejected, "vismanet.release_rights", false},
		"Collective":   {visma.FaultCollectiveError, target.Rejected, "vismanet.release_refused", false},
		"Empty":        {visma.FaultEmptyError, target.Rejected, "vismanet.release_refused", false},
		"ClosedPeriod": {visma.FaultClosedPeriod, target.Rejected, "vismanet.release_refused", false},
		"Unauthorised": {books.FaultUnauthorized, target.Accepted, "", false}, // renewed and asked once more
	} {
		t.Run(name, func(t *testing.T) {
			o, d := booked(t)
			if !o.server.Faults().SetBookings(c.fault, 1) {
				t.Fatalf("no fault %s", c.fault)
			}
			out := o.target.Approve(t.Context(), o.access, d)
			code := ""
			if out.Problem != nil {
				code = out.Problem.Code
			}
			if out.Class != c.class || code != c.code || out.SignIn != c.signIn {
				t.Fatalf("outcome %+v, problem %v", out, out.Problem)
			}
			b, _ := o.target.ReadBack(t.Context(), o.access, d)
			wantBooked(t, d.Entry, b)
			if out := o.target.Approve(t.Context(), o.access, d); out.Class != target.Accepted {
				t.Errorf("second outcome %+v, problem %v", out, out.Problem)
			}
		})
	}
}

// releasing is a delivery whose batch the recorded answers describe.
func releasing(t *testing.T, status string) (*bundle, target.Delivery) {
	b := newBundle(t)
	d := b.sampleDelivery()
	d.Evidence = map[string]string{"batch": "GL1"}
	if status != "" {
		b.answer("GET /v2/journaltransaction/GL1", 200, readable(status), "ETag", `"v1"`)
	}
	return b, d
}

// readable is the sample batch with a hold that goes with its status.
func readable(status string) string {
	text := row("GL1", status, ours, 2, 1, 2)
	if status != "Hold" {
		text = strings.Replace(text, `"hold":true`, `"hold":false`, 1)
	}
	return text
}

// The hold is lifted with the version that was read, the release with the one
// that came of that, and nothing else is said.
func TestApprove_Requests(t *testing.T) {
	b, d := releasing(t, "Hold")
	var said []string
	say := func(status int, tag string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			said = append(said, r.Method+" "+r.URL.Path+" "+r.Header.Get("If-Match")+" "+r.Header.Get("Content-Type")+" "+string(text))
			w.Header().Set("ETag", tag)
			w.WriteHeader(status)
		}
	}
	b.api.HandleFunc("PUT /v2/journaltransaction/GL1", say(204, `"v2"`))
	b.api.HandleFunc("POST /v2/journaltransaction/GL1/action/release", say(200, ""))
	if out := b.target.Approve(t.Context(), b.access, d); out.Class != target.Accepted {
		t.Fatalf("outcome %+v", out)
	}
	want := []string{
		`PUT /v2/journaltransaction/GL1 "v1" application/json; charset=utf-8 `,
		`POST /v2/journaltransaction/GL1/action/release "v2"  `,
	}
	if len(said) != 2 || said[0] != want[0] || said[1] != want[1] {
		t.Errorf("said %q", said)
	}
	if put := b.seen("PUT"); len(put) != 1 || put[0].body != `{"hold":{"value":false}}` {
		t.Errorf("said %+v", put)
	}
}

func TestApprove_Answers(t *testing.T) {
	const wrongStatus = vismaMessage + `Batch Status invalid for processing."}`
	for name, c := range map[string]struct {
		before, after string // status of the batch
		status        int
		body          string
		headers       []string
		class         target.Class
		code          string
		wait          time.Duration
	}{
		"Documented":    {"Balanced", "Posted", 200, `{"actionId":"1","actionResult":"Completed","errorInfo":null}`, nil, target.Accepted, "", 0},
		"OtherWords":    {"Balanced", "Balanced", 200, `{"actionResult":"InProgress"}`, nil, target.Accepted, "", 0},
		"NoBody":        {"Balanced", "Balanced", 200, ``, nil, target.Accepted, "", 0},
		"NoContent":     {"Balanced", "Balanced", 204, ``, nil, target.Accepted, "", 0},
		"TakenForLater": {"Balanced", "Balanced", 202, `{"id":"1"}`, nil, target.Accepted, "", 0},
		"ErrorInfo":     {"Balanced", "Balanced", 200, `{"errorInfo":"One or more documents could not be released."}`, nil, target.Pending, "vismanet.release_status", 0},
		"ErrorObject":   {"Balanced", "Balanced", 200, `{"errorInfo":{"message":"no"}}`, nil, target.Rejected, "vismanet.release_refused", 0},
		"UnderWay":      {"Balanced", "Balanced", 400, wrongStatus, nil, target.Pending, "vismanet.release_status", 0},
		"DoneMeanwhile": {"Balanced", "Posted", 400, wrongStatus, nil, target.Accepted, "", 0},
		"HeldMeanwhile": {"Balanced", "Hold", 400, wrongStatus, nil, target.Rejected, "vismanet.release_status", 0},
		"Changed":       {"Balanced", "Balanced", 412, ``, nil, target.Deferred, "vismanet.release_changed", 0},
		"Conflict":      {"Balanced", "Balanced", 409, ``, nil, target.Deferred, "vismanet.release_changed", 0},
		"Gone":          {"Balanced", "Balanced", 404, ``, nil, target.Deferred, "vismanet.release_changed", 0},
		"Limit":         {"Balanced", "Balanced", 429, ``, []string{"Retry-After", "42"}, target.Ambiguous, "vismanet.rate_limited", 42 * time.Second},
		"Down":          {"Balanced", "Balanced", 503, ``, []string{"Retry-After", "60"}, target.Ambiguous, "vismanet.server", time.Minute},
		"Page":          {"Balanced", "Balanced", 403, `<html>`, nil, target.Ambiguous, "vismanet.page", 0},
		"Released":      {"Unposted", "Unposted", 500, ``, nil, target.Accepted, "", 0},
		"Voided":        {"Voided", "Voided", 500, ``, nil, target.Ambiguous, "vismanet.voided", 0},
	} {
		t.Run(name, func(t *testing.T) {
			b, d := releasing(t, "")
			asked := false
			b.api.HandleFunc("GET /v2/journaltransaction/GL1", func(w http.ResponseWriter, _ *http.Request) {
				status := c.before
				if asked {
					status = c.after
				}
				write(t, w, readable(status))
			})
			b.api.HandleFunc("POST /v2/journaltransaction/GL1/action/release", func(w http.ResponseWriter, _ *http.Request) {
				asked = true
				for i := 0; i < len(c.headers); i += 2 {
					w.Header().Set(c.headers[i], c.headers[i+1])
				}
				w.WriteHeader(c.status)
				write(t, w, c.body)
			})
			out := b.target.Approve(t.Context(), b.access, d)
			code := ""
			if out.Problem != nil {
				code = out.Problem.Code
			}
			if out.Class != c.class || code != c.code || out.RetryAfter != c.wait {
				t.Errorf("outcome %+v, problem %v", out, out.Problem)
			}
			if out.Problem != nil && strings.HasPrefix(code, "vismanet.release") && out.Problem.Params["number"] != "GL1" {
				t.Errorf("params %v", out.Problem.Params)
			}
			if n := len(b.seen("PUT")); n != 0 {
				t.Errorf("%d changes of a batch that is not on hold", n)
			}
		})
	}
}

// What was proved is what is released: a batch that somebody changed after it
// was read back stays as it is.
func TestApprove_OnlyWhatWasProved(t *testing.T) {
	for name, text := range map[string]string{
		"Amount": strings.ReplaceAll(readable("Balanced"), "668.98", "668.99"),
		"Line":   strings.ReplaceAll(row("GL1", "Balanced", ours, 4, 1, 2, 3, 4), "TotalInCurrency\":668.98", "TotalInCurrency\":1337.96"),
	} {
		t.Run(name, func(t *testing.T) {
			b, d := releasing(t, "")
			b.answer("GET /v2/journaltransaction/GL1", 200, text)
			out := b.target.Approve(t.Context(), b.access, d)
			if out.Class == target.Accepted || out.Problem == nil || out.Problem.Code != "vismanet.release_changed" || len(b.seen("POST")) != 0 {
				t.Errorf("outcome %+v, problem %v", out, out.Problem)
			}
		})
	}
}

// Before anything is said: a sign-in for another company.
func TestApprove_OtherCompany(t *testing.T) {
	b, d := releasing(t, "Hold")
	b.vault.kept[7]["administration"] = "tenant-other"
	out := b.target.Approve(t.Context(), b.access, d)
	if !out.SignIn || out.Problem.Code != "vismanet.other_company" || len(b.seen("PUT"))+len(b.seen("POST")) != 0 {
		t.Errorf("outcome %+v", out)
	}
}
