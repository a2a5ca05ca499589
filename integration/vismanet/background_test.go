package vismanet_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
)

// large is a delivery that the account sends in the background, with its intent
// written down.
func large(t *testing.T) (*office, target.Delivery) {
	t.Helper()
	o := signedIn(t)
	o.access.Account.Settings = map[string]string{"background": "2"}
	d := o.deliveries(t)[0]
	evidence, err := o.target.Prepare(t.Context(), o.access, d)
	if err != nil || evidence["background_asked"] != "true" {
		t.Fatalf("intent %v, %v", evidence, err)
	}
	d.Evidence, d.SentAt = evidence, o.now
	return o, d
}

// learn is what the sender keeps of an outcome.
func learn(d *target.Delivery, out target.Outcome) {
	d.Evidence = maps.Clone(d.Evidence)
	maps.Copy(d.Evidence, out.Evidence)
}

func TestBackground_Practice(t *testing.T) {
	o, d := large(t)
	out := o.target.Post(t.Context(), o.access, d)
	if out.Class != target.Pending || out.Evidence["background"] == "" || out.Problem.Code != "vismanet.in_background" {
		t.Fatalf("outcome %+v", out)
	}
	learn(&d, out)
	if _, out := o.target.ReadBack(t.Context(), o.access, d); out.Class != target.Pending || out.Problem.Code != "vismanet.in_background" {
		t.Fatalf("outcome %+v while it is made", out)
	}
	o.now = o.now.Add(time.Minute)
	b, out := o.target.ReadBack(t.Context(), o.access, d)
	if out.Class != target.Accepted || out.Number == "" {
		t.Fatalf("booked %+v, outcome %+v", b, out)
	}
	wantBooked(t, d.Entry, b)
	if n := len(o.server.Journals()); n != 1 {
		t.Errorf("%d batches", n)
	}
}

// What the call itself would have been refused for is told all the same.
func TestBackground_PracticeRefused(t *testing.T) {
	for fault, code := range map[string]string{
		visma.FaultClosedPeriod: "vismanet.refused_period_closed", visma.FaultInactivePeriod: "vismanet.refused_period_inactive",
	} {
		t.Run(fault, func(t *testing.T) {
			o, d := large(t)
			if !o.server.Faults().SetBookings(fault, 1) {
				t.Fatalf("no fault %s", fault)
			}
			learn(&d, o.target.Post(t.Context(), o.access, d))
			o.now = o.now.Add(time.Minute)
			_, out := o.target.ReadBack(t.Context(), o.access, d)
			if out.Class != target.Rejected || out.Problem.Code != code || out.SignIn {
				t.Errorf("outcome %+v, problem %v", out, out.Problem)
			}
			if n := len(o.server.Journals()); n != 0 {
				t.Errorf("%d batches", n)
			}
		})
	}
}

// After a day the target has forgotten the call; the batch is found by its key.
func TestBackground_PracticeForgotten(t *testing.T) {
	o, d := large(t)
	learn(&d, o.target.Post(t.Context(), o.access, d))
	o.now = o.now.Add(25 * time.Hour)
	b, out := o.target.ReadBack(t.Context(), o.access, d)
	if out.Class != target.Accepted || out.Number == "" {
		t.Fatalf("booked %+v, outcome %+v, problem %v", b, out, out.Problem)
	}
	wantBooked(t, d.Entry, b)
}

// When the answer with the id is lost, the batch is found by its key; where it
// is not, that proves nothing before the doubt is over.
func TestBackground_PracticeIDLost(t *testing.T) {
	for fault, want := range map[string]int{books.FaultDropAfter: 1, books.FaultDropBefore: 0} {
		t.Run(fault, func(t *testing.T) {
			o, d := large(t)
			if !o.server.Faults().SetBookings(fault, 1) {
				t.Fatalf("no fault %s", fault)
			}
			out := o.target.Post(t.Context(), o.access, d)
			if out.Class != target.Ambiguous {
				t.Fatalf("outcome %+v", out)
			}
			learn(&d, out)
			o.now = o.now.Add(time.Hour)
			found, err := o.target.Find(t.Context(), o.access, d)
			if len(found) != want || (want == 0) != (err != nil) {
				t.Fatalf("found %v, %v", found, err)
			}
			if want == 1 {
				return
			}
			p := wantProblem(t, err, "vismanet.background_doubt", model.ActionCheckAgain)
			if until := d.SentAt.Add(2 * time.Hour).Format(time.RFC3339); p.Params["until"] != until {
				t.Errorf("until %s, want %s", p.Params["until"], until)
			}
			wantLater(t, err, 10*time.Minute)
			o.now = o.now.Add(time.Hour)
			if found, err := o.target.Find(t.Context(), o.access, d); err != nil || len(found) != 0 {
				t.Errorf("found %v, %v after the doubt", found, err)
			}
		})
	}
}

// A sending that certainly did not arrive leaves no doubt behind.
func TestBackground_NoDoubtAfterARefusal(t *testing.T) {
	o, d := large(t)
	if !o.server.Faults().SetBookings(books.FaultThrottle, 1) {
		t.Fatal("no fault")
	}
	out := o.target.Post(t.Context(), o.access, d)
	if out.Class != target.Deferred {
		t.Fatalf("outcome %+v", out)
	}
	learn(&d, out)
	if found, err := o.target.Find(t.Context(), o.access, d); err != nil || len(found) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestBackground_Setting(t *testing.T) {
	b := newBundle(t)
	d := b.sampleDelivery()
	var asked string
	b.api.HandleFunc("POST /v2/journaltransaction", func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("erp-api-background")
		w.Header().Set("Location", "/v2/journaltransaction/GL1")
		w.WriteHeader(http.StatusCreated)
	})
	for setting, want := range map[string]string{"": "", "2": "none", "3": "", "0": "", " 2 ": "none"} {
		b.access.Account.Settings = map[string]string{"background": setting}
		// A target that does not do it in the background books it at once.
		if out := b.target.Post(t.Context(), b.access, d); out.Class != target.Accepted || asked != want {
			t.Errorf("%q: header %q, outcome %+v", setting, asked, out)
		}
	}
	line := d.Entry.Lines[0]
	for len(d.Entry.Lines) < 300 {
		d.Entry.Lines = append(d.Entry.Lines, line)
	}
	b.access.Account.Settings = nil
	if b.target.Post(t.Context(), b.access, d); asked != "none" {
		t.Error("300 lines were not sent in the background")
	}
	b.access.Account.Settings = map[string]string{"background": "many"}
	out := b.target.Post(t.Context(), b.access, d)
	if out.Class != target.NotSent || out.Problem.Code != "vismanet.bad_background" {
		t.Errorf("outcome %+v", out)
	}
}

// Refused is said only when it is certain; else the key decides.
func TestBackground_States(t *testing.T) {
	const message = `"errorMessage":"VismaId: 0f8c-77. Error creating document. Error: Account is inactive."`
	there := row("GL9", "Hold", ours, 2, 1, 2)
	for name, c := range map[string]struct {
		status int
		state  string
		list   string
		age    time.Duration
		class  target.Class
		code   string
		number string
	}{
		"Queued":            {200, `{"status":"Queued"}`, there, 0, target.Pending, "vismanet.in_background", ""},
		"Started":           {200, `{"status":"Started","statusCode":0}`, there, 0, target.Pending, "vismanet.in_background", ""},
		"Finished":          {200, `{"status":"Finished","statusCode":201,"responseHeaders":{"location":"https://a.example/v2/journaltransaction/GL9"}}`, "", 0, target.Accepted, "", "GL9"},
		"OtherHeaders":      {200, `{"status":"finished","statusCode":201,"responseHeaders":{"X":[1]}}`, there, 0, target.Accepted, "", "GL9"},
		"NoLocation":        {200, `{"status":"Finished","statusCode":201}`, there, 0, target.Accepted, "", "GL9"},
		"NoLocationNotYet":  {200, `{"status":"Finished"}`, "", 0, target.Pending, "vismanet.not_listed", ""},
		"NoLocationNever":   {200, `{"status":"Finished"}`, "", 3 * time.Hour, target.Accepted, "vismanet.not_listed", ""},
		"Refused":           {200, `{"status":"Failed","statusCode":400,` + message + `}`, there, 0, target.Rejected, "vismanet.refused_inactive_account", ""},
		"RefusedAsFinished": {200, `{"status":"Finished","statusCode":400,` + message + `}`, there, 0, target.Rejected, "vismanet.refused_inactive_account", ""},
		"RefusedByContent":  {200, `{"status":"Failed","statusCode":400}`, there, 0, target.Rejected, "vismanet.refused_period_closed", ""},
		"Licence":           {200, `{"status":"Failed","statusCode":403}`, "", 0, target.Rejected, "vismanet.no_rights", ""},
		"FailedButThere":    {200, `{"status":"Failed","statusCode":500,` + message + `}`, there, 0, target.Accepted, "", "GL9"},
		"FailedNotYet":      {200, `{"status":"Failed","statusCode":500}`, "", 0, target.Pending, "vismanet.not_listed", ""},
		"FailedForGood":     {200, `{"status":"Failed","statusCode":500}`, "", 3 * time.Hour, target.Rejected, "vismanet.background_failed", ""},
		"FailedNoCode":      {200, `{"status":"Failed"}`, "", 3 * time.Hour, target.Rejected, "vismanet.background_failed", ""},
		"UnknownThere":      {404, ``, there, 0, target.Accepted, "", "GL9"},
		"UnknownNotYet":     {404, ``, "", 0, target.Pending, "vismanet.not_listed", ""},
		"GoneNever":         {410, ``, "", 25 * time.Hour, target.Accepted, "vismanet.not_listed", ""},
		"OtherUser":         {403, ``, there, 0, target.Accepted, "", "GL9"},
		"Page":              {200, `<html>`, there, 0, target.Ambiguous, "vismanet.unreadable", ""},
		"Nothing":           {200, `{}`, there, 0, target.Ambiguous, "vismanet.unreadable", ""},
		"Down":              {500, ``, there, 0, target.Ambiguous, "vismanet.server", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBundle(t)
			d := b.sampleDelivery()
			d.SentAt = testNow.Add(-c.age)
			d.Evidence = map[string]string{"background_asked": "true", "background": "job-1", "batch": ""}
			b.answer("GET /v1/background/job-1", c.status, c.state)
			b.answer("GET /v1/background/job-1/content", 200, vismaMessage+`The 01-2026 financial period is closed."}`)
			b.listed(c.list)
			b.answer("GET /v2/journaltransaction/GL9", 200, there)
			_, out := b.target.ReadBack(t.Context(), b.access, d)
			code := ""
			if out.Problem != nil {
				code = out.Problem.Code
			}
			if out.Class != c.class || code != c.code || out.Number != c.number || out.SignIn {
				t.Errorf("outcome %+v, problem %v", out, out.Problem)
			}
		})
	}
}
