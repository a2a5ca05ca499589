package vismanet_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/oauth"
	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/practice/visma/connect"
	"loonbrug/integration/target"
	"loonbrug/integration/vismanet"
)

// office is the target in front of the practice system.
type office struct {
	now     time.Time
	server  *visma.Server
	address string
	target  *vismanet.Target
	vault   *vault
	access  target.Access
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{now: testNow, vault: newVault()}
	clock := func() time.Time { return o.now }
	server, err := visma.New(visma.Options{Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server.Handler())
	t.Cleanup(web.Close)
	o.server, o.address = server, web.URL
	o.target = vismanet.New(vismanet.Config{
		Identity: web.URL, API: web.URL, ClientID: visma.ClientID, Ports: []int{0}, HTTP: testHTTP(), Clock: clock, Wait: time.Minute,
	})
	o.access = target.Access{Account: model.Account{ID: 7, Target: vismanet.ID}, Vault: o.vault}
	return o
}

// signedIn is an office whose account was signed in to De Halm.
func signedIn(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	refresh, err := o.server.Authorize(visma.Bookkeeper, visma.DeHalm)
	if err != nil {
		t.Fatal(err)
	}
	o.vault.kept[7] = model.Credentials{
		oauth.FieldRefreshToken:      model.Secret(refresh),
		vismanet.FieldAdministration: visma.DeHalm,
		vismanet.FieldCompany:        "Bakkerij De Halm B.V.",
	}
	return o
}

// deliveries are the three entries of the sample payroll.
func (o *office) deliveries(t *testing.T) []target.Delivery {
	t.Helper()
	ref, err := o.target.Reference(t.Context(), o.access, visma.DeHalm)
	if err != nil {
		t.Fatal(err)
	}
	var all []target.Delivery
	for i, part := range journal.Split(samplePayroll(t)) {
		draft := sampleDraft(part)
		draft.Mapping.Administration.Code = visma.DeHalm
		draft.Key = testKey[:len(testKey)-1] + string(rune('2'+i))
		e, problems := o.target.Build(draft, ref)
		if len(problems) > 0 {
			t.Fatalf("%s: %v", part.Period, problems)
		}
		all = append(all, target.Delivery{Entry: e})
	}
	return all
}

// wantBooked checks that a booking is the entry, line for line.
func wantBooked(t *testing.T, e model.Entry, b target.Booked) {
	t.Helper()
	got := model.Entry{Lines: b.Lines}
	debit, credit := e.Totals()
	gotDebit, gotCredit := got.Totals()
	if len(b.Lines) != len(e.Lines) || debit != gotDebit || credit != gotCredit {
		t.Fatalf("%d lines %s/%s, want %d lines %s/%s", len(b.Lines), gotDebit, gotCredit, len(e.Lines), debit, credit)
	}
	for i, l := range e.Lines {
		g := b.Lines[i]
		if g.LedgerAccount != l.LedgerAccount || g.Amount != l.Amount || g.Text != l.Text {
			t.Errorf("line %d is %+v, want %+v", i+1, g, l)
		}
		for _, d := range l.Dimensions {
			if segment(g, d.Dimension) != d.Value {
				t.Errorf("line %d: segment %s is %q, want %q", i+1, d.Dimension, segment(g, d.Dimension), d.Value)
			}
		}
	}
}

func TestPractice_SamplePayroll(t *testing.T) {
	for name, fault := range map[string]string{
		"Plain": "", "FormerLocation": visma.FaultOldLocation, "NoLocation": visma.FaultNoLocation,
		"SplitPages": visma.FaultSplitPages, "OtherPeriods": visma.FaultOtherPeriods,
	} {
		t.Run(name, func(t *testing.T) {
			o := signedIn(t)
			if fault != "" && !o.server.Faults().Set(fault, -1) {
				t.Fatalf("no fault %s", fault)
			}
			for _, d := range o.deliveries(t) {
				if found, err := o.target.Find(t.Context(), o.access, d); err != nil || len(found) != 0 {
					t.Fatalf("found %v, %v before it was sent", found, err)
				}
				if _, err := o.target.Prepare(t.Context(), o.access, d); err != nil {
					t.Fatal(err)
				}
				d.SentAt = testNow
				out := o.target.Post(t.Context(), o.access, d)
				if out.Class != target.Accepted {
					t.Fatalf("outcome %+v", out)
				}
				d.Evidence = out.Evidence
				booked, out := o.target.ReadBack(t.Context(), o.access, d)
				if out.Class != target.Accepted || booked.Approval != model.ApprovalWaiting || booked.Status != "Hold" {
					t.Fatalf("booked %+v, outcome %+v", booked, out)
				}
				wantBooked(t, d.Entry, booked)
				found, err := o.target.Find(t.Context(), o.access, d)
				if err != nil || len(found) != 1 || found[0].Number != booked.Number {
					t.Fatalf("found %v, %v", found, err)
				}
				wantBooked(t, d.Entry, found[0])
			}
			if n := len(o.server.Journals()); n != 3 {
				t.Errorf("%d batches", n)
			}
		})
	}
}

// Whatever goes wrong at sending, the look-up tells the truth about it.
func TestPractice_BadDays(t *testing.T) {
	for name, c := range map[string]struct {
		fault  string
		class  target.Class
		code   string
		signIn bool
		booked int
	}{
		"ErrorBefore":  {books.FaultErrorBefore, target.Ambiguous, "vismanet.server", false, 0},
		"ErrorAfter":   {books.FaultErrorAfter, target.Ambiguous, "vismanet.server", false, 1},
		"DropBefore":   {books.FaultDropBefore, target.Ambiguous, "network.broken", false, 0},
		"DropAfter":    {books.FaultDropAfter, target.Ambiguous, "network.broken", false, 1},
		"HTML":         {books.FaultHTML, target.Ambiguous, "", false, -1},
		"Throttle":     {books.FaultThrottle, target.Deferred, "vismanet.rate_limited", false, 0},
		"Unauthorised": {books.FaultUnauthorized, target.Deferred, "vismanet.token_renewed", false, 0},
		"Unavailable":  {visma.FaultUnavailable, target.Ambiguous, "vismanet.server", false, 0},
		"NoLicence":    {visma.FaultNoLicence, target.Deferred, "vismanet.no_licence", true, 0},
		"WrongCompany": {visma.FaultWrongCompany, target.Deferred, "vismanet.no_company", true, 0},
		"Forbidden":    {visma.FaultForbidden, target.Rejected, "vismanet.no_rights", false, 0},
		"ClosedPeriod": {visma.FaultClosedPeriod, target.Rejected, "vismanet.refused_period_closed", false, 0},
		"Inactive":     {visma.FaultInactivePeriod, target.Rejected, "vismanet.refused_period_inactive", false, 0},
		"EmptyError":   {visma.FaultEmptyError, target.Rejected, "vismanet.refused", false, 0},
		"TextError":    {visma.FaultTextError, target.Rejected, "", false, 0},
		"Collective":   {visma.FaultCollectiveError, target.Rejected, "vismanet.refused_collective", false, 0},
		"AccessRights": {visma.FaultAccessRights, target.Rejected, "vismanet.refused_access", false, 0},
		"TooLarge":     {visma.FaultTooLarge, target.Rejected, "vismanet.too_large", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := signedIn(t)
			d := o.deliveries(t)[0]
			if !o.server.Faults().SetBookings(c.fault, 1) {
				t.Fatalf("no fault %s", c.fault)
			}
			out := o.target.Post(t.Context(), o.access, d)
			if out.Class != c.class || out.SignIn != c.signIn || (c.code != "" && (out.Problem == nil || out.Problem.Code != c.code)) {
				t.Fatalf("outcome %+v", out)
			}
			d.SentAt = testNow
			found, err := o.target.Find(t.Context(), o.access, d)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(o.server.Journals()); len(found) != n || (c.booked >= 0 && n != c.booked) {
				t.Errorf("found %d of %d batches, want %d", len(found), n, c.booked)
			}
		})
	}
}

func TestPractice_VoidedAndRemoved(t *testing.T) {
	o := signedIn(t)
	d := o.deliveries(t)[0]
	out := o.target.Post(t.Context(), o.access, d)
	if err := o.server.Void(visma.DeHalm, out.Number); err != nil {
		t.Fatal(err)
	}
	if found, err := o.target.Find(t.Context(), o.access, d); err != nil || len(found) != 0 {
		t.Errorf("a voided batch was found: %v, %v", found, err)
	}
	d.Evidence = out.Evidence
	if _, out := o.target.ReadBack(t.Context(), o.access, d); out.Problem == nil || out.Problem.Code != "vismanet.voided" {
		t.Errorf("outcome %+v", out)
	}
	if err := o.server.Remove(visma.DeHalm, out.Number); err != nil {
		t.Fatal(err)
	}
	if _, out := o.target.ReadBack(t.Context(), o.access, d); out.Problem == nil || out.Problem.Code != "vismanet.not_found" {
		t.Errorf("outcome %+v", out)
	}
}

func TestPractice_Tokens(t *testing.T) {
	for name, c := range map[string]struct {
		fault string
		code  string
	}{
		"Revoked": {connect.FaultRevoked, "signin.expired"},
		"NoRole":  {connect.FaultInvalidTenant, "signin.no_role"},
	} {
		t.Run(name, func(t *testing.T) {
			o := signedIn(t)
			if !o.server.Faults().Set(c.fault, -1) {
				t.Fatalf("no fault %s", c.fault)
			}
			_, err := o.target.Administrations(t.Context(), o.access)
			wantProblem(t, err, c.code, model.ActionSignIn)
		})
	}
}
