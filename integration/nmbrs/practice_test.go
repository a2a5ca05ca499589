package nmbrs_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/nmbrs"
	"loonbrug/integration/payrollfile"
	practice "loonbrug/integration/practice/nmbrs"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// practised serves the practice system and gives a client of it and an account
// with a token.
func practised(t *testing.T, token model.Secret) (*practice.Server, *nmbrs.System, target.Access) {
	t.Helper()
	server, err := practice.New(practice.Options{Delay: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(server.Handler())
	t.Cleanup(h.Close)
	client := httpx.New(httpx.Options{Timeout: time.Second, LoopbackOnly: true})
	system := nmbrs.New(nmbrs.Config{Address: h.URL, HTTP: client, Files: payrollfile.New(), PerSecond: -1, Pause: time.Nanosecond})
	a := target.Access{
		Account: model.Account{ID: 1, Target: nmbrs.ID, Settings: map[string]string{"user": "salaris@praktijk.example"}},
		Vault:   &vault{model.Credentials{"token": token}},
	}
	return server, system, a
}

func connected(t *testing.T, token model.Secret) (*practice.Server, *nmbrs.System, target.Access, []model.Company) {
	t.Helper()
	server, system, a := practised(t, token)
	if who, err := system.Connect(t.Context(), a, nil); err != nil || who.Company != "praktijk" {
		t.Fatalf("%+v, %v", who, err)
	}
	companies, err := system.Companies(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return server, system, a, companies
}

func named(t *testing.T, companies []model.Company, number string) model.Company {
	t.Helper()
	for _, c := range companies {
		if c.Number == number {
			return c
		}
	}
	t.Fatalf("no company %s in %v", number, companies)
	return model.Company{}
}

// The practice system's lists, runs and journals at every depth: the totals are
// the same however far a journal is taken apart, and every transaction balances.
func TestPractice(t *testing.T) {
	_, system, a, companies := connected(t, "practice-nmbrs-token")
	halm := named(t, companies, "12")
	if transport := named(t, companies, "13"); halm.FourWeekly || !transport.FourWeekly || halm.Debtor == "" {
		t.Errorf("%+v, %+v", halm, transport)
	}
	for _, c := range companies {
		runs, err := system.Runs(t.Context(), a, c, 2026)
		if err != nil {
			t.Fatal(c.Name, err)
		}
		for _, r := range runs {
			want := ""
			for _, d := range []source.Depth{source.ByLedgerAccount, source.ByCostCentre, source.ByCostUnit} {
				f, err := system.Journal(t.Context(), a, c, r, d)
				if err != nil {
					t.Fatalf("%s run %d by %s: %v", c.Name, r.Number, d, err)
				}
				got := ""
				for _, part := range journal.Split(f.Journal) {
					debit, credit, err := journal.Totals(part.Lines())
					if err != nil || debit != credit {
						t.Errorf("%s run %d, %s: %s and %s", c.Name, r.Number, part.Period, debit, credit)
					}
					got += fmt.Sprint(part.Period, " ", debit, "; ")
				}
				if want == "" {
					want = got
				}
				if got != want || got == "" {
					t.Errorf("%s run %d by %s: %s, want %s", c.Name, r.Number, d, got, want)
				}
			}
		}
	}
}

// A run with corrections has a transaction for each period that it corrects.
func TestPractice_Corrections(t *testing.T) {
	server, system, a, companies := connected(t, "practice-nmbrs-token")
	halm := named(t, companies, "12")
	id, err := strconv.Atoi(halm.SourceID)
	if err != nil {
		t.Fatal(err)
	}
	run, err := server.AddRun(id, practice.Period{}, practice.Period{Year: 2025, Number: 12})
	if err != nil {
		t.Fatal(err)
	}
	r := model.Run{SourceID: strconv.Itoa(run), Year: server.Runs(id)[len(server.Runs(id))-1].Year}
	first, err := system.Journal(t.Context(), a, halm, r, source.ByCostUnit)
	if err != nil {
		t.Fatal(err)
	}
	parts := journal.Split(first.Journal)
	if len(parts) != 2 || parts[0].Period != (journal.Period{Year: 2025, Number: 12}) {
		t.Fatalf("%d parts, first %v", len(parts), parts[0].Period)
	}
	if again, err := system.Journal(t.Context(), a, halm, r, source.ByCostUnit); err != nil || again.Hash != first.Hash {
		t.Errorf("the same run has another hash: %v", err)
	}
	if err := server.Recalculate(run); err != nil {
		t.Fatal(err)
	}
	if changed, err := system.Journal(t.Context(), a, halm, r, source.ByCostUnit); err != nil || changed.Hash == first.Hash {
		t.Errorf("a recalculated run has the same hash: %v", err)
	}
	if err := server.DeleteRun(run); err != nil {
		t.Fatal(err)
	}
	runs, err := system.Runs(t.Context(), a, halm, r.Year)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range runs {
		if left.SourceID == r.SourceID {
			t.Error("a deleted run is listed")
		}
	}
}

// Whose template lets nothing but the lists, or one journal call, is told which
// right is missing; who may see one debtor sees its companies.
func TestPractice_Rights(t *testing.T) {
	journalOf := func(token model.Secret, d source.Depth) *model.Problem {
		_, system, a, companies := connected(t, token)
		halm := named(t, companies, "12")
		runs, err := system.Runs(t.Context(), a, halm, 2026)
		if err != nil {
			t.Fatal(err)
		}
		_, err = system.Journal(t.Context(), a, halm, runs[0], d)
		return model.ProblemOf(err)
	}
	if p := journalOf("practice-nmbrs-lists", source.ByLedgerAccount); p == nil || p.Code != "nmbrs.no_right" || p.Params["operation"] != "Journals_GetByRunCompany_v2" {
		t.Errorf("%v", p)
	}
	if p := journalOf("practice-nmbrs-company", source.ByLedgerAccount); p != nil {
		t.Errorf("%v", p)
	}
	if p := journalOf("practice-nmbrs-company", source.ByCostUnit); p == nil || p.Code != "nmbrs.no_right" {
		t.Errorf("%v", p)
	}
	_, _, _, all := connected(t, "practice-nmbrs-token")
	if _, _, _, some := connected(t, "practice-nmbrs-one"); len(some) == 0 || len(some) >= len(all) {
		t.Errorf("%d of %d companies", len(some), len(all))
	}
	_, system, a := practised(t, "wrong")
	if _, err := system.Connect(t.Context(), a, nil); model.ProblemOf(err).Code != "nmbrs.login_refused" {
		t.Errorf("a wrong token: %v", err)
	}
}

// Every bad day of the practice system is explained, and one that passes is not
// even noticed.
func TestPractice_BadDays(t *testing.T) {
	for id, want := range map[string]string{
		practice.FaultCode(1001): "nmbrs.login_refused", practice.FaultCode(1002): "nmbrs.no_right", practice.FaultCode(1003): "nmbrs.no_access",
		practice.FaultCode(1004): "nmbrs.no_subscription", practice.FaultCode(2004): "nmbrs.no_access", practice.FaultCode(2006): "nmbrs.refused",
		practice.FaultCode(2013): "nmbrs.no_subscription", practice.FaultCode(2043): "nmbrs.login_refused", practice.FaultCode(2046): "nmbrs.not_found",
		practice.FaultCode(9999): "nmbrs.refused", practice.FaultUnavailable: "nmbrs.unavailable", practice.FaultInOK: "nmbrs.login_refused",
		practice.FaultTimeout: "network.timeout", practice.FaultDrop: "network.broken", "cut": "network.broken", "html": "nmbrs.unreadable_answer",
		"throttle": "nmbrs.unavailable", practice.FaultHTMLError: "nmbrs.unavailable", practice.FaultNoCode: "nmbrs.login_refused",
		practice.FaultEmpty: "source.no_journal", practice.FaultAbsent: "source.no_journal",
		practice.FaultNoAccount: "file.no_ledger_account", practice.FaultOffByCent: "file.unbalanced",
		practice.FaultCDATA: "", practice.FaultUTF16: "", practice.FaultDateTime: "",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			server, system, a, companies := connected(t, "practice-nmbrs-token")
			halm := named(t, companies, "12")
			runs, err := system.Runs(t.Context(), a, halm, 2026)
			if err != nil {
				t.Fatal(err)
			}
			if !server.Faults().Set(id, -1) {
				t.Fatal("no such fault")
			}
			if id == practice.FaultInOK { // how a fault comes, not which
				server.Faults().Set(practice.FaultCode(1001), -1)
			}
			_, err = system.Journal(context.WithoutCancel(t.Context()), a, halm, runs[0], source.ByCostUnit)
			code := ""
			if p := model.ProblemOf(err); p != nil {
				code = p.Code
			}
			if code != want {
				t.Errorf("%q, want %q: %v", code, want, err)
			}
		})
	}
	server, system, a, companies := connected(t, "practice-nmbrs-token")
	for _, id := range []string{practice.FaultCode(1006), "throttle", practice.FaultUnavailable} {
		if !server.Faults().Set(id, 1) {
			t.Fatal(id)
		}
		if _, err := system.Runs(t.Context(), a, named(t, companies, "12"), 2026); err != nil {
			t.Errorf("%s once: %v", id, err)
		}
	}
}
