package sender_test

import (
	"testing"
	"testing/synctest"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// TestSender_Approves has bookings approved where their entries ask for it. One
// that the target will not approve is booked all the same, waits, and says why.
func TestSender_Approves(t *testing.T) {
	yes := target.Outcome{Class: target.Accepted}
	no := target.Outcome{Class: target.Rejected, Problem: model.NewProblem("ledger.no_right")}
	down := target.Outcome{Class: target.Ambiguous, Problem: model.NewProblem("ledger.down")}
	for name, c := range map[string]struct {
		asks      bool
		approvals []target.Outcome
		asked     int
		want      model.Approval
		problem   string
	}{
		"not asked for":     {false, []target.Outcome{yes}, 0, model.ApprovalWaiting, ""},
		"approved":          {true, []target.Outcome{yes}, 1, model.ApprovalGiven, ""},
		"refused":           {true, []target.Outcome{no}, 1, model.ApprovalWaiting, "ledger.no_right"},
		"down for a while":  {true, []target.Outcome{down, down, yes}, 3, model.ApprovalGiven, ""},
		"down all the time": {true, []target.Outcome{down}, 4, model.ApprovalWaiting, "ledger.down"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := emptyWorld(t, killedAfter)
				w.approve = c.asks
				w.fill(t.Context(), 1)
				w.ledger.approvals = c.approvals
				w.live()
				w.check()
				d := w.deliveries()[0]
				code := ""
				if d.Problem != nil {
					code = d.Problem.Code
				}
				if d.State != model.StateBooked || d.Approval != c.want || w.ledger.asked != c.asked || code != c.problem || w.ledger.posts != 1 {
					t.Errorf("%s, approval %s after asking %d times, problem %q, sent %d times", d.State, d.Approval, w.ledger.asked, code, w.ledger.posts)
				}
				w.end()
			})
		})
	}
}

// A company that was marked after the click is not sent: the transaction that
// would commit the intent says so, and the delivery is withdrawn.
func TestSender_BarredAtTheIntent(t *testing.T) {
	for name, mark := range map[string]func(*model.Company){
		"send.test_company":   func(c *model.Company) { c.TestCompany = true },
		"send.debtor_blocked": func(c *model.Company) { c.DebtorBlocked = true },
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 2)
			companies, err := w.store.Companies(t.Context())
			w.must(err)
			mark(&companies[0])
			w.must(w.store.SaveCompany(t.Context(), &companies[0]))
			w.live()
			for _, d := range w.deliveries() {
				if d.State != model.StateWithdrawn || d.Problem == nil || d.Problem.Code != name {
					t.Errorf("%s: %s, %v", name, d.State, d.Problem)
				}
			}
			if w.ledger.posts != 0 {
				t.Errorf("%s: sent %d times", name, w.ledger.posts)
			}
			w.end()
		})
	}
}
