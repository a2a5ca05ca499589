package office_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/data/store/storetest"
	"loonbrug/integration/httpx"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/procountor"
	"loonbrug/integration/sender"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// payroll is a payroll system in memory.
type payroll struct {
	companies []model.Company
	runs      []model.Run
	texts     map[string]string // journal by the run's own id
	fail      map[string]error  // by the run's own id
	asked     []source.Depth
}

func (*payroll) Describe() target.Description {
	return target.Description{ID: "payroll", Name: "Payroll"}
}

func (*payroll) Connect(context.Context, target.Access, target.Browser) (target.Identity, error) {
	return target.Identity{Who: "salaris@praktijk.example"}, nil
}

func (p *payroll) Companies(context.Context, target.Access) ([]model.Company, error) {
	return slices.Clone(p.companies), p.fail["companies"]
}

func (p *payroll) Runs(_ context.Context, _ target.Access, c model.Company, year int) (all []model.Run, err error) {
	for _, r := range p.runs {
		if r.Year == year {
			r.CompanyID = c.ID
			all = append(all, r)
		}
	}
	return all, nil
}

func (p *payroll) Journal(ctx context.Context, _ target.Access, _ model.Company, r model.Run, d source.Depth) (*source.File, error) {
	p.asked = append(p.asked, d)
	if err := p.fail[r.SourceID]; err != nil {
		return nil, err
	}
	return payrollfile.New().ReadAll(ctx, r.SourceID, strings.NewReader(p.texts[r.SourceID]))
}

// transaction is a balanced transaction of a period as Nmbrs writes it.
func transaction(month, year int, lines ...string) string {
	return fmt.Sprintf("<transaction><header><date>%04d%02d28</date><period>%d/%d</period></header><lines>%s</lines></transaction>",
		year, month, month, year, strings.Join(lines, ""))
}

func line(account, centre, value, side string) string {
	return fmt.Sprintf("<line><dim1>%s</dim1><dim2>%s</dim2><dim3/><value>%s</value><debitcredit>%s</debitcredit><description>t</description></line>", account, centre, value, side)
}

func transactions(all ...string) string {
	return "<transactions>" + strings.Join(all, "") + "</transactions>"
}

// bureau is an office on a real database, with one account at Procountor and one
// at a payroll system, and a mapping of one company. The reference data are
// fresh, so that nothing is fetched.
type bureau struct {
	*office.Office
	t       *testing.T
	store   *store.Store
	payroll *payroll
	now     time.Time
	payID   int64
	bookID  int64
	mapping model.Mapping
}

func newBureau(t *testing.T) *bureau {
	t.Helper()
	s := storetest.Opened(t)
	b := &bureau{t: t, store: s, now: time.Date(2026, 4, 2, 12, 0, 0, 0, time.UTC)}
	b.payroll = &payroll{
		companies: []model.Company{{Source: "payroll:x", SourceID: "1", Number: "12", Name: "De Halm", Debtor: "Groep", Country: "NL", Currency: "EUR"}},
		texts:     make(map[string]string), fail: make(map[string]error),
	}
	targets := target.Registry{procountor.New(procountor.Config{Address: "http://127.0.0.1:1", HTTP: httpx.New(httpx.Options{LoopbackOnly: true})})}
	resting, err := sender.New(s, targets, sender.Options{}) // it is never run: what is queued stays so
	if err != nil {
		t.Fatal(err)
	}
	b.Office = office.New(office.Options{
		Store: s, Targets: targets,
		Systems: []source.System{b.payroll}, Files: payrollfile.New().Remembering(s.Layouts), Mailbox: resting, Open: noBrowser, Language: dutch,
		Now: func() time.Time { return b.now }, User: "anna",
	})
	pay := model.Account{Target: "payroll", Name: "P", State: model.AccountAuthorised}
	book := model.Account{Target: procountor.ID, Name: "B", State: model.AccountAuthorised}
	b.must(s.SaveAccount(t.Context(), &pay))
	b.must(s.SaveAccount(t.Context(), &book))
	b.payID, b.bookID = pay.ID, book.ID
	b.must(b.Fetch(t.Context(), b.payID))
	companies, err := b.Companies(t.Context())
	b.must(err)
	b.mapping = model.Mapping{
		CompanyID: companies[0].ID, AccountID: book.ID, Target: procountor.ID,
		Administration: model.Administration{Code: "103", Name: "De Halm"}, Start: journal.Period{Year: 2025, Number: 1},
	}
	b.must(s.SaveMapping(t.Context(), &b.mapping))
	b.reference("2025-12")
	return b
}

func (b *bureau) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// reference keeps what may be booked; periods up to a month are closed.
func (b *bureau) reference(closed string) {
	b.t.Helper()
	ref := &model.Reference{FetchedAt: b.now, Currency: "EUR", Country: "NETHERLANDS"}
	for _, code := range []string{"4000", "1700", "4999"} {
		ref.LedgerAccounts = append(ref.LedgerAccounts, model.LedgerAccount{Code: code, Name: code, Active: true, Postable: true})
	}
	for year := 2025; year <= 2026; year++ {
		for month := 1; month <= 12; month++ {
			p := journal.Period{Year: year, Number: month}
			ref.Periods = append(ref.Periods, model.BookPeriod{
				ID: p.String(), First: p.String() + "-01", Last: p.LastDay(false).String(), Open: p.String() > closed,
			})
		}
	}
	b.must(b.store.SaveReference(b.t.Context(), b.bookID, "103", ref))
}

// add puts a run into the payroll system.
func (b *bureau) add(id string, number int, last journal.Period, text string) {
	b.payroll.texts[id] = text
	b.payroll.runs = append(b.payroll.runs, model.Run{
		SourceID: id, Year: last.Year, Number: number, First: last, Last: last, Description: "Run " + id, RunAt: b.now, Locked: true,
	})
}

func (b *bureau) rows() []model.RunRow {
	b.t.Helper()
	rows, err := b.Runs(b.t.Context(), model.RunFilter{})
	b.must(err)
	return rows
}

func (b *bureau) preview(runID int64) []model.Preview {
	b.t.Helper()
	previews, err := b.Preview(b.t.Context(), runID, b.mapping.ID)
	b.must(err)
	return previews
}

func codes(problems []*model.Problem) (all []string) {
	for _, p := range problems {
		all = append(all, p.Code)
	}
	return all
}

func balanced(month, year int) string {
	return transaction(month, year, line("4000", "", "10.00", "debit"), line("1700", "", "10.00", "credit"))
}

// A December correction in a March run is booked in December, or explained when
// that year is closed, or booked where the mapping says.
func TestCorrections(t *testing.T) {
	b := newBureau(t)
	b.add("r1", 3, march(3), transactions(balanced(3, 2026), balanced(12, 2025)))
	b.must(b.Fetch(t.Context(), b.payID))
	run := b.rows()[0].Run.ID
	for name, c := range map[string]struct {
		closed string
		rules  model.MappingRules
		date   string
		code   string
		text   bool
	}{
		"open":              {"2025-11", model.MappingRules{}, "2025-12-31", "", false},
		"stop":              {"2025-12", model.MappingRules{}, "2025-12-31", "entry.closed_period", false},
		"ask":               {"2025-12", model.MappingRules{Closed: model.ClosedAsk}, "2025-12-31", "correction.period_closed", false},
		"first open":        {"2025-12", model.MappingRules{Closed: model.ClosedFirst}, "2026-01-31", "", true},
		"first is the run":  {"2026-02", model.MappingRules{Closed: model.ClosedFirst}, "2026-03-31", "", true},
		"all closed":        {"2027-12", model.MappingRules{Closed: model.ClosedFirst}, "2025-12-31", "entry.closed_period", false},
		"in the run's":      {"2025-11", model.MappingRules{Corrections: model.CorrectRun}, "2026-03-31", "", true},
		"in a closed run's": {"2026-03", model.MappingRules{Corrections: model.CorrectRun, Closed: model.ClosedFirst}, "2026-03-31", "entry.closed_period", true},
	} {
		t.Run(name, func(t *testing.T) {
			b.reference(c.closed)
			b.mapping.Rules = c.rules
			b.must(b.store.SaveMapping(t.Context(), &b.mapping))
			p := b.preview(run)[0]
			if p.Entry.Period != (journal.Period{Year: 2025, Number: 12}) || p.Entry.Date.String() != c.date {
				t.Errorf("booked on %s", p.Entry.Date)
			}
			if c.code != "" && !slices.Contains(codes(p.Problems), c.code) || c.code == "" && len(p.Problems) > 0 {
				t.Errorf("problems %v", p.Problems)
			}
			if strings.Contains(p.Entry.Description, "(2025-12)") != c.text {
				t.Errorf("text %q", p.Entry.Description)
			}
		})
	}
	b.reference("2025-12")
	b.mapping.Rules = model.MappingRules{Closed: model.ClosedAsk}
	b.must(b.store.SaveMapping(t.Context(), &b.mapping))
	if _, err := b.SendDecided(t.Context(), run, b.mapping.ID, office.Consent{FirstOpen: true}); err != nil {
		t.Fatal(err)
	}
	for _, d := range b.rows()[0].Targets[0].Deliveries {
		e, err := b.store.Entry(t.Context(), d.ID)
		if err != nil || d.State != model.StateQueued || d.Period.Year == 2025 && e.Date.String() != "2026-01-31" {
			t.Errorf("%s is %s, on %s, %v", d.Period, d.State, e.Date, err)
		}
	}
}

// Patterns clear and demand dimensions, defaults fill them in, and a line without
// a ledger account goes to the fallback.
func TestDimensionRules(t *testing.T) {
	b := newBureau(t)
	b.add("r1", 3, march(3), transactions(transaction(3, 2026,
		line("4000", "", "10.00", "debit"), line("4000", "100", "5.00", "debit"), line("1700", "100", "15.00", "credit"))))
	b.must(b.Fetch(t.Context(), b.payID))
	run := b.rows()[0].Run.ID
	b.mapping.CostCentre = model.DimensionRule{Use: true}
	problems := func(rules model.MappingRules) []string {
		b.mapping.Rules = rules
		b.must(b.store.SaveMapping(t.Context(), &b.mapping))
		return codes(b.preview(run)[0].Problems)
	}
	if got := problems(model.MappingRules{Profit: "4*"}); !slices.Contains(got, "entry.no_cost_centre") {
		t.Errorf("a bare line: %v", got)
	}
	if got := problems(model.MappingRules{Profit: "4*", CostCentre: "100"}); slices.Contains(got, "entry.no_cost_centre") {
		t.Errorf("with a default: %v", got)
	}
	if got := problems(model.MappingRules{Profit: "[4"}); !slices.Contains(got, "mapping.bad_pattern") {
		t.Errorf("a bad pattern: %v", got)
	}
}

// Runs are taken in for mapped companies only, once; what the system says later
// is seen, and the snapshot stays.
func TestFetch(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	b.payroll.companies = append(b.payroll.companies, model.Company{Source: "payroll:x", SourceID: "2", Name: "Unmapped"})
	b.add("r1", 1, march(3), transactions(balanced(3, 2026)))
	b.payroll.runs[0].Locked = false
	b.add("r2", 2, march(3), "")
	b.payroll.fail["r2"] = model.NewProblem("source.no_journal", "run", "2", "year", "2026")
	b.add("r3", 3, march(3), "")
	b.payroll.fail["r3"] = model.NewProblem("nmbrs.refused", "code", "9999", "operation", "o", "text", "t")
	if p := model.ProblemOf(b.Fetch(ctx, b.payID)); p == nil || p.Code != "nmbrs.refused" {
		t.Fatalf("%v", p)
	}
	rows := b.rows()
	if len(rows) != 1 || rows[0].Run.Locked || !rows[0].Run.LockedAt.IsZero() || rows[0].Run.Number != 1 {
		t.Fatalf("%+v", rows)
	}
	before, err := b.store.Snapshot(ctx, rows[0].Run.ID)
	b.must(err)

	b.payroll.runs[0].Locked, b.payroll.runs[0].Description = true, "Maart"
	b.payroll.texts["r1"] = transactions(transaction(3, 2026, line("4000", "", "11.00", "debit"), line("1700", "", "11.00", "credit")))
	b.payroll.fail = map[string]error{"r2": b.payroll.fail["r2"], "r3": b.payroll.fail["r2"]}
	b.must(b.Fetch(ctx, b.payID))
	r := b.rows()[0].Run
	if !r.Locked || !r.LockedAt.Equal(b.now) || !r.Changed || r.Gone || r.Description != "Maart" {
		t.Errorf("%+v", r)
	}
	after, err := b.store.Snapshot(ctx, r.ID)
	b.must(err)
	if after.Hash != before.Hash || string(after.Raw) != string(before.Raw) {
		t.Error("the snapshot changed")
	}
	b.payroll.runs = nil
	b.must(b.Fetch(ctx, b.payID))
	if r := b.rows()[0].Run; !r.Gone || !r.Changed {
		t.Errorf("%+v", r)
	}
	kinds := func() (all []model.TaskKind) {
		tasks, err := b.Tasks(ctx)
		b.must(err)
		for _, task := range tasks {
			all = append(all, task.Kind)
		}
		return all
	}
	if got := kinds(); !slices.Equal(got, []model.TaskKind{model.TaskChanged, model.TaskGone}) {
		t.Errorf("tasks %v", got)
	}
}

// A task about a run that changed or is gone ends when a person has seen it, and
// comes back when the run changes again.
func TestAcknowledge(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	b.add("r1", 1, march(3), transactions(balanced(3, 2026)))
	listed := b.payroll.runs
	fetched := func(text string, runs []model.Run) (all []model.TaskKind) {
		t.Helper()
		b.payroll.texts["r1"], b.payroll.runs = text, runs
		b.must(b.Fetch(ctx, b.payID))
		tasks, err := b.Tasks(ctx)
		b.must(err)
		for _, task := range tasks {
			all = append(all, task.Kind)
		}
		return all
	}
	other := func(amount string) string {
		return transactions(transaction(3, 2026, line("4000", "", amount, "debit"), line("1700", "", amount, "credit")))
	}
	wants := func(got []model.TaskKind, want ...model.TaskKind) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("tasks %v, want %v", got, want)
		}
	}
	fetched(transactions(balanced(3, 2026)), listed)
	run := b.rows()[0].Run
	wants(fetched(other("11.00"), listed), model.TaskChanged)
	b.must(b.Acknowledge(ctx, run.ID, model.TaskChanged))
	wants(fetched(other("11.00"), listed))
	if r := b.rows()[0].Run; !r.Changed {
		t.Error("the run is no longer marked")
	}
	wants(fetched(other("12.00"), listed), model.TaskChanged)
	b.must(b.Acknowledge(ctx, run.ID, model.TaskChanged))
	wants(fetched(other("12.00"), nil), model.TaskGone)
	b.must(b.Acknowledge(ctx, run.ID, model.TaskGone))
	wants(fetched(other("12.00"), nil))
	wants(fetched(other("12.00"), listed))
	wants(fetched(other("12.00"), nil), model.TaskGone)
	seen, err := b.store.Acknowledgements(ctx, run.ID)
	b.must(err)
	if len(seen) != 3 || seen[0].By != "anna" || !seen[0].At.Equal(b.now) {
		t.Errorf("%+v", seen)
	}
	events, err := b.Events(ctx, model.HistoryFilter{})
	b.must(err)
	var told []string
	for _, e := range events {
		if e.Kind == model.EventRunSeen && e.Subject == run.ID && e.By == "anna" && e.At.Equal(b.now) && e.Name == run.Reference {
			told = append(told, e.Changes[0].New)
		}
	}
	if !slices.Equal(told, []string{"gone", "changed", "changed"}) { // newest first
		t.Errorf("the history tells %v", told)
	}
	if err := b.Acknowledge(ctx, run.ID, model.TaskSend); err == nil {
		t.Error("a task to send was acknowledged")
	}
	if err := b.Acknowledge(ctx, run.ID+100, model.TaskGone); !errors.Is(err, model.ErrNotFound) {
		t.Error(err)
	}
}

// The journal is asked for as deep as the mappings need it.
func TestFetch_Depth(t *testing.T) {
	b := newBureau(t)
	for i, c := range []struct {
		centre, unit bool
		want         source.Depth
	}{{false, false, source.ByLedgerAccount}, {true, false, source.ByCostCentre}, {false, true, source.ByCostUnit}} {
		b.mapping.CostCentre.Use, b.mapping.CostUnit.Use = c.centre, c.unit
		b.must(b.store.SaveMapping(t.Context(), &b.mapping))
		b.payroll.runs, b.payroll.asked = nil, nil
		b.add(fmt.Sprint("r", i), i+1, march(i+1), transactions(transaction(i+1, 2026, line("4000", "", fmt.Sprintf("1%d.00", i), "debit"), line("1700", "", fmt.Sprintf("1%d.00", i), "credit"))))
		b.must(b.Fetch(t.Context(), b.payID))
		if !slices.Contains(b.payroll.asked, c.want) {
			t.Errorf("asked %v, want %s", b.payroll.asked, c.want)
		}
	}
}

// A token that is no longer good turns the account grey.
func TestFetch_SignInLapsed(t *testing.T) {
	b := newBureau(t)
	b.payroll.fail["companies"] = model.NewProblem("nmbrs.login_refused", "text", "").With(model.ActionSignIn)
	if err := b.Fetch(t.Context(), b.payID); err == nil {
		t.Fatal("no error")
	}
	a, err := b.store.Account(t.Context(), b.payID)
	b.must(err)
	if a.State != model.AccountExpired || a.Problem == nil {
		t.Errorf("%+v", a)
	}
	b.must(b.Authorise(t.Context(), b.payID))
	if usable, err := b.PayrollAccounts(t.Context()); err != nil || len(usable) != 1 {
		t.Errorf("%v, %v", usable, err)
	}
}

// With the workflow on automatic a locked run is sent once, in its time and not
// in the quiet hours; a test company's is not, nor one from before the start.
func TestSendDue(t *testing.T) {
	for name, c := range map[string]struct {
		set   func(b *bureau, c *model.Company)
		after time.Duration
		want  int
	}{
		"off":       {func(*bureau, *model.Company) {}, 0, 0},
		"automatic": {func(_ *bureau, c *model.Company) { c.Rules.Workflow.Send = model.SendAutomatic }, 0, 1},
		"manual":    {func(_ *bureau, c *model.Company) { c.Rules.Workflow.Send = model.SendManual }, 0, 0},
		"two days": {func(_ *bureau, c *model.Company) {
			c.Rules.Workflow = model.Workflow{Send: model.SendAutomatic, Days: 2}
		}, 47 * time.Hour, 0},
		"two days over": {func(_ *bureau, c *model.Company) {
			c.Rules.Workflow = model.Workflow{Send: model.SendAutomatic, Days: 2}
		}, 48 * time.Hour, 1},
		"not locked": {func(b *bureau, c *model.Company) {
			c.Rules.Workflow.Send = model.SendAutomatic
			b.payroll.runs[0].Locked = false
		}, 0, 0},
		"created": {func(b *bureau, c *model.Company) {
			c.Rules.Workflow = model.Workflow{Send: model.SendAutomatic, After: model.AfterCreated}
			b.payroll.runs[0].Locked = false
		}, 0, 1},
		"test company": {func(_ *bureau, c *model.Company) {
			c.Rules.Workflow.Send, c.TestCompany = model.SendAutomatic, true
		}, 0, 0},
		"before start": {func(b *bureau, c *model.Company) {
			c.Rules.Workflow.Send = model.SendAutomatic
			b.mapping.Start = march(4)
			b.must(b.store.SaveMapping(b.t.Context(), &b.mapping))
		}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBureau(t)
			ctx := t.Context()
			b.add("r1", 3, march(3), transactions(balanced(3, 2026)))
			companies, err := b.Companies(ctx)
			b.must(err)
			c.set(b, &companies[0])
			b.must(b.SaveCompany(ctx, &companies[0]))
			b.must(b.Fetch(ctx, b.payID))
			b.now = b.now.Add(c.after)
			b.reference("2025-12")
			b.must(b.SendDue(ctx))
			b.must(b.SendDue(ctx))
			if got := len(b.rows()[0].Targets[0].Deliveries); got != c.want {
				t.Errorf("%d deliveries, want %d", got, c.want)
			}
			tasks, err := b.Tasks(ctx)
			b.must(err)
			if (len(tasks) == 1 && tasks[0].Kind == model.TaskSend) != (name == "manual") {
				t.Errorf("tasks %+v", tasks)
			}
		})
	}
}

// A company whose last period has passed without a run is missed.
func TestTasks_Expected(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	companies, err := b.Companies(ctx)
	b.must(err)
	companies[0].Rules.Workflow.Expected = 1
	b.must(b.SaveCompany(ctx, &companies[0]))
	missed := func() string {
		tasks, err := b.Tasks(ctx)
		b.must(err)
		i := slices.IndexFunc(tasks, func(t model.Task) bool { return t.Kind == model.TaskExpected })
		if i < 0 {
			return ""
		}
		return tasks[i].Period
	}
	if got := missed(); got != "2026-03" { // it is 2 April
		t.Errorf("missed %q", got)
	}
	b.add("r1", 3, march(3), transactions(balanced(3, 2026)))
	b.must(b.Fetch(ctx, b.payID))
	if got := missed(); got != "" {
		t.Errorf("missed %q though it came", got)
	}
	b.now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	if got := missed(); got != "" {
		t.Errorf("missed %q on the day itself", got)
	}
	b.now = b.now.AddDate(0, 0, 1)
	if got := missed(); got != "2026-04" {
		t.Errorf("missed %q", got)
	}
}

// A file finds its company by its folder, by what it says, or by what was chosen
// before, and waits otherwise.
func TestReceive(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	sie := func(month int) office.Incoming {
		text := fmt.Sprintf("#FLAGGA 0\r\n#SIETYP 4\r\n#ORGNR 556012-3456\r\n#FNAMN \"Andra namn\"\r\n#VER L 1 2026%02d28 \"\"\r\n{\r\n#TRANS 4000 {} %d.00\r\n#TRANS 1700 {} -%d.00\r\n}\r\n", month, month, month)
		return office.Incoming{Name: fmt.Sprintf("l%d.si", month), Content: strings.NewReader(text)}
	}
	if run, ok, err := b.Receive(ctx, "de  halm", sie(1)); err != nil || !ok || run.CompanyID != b.mapping.CompanyID {
		t.Errorf("by its folder: %+v, %t, %v", run, ok, err)
	}
	if _, ok, err := b.Receive(ctx, "", sie(2)); err != nil || ok {
		t.Fatalf("guessed: %t, %v", ok, err)
	}
	b.must(b.Drop(ctx, "", "again.si", sie(2).Content)) // waits once
	tasks, err := b.Tasks(ctx)
	b.must(err)
	if len(tasks) != 1 || tasks[0].Kind != model.TaskCompany || tasks[0].Parcel.Header.CompanyNumber != "556012-3456" {
		t.Fatalf("%+v", tasks)
	}
	if run, err := b.Assign(ctx, tasks[0].Parcel.ID, b.mapping.CompanyID); err != nil || run.Last != march(2) {
		t.Errorf("%+v, %v", run, err)
	}
	if run, ok, err := b.Receive(ctx, "", sie(3)); err != nil || !ok || run.CompanyID != b.mapping.CompanyID {
		t.Errorf("not remembered: %+v, %t, %v", run, ok, err)
	}
	if tasks, err := b.Tasks(ctx); err != nil || len(tasks) != 0 {
		t.Errorf("%+v, %v", tasks, err)
	}
	named := transactions(balanced(3, 2026))
	if _, ok, err := b.Receive(ctx, "nobody", office.Incoming{Name: "n.xml", Content: strings.NewReader(named)}); err != nil || ok {
		t.Errorf("an unknown folder: %t, %v", ok, err)
	}
}

// The same payroll in a second file, exported with other texts under another name,
// is held, though its content is not the same; another run of the period is not.
func TestTwins_TheSamePayrollInAnotherForm(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	file := func(name, text, amount string) office.Incoming {
		content := transactions(transaction(3, 2026, line("4000", "", amount, "debit"), line("1700", "", amount, "credit")))
		content = strings.ReplaceAll(content, "<description>t<", "<description>"+text+"<")
		return office.Incoming{CompanyID: b.mapping.CompanyID, Name: name, Content: strings.NewReader(content)}
	}
	first, _, err := b.Take(ctx, file("maart.xml", "Lonen", "10.00"))
	b.must(err)
	again, known, err := b.Take(ctx, file("export 7.xml", "Bruto lonen", "10.00"))
	if err != nil || known || again.Hold != model.HoldSame || again.OtherID != first.ID {
		t.Errorf("%+v, %t, %v", again, known, err)
	}
	bonus, _, err := b.Take(ctx, file("bonus.xml", "Bonus", "12.00"))
	if err != nil || bonus.Hold != model.HoldNone {
		t.Errorf("%+v, %v", bonus, err)
	}
}

// A second, different file of the same label and period, and a run of another
// source with the same periods and total, are held until a person decides.
func TestTwins(t *testing.T) {
	b := newBureau(t)
	ctx := t.Context()
	file := func(amount string) office.Incoming {
		return office.Incoming{CompanyID: b.mapping.CompanyID, Name: "maart.xml", Content: strings.NewReader(transactions(
			transaction(3, 2026, line("4000", "", amount, "debit"), line("1700", "", amount, "credit"))))}
	}
	first, _, err := b.Take(ctx, file("10.00"))
	b.must(err)
	second, known, err := b.Take(ctx, file("12.00"))
	if err != nil || known || second.Hold != model.HoldSame || second.OtherID != first.ID {
		t.Fatalf("%+v, %t, %v", second, known, err)
	}
	if _, err := b.Send(ctx, second.ID, b.mapping.ID); model.ProblemOf(err).Code != "run.held_same" {
		t.Errorf("sent though held: %v", err)
	}
	b.must(b.DecideTwin(ctx, second.ID, office.TwinReplaces))
	if _, err := b.Send(ctx, first.ID, b.mapping.ID); model.ProblemOf(err).Code != "run.held_replaced" {
		t.Errorf("the replaced one was sent: %v", err)
	}
	if _, err := b.Send(ctx, second.ID, b.mapping.ID); err != nil {
		t.Error(err)
	}
	third, _, err := b.Take(ctx, file("13.00"))
	b.must(err)
	if err := b.DecideTwin(ctx, third.ID, office.TwinReplaces); model.ProblemOf(err).Code != "run.already_sent" {
		t.Errorf("replaced what was sent: %v", err)
	}
	b.must(b.DecideTwin(ctx, third.ID, office.TwinAnother))
	if r, err := b.store.Run(ctx, third.ID); err != nil || r.Hold != model.HoldNone {
		t.Errorf("%+v, %v", r, err)
	}
	b.add("r1", 7, march(3), transactions(transaction(3, 2026, line("4999", "", "12.00", "debit"), line("1700", "", "12.00", "credit"))))
	b.must(b.Fetch(ctx, b.payID))
	rows := b.rows()
	i := slices.IndexFunc(rows, func(r model.RunRow) bool { return r.Run.SourceID == "r1" })
	if i < 0 || rows[i].Run.Hold != model.HoldSame || rows[i].Run.OtherID != second.ID {
		t.Errorf("%+v", rows[max(i, 0)].Run)
	}
	b.must(b.DecideTwin(ctx, rows[i].Run.ID, office.TwinSame))
	if _, err := b.Send(ctx, rows[i].Run.ID, b.mapping.ID); !errors.As(err, new(*model.Problem)) {
		t.Errorf("sent though the same: %v", err)
	}
}
