package office_test

import (
	"context"
	"reflect"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/office"
	"loonbrug/integration/office/setup"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/procountor"
	"loonbrug/integration/sender"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// as is the office of another user on the same database.
func (b *bureau) as(user string) *office.Office {
	b.t.Helper()
	targets := target.Registry{procountor.New(procountor.Config{Address: "http://127.0.0.1:1", HTTP: httpx.New(httpx.Options{LoopbackOnly: true})})}
	resting, err := sender.New(b.store, targets, sender.Options{})
	b.must(err)
	return office.New(office.Options{
		Store: b.store, Targets: targets, Systems: []source.System{b.payroll}, Files: payrollfile.New(), Mailbox: resting,
		Open: noBrowser, Language: dutch, User: user,
	})
}

func someRights() model.Rights {
	return model.Rights{
		Templates: []model.Template{
			{Name: "Beheer", Targets: map[string]model.Right{"procountor": model.RightWrite, "payroll": model.RightWrite}, Send: true, Manage: true},
			{Name: "Boekhouder", Targets: map[string]model.Right{"procountor": model.RightRead}, Send: true},
			{Name: "Inrichter", Targets: map[string]model.Right{"procountor": model.RightWrite}},
			{Name: "Meekijker", Targets: map[string]model.Right{"procountor": model.RightRead}},
		},
		Members: []model.Member{{User: "baas", Template: "Beheer"}, {User: "boek", Template: "Boekhouder"}, {User: "inricht", Template: "Inrichter"}, {User: "kijk", Template: "Meekijker"}},
	}
}

// payrollOfMarch is a payroll that reads well.
const payrollOfMarch = `Period;Account;Debit;Credit;Description
2026-03;4000;10.00;;Loon
2026-03;1700;;10.00;Netto
`

// deeds are everything that a right is asked for, by the act.
func deeds(b *bureau, f *office.Office) map[string]func(context.Context) error {
	run := int64(1)
	m := b.mapping
	all := map[string]func(context.Context) error{
		"read Administrations": func(ctx context.Context) error { _, err := f.Administrations(ctx, b.bookID); return err },
		"read Reference":       func(ctx context.Context) error { _, err := f.Reference(ctx, b.bookID, "103", false); return err },
		"read Preview":         func(ctx context.Context) error { _, err := f.Preview(ctx, run, m.ID); return err },
		"read Changes":         func(ctx context.Context) error { _, err := f.Changes(ctx, run, m.ID); return err },
		"read Receipt":         func(ctx context.Context) error { _, err := f.Receipt(ctx, 1); return err },
		"read Entry":           func(ctx context.Context) error { _, err := f.Entry(ctx, 1); return err },
		"read Attempts":        func(ctx context.Context) error { _, err := f.Attempts(ctx, 1); return err },
		"read File":            func(ctx context.Context) error { _, _, err := f.File(ctx, 1); return err },
		"write NewAccount": func(ctx context.Context) error {
			_, err := f.NewAccount(ctx, "procountor", "N", nil, nil)
			return err
		},
		"write ChangeAccount": func(ctx context.Context) error {
			return f.ChangeAccount(ctx, model.Account{ID: b.bookID, Name: "B"}, nil)
		},
		"write ConfirmCompany": func(ctx context.Context) error { return f.ConfirmCompany(ctx, b.bookID) },
		"write RemoveAccount":  func(ctx context.Context) error { return f.RemoveAccount(ctx, b.bookID) },
		"write Authorise":      func(ctx context.Context) error { return f.Authorise(ctx, b.bookID) },
		"write SaveMapping":    func(ctx context.Context) error { m := m; return f.SaveMapping(ctx, &m) },
		"write RemoveMapping":  func(ctx context.Context) error { return f.RemoveMapping(ctx, m.ID) },
		"send Send":            func(ctx context.Context) error { _, err := f.Send(ctx, run, m.ID); return err },
		"send MarkByHand":      func(ctx context.Context) error { _, err := f.MarkByHand(ctx, run, m.ID, nil, "zo"); return err },
		"send Correct":         func(ctx context.Context) error { _, err := f.Correct(ctx, run, m.ID, nil, "zo"); return err },
		"send Reverse": func(ctx context.Context) error {
			_, err := f.Reverse(ctx, run, m.ID, journal.Period{Year: 2026, Number: 3}, "zo")
			return err
		},
		"send TakeBack":     func(ctx context.Context) error { return f.TakeBack(ctx, 1, "zo") },
		"send SendAnew":     func(ctx context.Context) error { return f.SendAnew(ctx, 1, "zo") },
		"send Withdraw":     func(ctx context.Context) error { return f.Withdraw(ctx, 1) },
		"send LookAgain":    func(ctx context.Context) error { return f.LookAgain(ctx, 1) },
		"send SendAgain":    func(ctx context.Context) error { return f.SendAgain(ctx, 1) },
		"send SettleBooked": func(ctx context.Context) error { return f.SettleBooked(ctx, 1, "7", "zo") },
		"send Pause":        f.Pause,
		"send Continue":     f.Continue,
		"work Fetch":        func(ctx context.Context) error { return f.Fetch(ctx, b.payID) },
		"work Import": func(ctx context.Context) error {
			_, _, err := f.Import(ctx, m.CompanyID, "x.xml", strings.NewReader("x"))
			return err
		},
		"work TakeIn":     func(ctx context.Context) error { _, err := f.TakeIn(ctx, "x.xml", strings.NewReader("x")); return err },
		"work Assign":     func(ctx context.Context) error { _, err := f.Assign(ctx, 1, m.CompanyID); return err },
		"work PutAside":   func(ctx context.Context) error { return f.PutAside(ctx, 1) },
		"work DecideTwin": func(ctx context.Context) error { return f.DecideTwin(ctx, run, model.TwinAnother) },
		"work Revise": func(ctx context.Context) error {
			_, err := f.Revise(ctx, run, &source.File{Journal: new(journal.Journal)})
			return err
		},
		"work ReviseByFile": func(ctx context.Context) error {
			_, err := f.ReviseByFile(ctx, run, "loon.csv", strings.NewReader(payrollOfMarch))
			return err
		},
		"work Acknowledge": func(ctx context.Context) error { return f.Acknowledge(ctx, run, model.TaskChanged) },
		"work FileDone":    func(ctx context.Context) error { return f.FileDone(ctx, m.CompanyID, "r9") },
		"work Take": func(ctx context.Context) error {
			_, _, err := f.Take(ctx, office.Incoming{CompanyID: m.CompanyID, Name: "x.xml", Content: strings.NewReader("x")})
			return err
		},
		"work Receive": func(ctx context.Context) error {
			_, _, err := f.Receive(ctx, "", office.Incoming{Name: "x.xml", Content: strings.NewReader("x")})
			return err
		},
		"work Drop": func(ctx context.Context) error { return f.Drop(ctx, "", "x.xml", strings.NewReader("x")) },
		"work ImportSetup": func(ctx context.Context) error {
			_, err := f.ImportSetup(ctx, setup.File{Companies: []setup.Company{{Source: "file", SourceID: "9", Name: "Negen"}}})
			return err
		},
		"manage Lengthen": func(ctx context.Context) error {
			return f.Lengthen(ctx, model.Books{CompanyID: m.CompanyID}, model.Retention{PayloadMonths: 99, RecordYears: 99})
		},
		"write CheckAccount": func(ctx context.Context) error { return f.CheckAccount(ctx, b.bookID) },
		"send SendDecided": func(ctx context.Context) error {
			_, err := f.SendDecided(ctx, run, m.ID, office.Consent{BeforeStart: true})
			return err
		},
		"read Reconcile": func(ctx context.Context) error { _, err := f.Reconcile(ctx); return err },
		"read ReconcileBetween": func(ctx context.Context) error {
			day := journal.Date{Year: 2026, Month: 3, Day: 1}
			_, err := f.ReconcileBetween(ctx, day, day)
			return err
		},
		"work SaveCompany": func(ctx context.Context) error {
			c := model.Company{Source: "file", SourceID: "9"}
			return f.SaveCompany(ctx, &c)
		},
		"work SaveColumns":  func(ctx context.Context) error { return f.SaveColumns(ctx, source.Table{}) },
		"manage SaveRights": func(ctx context.Context) error { return f.SaveRights(ctx, someRights()) },
		"work SeenRestored": f.SeenRestored,
		"work BlockDebtor":  func(ctx context.Context) error { return f.BlockDebtor(ctx, "Groep", true) },
	}
	return all
}

// withoutRight are the methods that ask for no right of their own, by the reason.
var withoutRight = map[string][]string{
	"shows the lists that every user sees, without what is in an entry": {
		"AccountUse", "Accounts", "Companies", "Mappings", "Find", "FirstPeriod", "Overview", "Runs", "RunPeriods", "Tasks", "Status",
		"PayrollAccounts", "PayrollCodes", "Partners", "Targets", "Subscribe", "Trial", "Setup", "CompareSetup",
		"Restored", "Kept", "SignInAddress",
	},
	"shows only what is of targets that the user may read":            {"Reconciliation"},
	"shows who did and may do what":                                   {"Events", "Verify", "Rights", "Permission", "Refused", "User"},
	"looks at a file, keeps nothing":                                  {"Columns", "MissingColumns"},
	"is about the user's own screen":                                  {"TableView", "SaveTableView"},
	"keeps that a file could not be taken in, whoever may take it in": {"Refuse"},
	"is the program's own work: what is due by time and rules, each sending by way of Send": {
		"Keep", "EraseDue", "RemoveDue", "Exchange", "SendDue",
	},
}

// TestRights_Complete: every method of the office is either refused without its
// right, or it is said here why it needs none.
func TestRights_Complete(t *testing.T) {
	b := newBureau(t)
	known := make(map[string]bool)
	for name := range deeds(b, b.Office) {
		_, method, _ := strings.Cut(name, " ")
		known[method] = true
	}
	for reason, methods := range withoutRight {
		for _, method := range methods {
			if known[method] {
				t.Errorf("%s is there twice: %s", method, reason)
			}
			known[method] = true
		}
	}
	for method := range reflect.TypeFor[*office.Office]().Methods() {
		if !known[method.Name] {
			t.Errorf("nothing is said of the right to %s", method.Name)
		}
		delete(known, method.Name)
	}
	for name := range known {
		t.Errorf("there is no %s", name)
	}
}

// TestRights_Setup: a set-up changes accounts and mappings only where its user may.
func TestRights_Setup(t *testing.T) {
	b := newBureau(t)
	b.must(b.as("baas").SaveRights(t.Context(), someRights()))
	accounts := setup.File{Accounts: []setup.Account{{System: "procountor"}}} // without a name, which is the next problem
	mappings := setup.File{Mappings: []setup.Mapping{{System: "procountor"}}}
	for user, codes := range map[string][2]string{
		"baas": {"account.field_missing", "setup.unknown_account"}, "boek": {"rights.write", "rights.write"}, "kijk": {"rights.work", "rights.work"},
	} {
		for i, file := range []setup.File{accounts, mappings} {
			_, err := b.as(user).ImportSetup(t.Context(), file)
			if p := model.ProblemOf(err); p == nil || p.Code != codes[i] {
				t.Errorf("%s: %v, want %s", user, err, codes[i])
			}
		}
	}
}

// TestRights: users with different templates; what a template does not allow, the
// service refuses, and says which right is missing and who can give it.
func TestRights(t *testing.T) {
	for user, allowed := range map[string]string{
		"baas": "read write send work manage", "boek": "read send work", "inricht": "read write work", "kijk": "read", "vreemd": "",
	} {
		t.Run(user, func(t *testing.T) {
			b := newBureau(t)
			b.add("r1", 1, march(3), transactions(balanced(3, 2026)))
			b.must(b.Fetch(t.Context(), b.payID))
			_, err := b.MarkByHand(t.Context(), 1, b.mapping.ID, nil, "met de hand")
			b.must(err)
			b.must(b.as("baas").SaveRights(t.Context(), someRights()))
			f := b.as(user)
			refused := 0
			for name, do := range deeds(b, f) {
				act, _, _ := strings.Cut(name, " ")
				may := strings.Contains(" "+allowed+" ", " "+act+" ")
				if may && act != "read" {
					continue // it would change what the others try
				}
				p := model.ProblemOf(do(t.Context()))
				is := p != nil && p.Code == "rights."+act
				if is == may {
					t.Errorf("%s: %v", name, p)
				}
				if is {
					refused++
					if p.Params["who"] != "baas" || p.Params["user"] != user {
						t.Errorf("%s: %v", name, p.Params)
					}
				}
			}
			if (refused == 0) != (user == "baas") {
				t.Errorf("%d refused", refused)
			}
		})
	}
}

// TestRights_OfTheProgram: what the program does by itself asks for nobody's
// rights.
func TestRights_OfTheProgram(t *testing.T) {
	b := newBureau(t)
	b.must(b.as("baas").SaveRights(t.Context(), someRights()))
	f := b.as("kijk")
	if p := model.ProblemOf(f.Fetch(t.Context(), b.payID)); p == nil || p.Code != "rights.work" {
		t.Errorf("by a person: %v", p)
	}
	b.must(f.Fetch(model.Unattended(t.Context()), b.payID))
}

func TestRights_SomebodyManages(t *testing.T) {
	b := newBureau(t)
	f := b.as("baas")
	for code, change := range map[string]func(*model.Rights){
		"rights.nobody_manages": func(r *model.Rights) { r.Members = r.Members[1:] },
		"rights.member":         func(r *model.Rights) { r.Members[1].Template = "weg" },
		"rights.template_name":  func(r *model.Rights) { r.Templates[1].Name = "Beheer" },
	} {
		r := someRights()
		change(&r)
		if p := model.ProblemOf(f.SaveRights(t.Context(), r)); p == nil || p.Code != code {
			t.Errorf("%s: %v", code, p)
		}
	}
}

// TestRights_Reconciliation: what a comparison found at a target is for those who
// may read there.
func TestRights_Reconciliation(t *testing.T) {
	b := newBureau(t)
	r := model.Reconciliation{
		At:       b.now,
		Places:   []model.Place{{Target: "procountor", Administration: "103"}},
		Findings: []model.Finding{{Kind: model.FindingExtra, Target: "procountor", Key: "K"}},
	}
	b.must(b.store.SaveReconciliation(t.Context(), &r))
	b.must(b.as("baas").SaveRights(t.Context(), someRights()))
	for user, want := range map[string]int{"kijk": 1, "vreemd": 0} {
		got, err := b.as(user).Reconciliation(t.Context())
		b.must(err)
		if len(got.Places) != want || len(got.Findings) != want || got.At.IsZero() {
			t.Errorf("%s: %+v", user, got)
		}
	}
}

// TestRights_Logo: a logo that the user may not send with says so.
func TestRights_Logo(t *testing.T) {
	b := newBureau(t)
	b.add("r1", 1, march(3), transactions(balanced(3, 2026)))
	b.must(b.Fetch(t.Context(), b.payID))
	b.must(b.as("baas").SaveRights(t.Context(), someRights()))
	for user, want := range map[string]model.State{"boek": model.StateReady, "kijk": model.StateBlocked} {
		row, err := b.as(user).Find(t.Context(), 1)
		b.must(err)
		if got := row.Targets[0]; got.State != want || (want == model.StateBlocked) != (got.Problem != nil && got.Problem.Code == "rights.send") {
			t.Errorf("%s: %s, %v", user, got.State, got.Problem)
		}
	}
}
