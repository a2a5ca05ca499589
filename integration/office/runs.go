package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// Incoming is a payroll file with what is said about it.
type Incoming struct {
	CompanyID   int64
	Name        string // of the file
	Content     io.Reader
	Description string    // empty takes the name of the file
	RunAt       time.Time // zero takes the present
}

// Import takes a payroll file in as a run of a company. known tells that the
// same file, or another with the same content, was taken in before; then that
// run is given back and nothing is stored.
func (f *Office) Import(ctx context.Context, companyID int64, fileName string, content io.Reader) (run model.Run, known bool, err error) {
	return f.Take(ctx, Incoming{CompanyID: companyID, Name: fileName, Content: content})
}

// Take is [Office.Import] with more said about the file. A file that cannot be
// read whole leaves nothing behind.
func (f *Office) Take(ctx context.Context, in Incoming) (run model.Run, known bool, err error) {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return model.Run{}, false, err
	}
	file, err := f.read(ctx, in)
	if err != nil {
		return model.Run{}, false, err
	}
	return f.keep(ctx, in, file)
}

// keep stores a file that was read as a run, unless it is there.
func (f *Office) keep(ctx context.Context, in Incoming, file *source.File) (run model.Run, known bool, err error) {
	company, err := f.o.Store.Company(ctx, in.CompanyID)
	if err != nil {
		return model.Run{}, false, fmt.Errorf("company %d: %w", in.CompanyID, err)
	}
	if err := f.complete(ctx, company, file); err != nil {
		return model.Run{}, false, err
	}
	parts := journal.Split(file.Journal)
	first, last := parts[0].Period, parts[len(parts)-1].Period
	if err := f.tooOld(company, last); err != nil {
		return model.Run{}, false, err
	}
	if in.Description == "" {
		in.Description = file.Name
	}
	if in.RunAt.IsZero() {
		in.RunAt = f.o.Now()
	}
	snap, err := f.snapshot(ctx, company.ID, file)
	if err != nil {
		return model.Run{}, false, err
	}
	run, added, err := f.o.Store.AddRun(ctx, model.Run{
		CompanyID: company.ID, SourceID: file.Hash, Year: last.Year, First: first, Last: last,
		Description: in.Description, RunAt: in.RunAt, Locked: true, LockedAt: f.o.Now(),
	}, snap, reference)
	if err != nil {
		return model.Run{}, false, fmt.Errorf("keep run: %w", err)
	}
	defer f.changed()
	if added {
		if err := f.holdIfTwin(ctx, company, run); err != nil {
			return run, false, err
		}
		run, err = f.o.Store.Run(ctx, run.ID)
	}
	return run, !added, err
}

// reference is the same in all entries of a run: the run's own period and its
// number within company and year, as "L202603-4". It fits the 13 characters
// that the narrowest target has.
func reference(r model.Run) string {
	return fmt.Sprintf("L%04d%02d-%d", r.Last.Year, r.Last.Number, r.Number)
}

// contentHash is the same for the same journal in any file: lines in any order,
// transactions of a period together or apart.
func contentHash(parts []journal.Part) string {
	h := sha256.New()
	for i := range parts {
		lines := parts[i].Lines()
		slices.SortFunc(lines, journal.CompareLines)
		fmt.Fprintf(h, "%s\n", parts[i].Period)
		for _, l := range lines {
			fmt.Fprintf(h, "%q %q %q %d %q\n", l.LedgerAccount, l.CostCentre, l.CostUnit, int64(l.Amount), l.Text)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Runs are runs with their logos, newest first. A filter by states is asked of
// the store in pages until enough rows are found: what a logo shows is known only
// once its row is made.
func (f *Office) Runs(ctx context.Context, filter model.RunFilter) ([]model.RunRow, error) {
	if len(filter.States) == 0 {
		return f.rows(ctx, filter)
	}
	var found []model.RunRow
	page := filter
	for page.Limit = rowsAtOnce; ; {
		rows, err := f.rows(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if !shows(row, filter) {
				continue
			}
			if found = append(found, row); len(found) == filter.Limit {
				return found, nil
			}
		}
		if len(rows) < page.Limit {
			return found, nil
		}
		page.After = rows[len(rows)-1].Run.Place()
	}
}

// rowsAtOnce is how many rows are made while looking for those in a state.
const rowsAtOnce = 500

// shows tells whether a row has a logo as the filter wants one.
func shows(row model.RunRow, filter model.RunFilter) bool {
	return slices.ContainsFunc(row.Targets, func(t model.RunTarget) bool {
		return (filter.Target == "" || t.Target == filter.Target) && slices.Contains(filter.States, t.State)
	})
}

// rows are the rows of the runs that the store finds.
func (f *Office) rows(ctx context.Context, filter model.RunFilter) ([]model.RunRow, error) {
	runs, err := f.o.Store.Runs(ctx, filter)
	if err != nil {
		return nil, fmt.Errorf("runs: %w", err)
	}
	ids, companyIDs := make([]int64, len(runs)), make([]int64, len(runs))
	for i, r := range runs {
		ids[i], companyIDs[i] = r.ID, r.CompanyID
	}
	w, err := f.world(ctx, companyIDs...)
	if err != nil {
		return nil, err
	}
	deliveries, err := f.o.Store.Deliveries(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	byRun := make(map[int64][]model.Delivery)
	for _, d := range deliveries {
		byRun[d.RunID] = append(byRun[d.RunID], d)
	}
	digests, err := f.o.Store.Digests(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("digests: %w", err)
	}
	rows := make([]model.RunRow, len(runs))
	for i, r := range runs {
		rows[i] = w.row(r, digests[r.ID], byRun[r.ID])
	}
	return rows, nil
}

// PayrollCodes are the cost centres and cost units of a company as its runs have
// them together, each once, in order.
func (f *Office) PayrollCodes(ctx context.Context, companyID int64) ([]model.CodePair, error) {
	runs, err := f.o.Store.Runs(ctx, model.RunFilter{CompanyID: companyID})
	if err != nil {
		return nil, fmt.Errorf("runs: %w", err)
	}
	ids := make([]int64, len(runs))
	for i, r := range runs {
		ids[i] = r.ID
	}
	digests, err := f.o.Store.Digests(ctx, ids...)
	if err != nil {
		return nil, fmt.Errorf("digests: %w", err)
	}
	var codes []model.CodePair
	for _, id := range ids {
		codes = append(codes, digests[id].Codes...)
	}
	slices.SortFunc(codes, model.CodePair.Compare)
	return slices.Compact(codes), nil
}

// world is what the rows of the Export screen are computed from.
type world struct {
	companies map[int64]model.Company
	accounts  map[int64]model.Account
	mappings  map[int64][]model.Mapping // by company
	targets   []string                  // ids of targets with an account, in order
	may       model.Permission
}

// world fetches what is needed for rows of these companies.
func (f *Office) world(ctx context.Context, companyIDs ...int64) (*world, error) {
	w := &world{
		companies: make(map[int64]model.Company), accounts: make(map[int64]model.Account), mappings: make(map[int64][]model.Mapping),
	}
	var err error
	if w.may, err = f.Permission(ctx); err != nil {
		return nil, err
	}
	companies, err := f.o.Store.CompaniesOf(ctx, companyIDs...)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	for _, c := range companies {
		w.companies[c.ID] = c
	}
	accounts, err := f.o.Store.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	for _, a := range accounts {
		w.accounts[a.ID] = a
	}
	for _, d := range f.Targets() {
		if slices.ContainsFunc(accounts, func(a model.Account) bool { return a.Target == d.ID }) {
			w.targets = append(w.targets, d.ID)
		}
	}
	mappings, err := f.o.Store.MappingsOf(ctx, companyIDs...)
	if err != nil {
		return nil, fmt.Errorf("mappings: %w", err)
	}
	for _, m := range mappings {
		w.mappings[m.CompanyID] = append(w.mappings[m.CompanyID], m)
	}
	for _, list := range w.mappings {
		slices.SortStableFunc(list, func(a, b model.Mapping) int {
			return slices.Index(w.targets, a.Target) - slices.Index(w.targets, b.Target)
		})
	}
	return w, nil
}

// row is one run with its logos. It opens nothing: lists are long.
func (w *world) row(r model.Run, digest model.RunDigest, deliveries []model.Delivery) model.RunRow {
	row := model.RunRow{
		Run: r, Company: w.companies[r.CompanyID], Corrections: max(0, digest.Periods-1), Debit: digest.Debit,
	}
	for _, m := range w.mappings[r.CompanyID] {
		row.Targets = append(row.Targets, w.permitted(logo(row, m, w.accounts[m.AccountID], deliveries, digest.Periods)))
	}
	if len(row.Targets) == 0 {
		for _, id := range w.targets {
			row.Targets = append(row.Targets, model.RunTarget{
				Target: id, State: model.StateNotSetUp, Periods: digest.Periods,
				Problem: model.NewProblem("send.no_mapping", "company", row.Company.Name).With(model.ActionOpenMapping),
			})
		}
	}
	return row
}

// permitted blocks a logo that the user may not send with.
func (w *world) permitted(t model.RunTarget) model.RunTarget {
	if t.State != model.StateReady && t.State != model.StateRefused && t.State != model.StatePartial {
		return t
	}
	if p := refuse(w.may, model.ActSend, t.Target); p != nil {
		t.State, t.Problem = model.StateBlocked, p
	}
	return t
}

// Find gives the row of one run.
func (f *Office) Find(ctx context.Context, runID int64) (model.RunRow, error) {
	r, err := f.o.Store.Run(ctx, runID)
	if err != nil {
		return model.RunRow{}, fmt.Errorf("run %d: %w", runID, err)
	}
	w, err := f.world(ctx, r.CompanyID)
	if err != nil {
		return model.RunRow{}, err
	}
	deliveries, err := f.o.Store.Deliveries(ctx, runID)
	if err != nil {
		return model.RunRow{}, fmt.Errorf("deliveries: %w", err)
	}
	digests, err := f.o.Store.Digests(ctx, runID)
	if err != nil {
		return model.RunRow{}, fmt.Errorf("digest of run %d: %w", runID, err)
	}
	return w.row(r, digests[runID], deliveries), nil
}

// logo is the state of one run at one mapped target.
func logo(row model.RunRow, m model.Mapping, a model.Account, deliveries []model.Delivery, periods int) model.RunTarget {
	t := model.RunTarget{
		Target: m.Target, AccountID: m.AccountID, MappingID: m.ID, Periods: periods, Approval: model.ApprovalNone,
	}
	t.Deliveries, t.Earlier = latest(deliveries, m)
	for _, d := range t.Deliveries {
		if counts(d) {
			t.Booked++
		}
		if d.State == model.StateBooked && d.Approval == model.ApprovalWaiting {
			t.Approval = model.ApprovalWaiting
		} else if d.State == model.StateBooked && t.Approval == model.ApprovalNone {
			t.Approval = d.Approval
		}
		t.Person = t.Person || d.Person
		if t.Problem == nil && d.Problem != nil {
			t.Problem = d.Problem
		}
	}
	t.State = together(t.Deliveries, t.Booked, periods)
	if t.State == model.StateReady || t.State == model.StateRefused || t.State == model.StatePartial {
		if state, p := barred(row, m, a); p != nil {
			t.State, t.Problem = state, p
		}
	}
	return t
}

// barred is why nothing of a run may be sent by a mapping, if anything.
func barred(row model.RunRow, m model.Mapping, a model.Account) (model.State, *model.Problem) {
	switch {
	case row.Company.TestCompany:
		return model.StateBlocked, model.NewProblem("send.test_company", "company", row.Company.Name)
	case row.Company.DebtorBlocked:
		return model.StateBlocked, model.NewProblem("send.debtor_blocked", "debtor", row.Company.Debtor)
	case row.Run.Hold == model.HoldSame:
		return model.StateBlocked, model.NewProblem("run.held_same", "run", row.Run.Description)
	case row.Run.Hold == model.HoldReplaced:
		return model.StateBlocked, model.NewProblem("run.held_replaced", "run", row.Run.Description)
	case !a.Authorised():
		return model.StateNotSetUp, notAuthorised(a)
	case m.Start != (journal.Period{}) && row.Run.Last.Compare(m.Start) < 0:
		return model.StateBeforeStart, model.NewProblem("send.before_start", "period", m.Start.String()).With(model.ActionOpenMapping)
	}
	return "", nil
}

// together is the state of a logo from the states of its deliveries: what needs
// a person first, then what is under way, then what is missing.
func together(deliveries []model.Delivery, done, periods int) model.State {
	if done == periods {
		return doneBy(deliveries)
	}
	for _, s := range []model.State{
		model.StateUnknown, model.StateSending, model.StateChecking, model.StateQueued, model.StateAccepted, model.StateRefused,
	} {
		if slices.ContainsFunc(deliveries, func(d model.Delivery) bool { return d.State == s }) {
			return s
		}
	}
	if done > 0 {
		return model.StatePartial
	}
	return model.StateReady
}

// doneBy is the state of a logo with nothing left to send: booked, unless all of
// it was booked by hand.
func doneBy(deliveries []model.Delivery) model.State {
	for _, d := range deliveries {
		if d.State == model.StateBooked {
			return model.StateBooked
		}
	}
	if slices.ContainsFunc(deliveries, func(d model.Delivery) bool { return d.State == model.StateMarked }) {
		return model.StateMarked
	}
	return model.StateBooked
}
