package uitest

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
	"loonbrug/ui/settings"
	"loonbrug/ui/start"
)

// Nmbrs is an account of a payroll system, and its id.
const Nmbrs = 40

// WithPayroll gives the office a payroll system with an account.
func (o *Office) WithPayroll() *Office {
	o.Systems = []target.Description{{
		ID: "nmbrs", Name: "Nmbrs", Logo: "nmbrs", SignIn: target.SignInCredentials, AccountNote: "target.nmbrs.note",
		AccountFields: []target.Field{
			{ID: "user", Kind: target.FieldText, Required: true},
			{ID: "token", Kind: target.FieldSecret, Required: true},
		},
	}}
	o.AccountList = append(o.AccountList, model.Account{
		ID: Nmbrs, Target: "nmbrs", Name: "Kantoor", State: model.AccountAuthorised, Identity: "api@praktijk.example", CheckedAt: Now(),
	})
	return o
}

// Tasks gives the tasks.
func (o *Office) Tasks(context.Context) ([]model.Task, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.TaskList), o.Fail["Tasks"]
}

// done takes tasks off the list.
func (o *Office) done(is func(model.Task) bool) {
	o.TaskList = slices.DeleteFunc(slices.Clone(o.TaskList), is)
}

// Find gives the row of a run.
func (o *Office) Find(_ context.Context, runID int64) (model.RunRow, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.Rows {
		if r.Run.ID == runID {
			return r, o.Fail["Find"]
		}
	}
	return model.RunRow{}, model.ErrNotFound
}

// Assign makes a run of a parcel.
func (o *Office) Assign(_ context.Context, parcelID, companyID int64) (model.Run, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Assign %d %d", parcelID, companyID)
	if err := o.Fail["Assign"]; err != nil {
		return model.Run{}, err
	}
	o.done(func(t model.Task) bool { return t.Parcel.ID == parcelID && t.Kind == model.TaskCompany })
	return o.add(companyID, "parcel"), nil
}

// PutAside takes the parcel off the list.
func (o *Office) PutAside(_ context.Context, parcelID int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("PutAside %d", parcelID)
	o.done(func(t model.Task) bool { return t.Parcel.ID == parcelID })
	return o.Fail["PutAside"]
}

// DecideTwin takes the task off the list.
func (o *Office) DecideTwin(_ context.Context, runID int64, answer model.Twin) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("DecideTwin %d %s", runID, answer)
	if err := o.Fail["DecideTwin"]; err != nil {
		return err
	}
	o.done(func(t model.Task) bool { return t.Run.ID == runID && t.Kind == model.TaskTwin })
	return nil
}

// Acknowledge takes the task off the list.
func (o *Office) Acknowledge(_ context.Context, runID int64, kind model.TaskKind) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Acknowledge %d %s", runID, kind)
	if err := o.Fail["Acknowledge"]; err != nil {
		return err
	}
	o.done(func(t model.Task) bool { return t.Run.ID == runID && t.Kind == kind })
	return nil
}

// FileDone takes the task off the list.
func (o *Office) FileDone(_ context.Context, companyID int64, sourceID string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("FileDone %d %s", companyID, sourceID)
	o.done(func(t model.Task) bool { return t.Kind == model.TaskFile && t.Run.SourceID == sourceID })
	return o.Fail["FileDone"]
}

// SendDecided queues a run.
func (o *Office) SendDecided(_ context.Context, runID, mappingID int64, by model.Consent) (model.RunTarget, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SendDecided %d %d %+v", runID, mappingID, by)
	rt := o.find(runID, mappingID)
	if rt == nil {
		return model.RunTarget{}, model.ErrNotFound
	}
	rt.State = model.StateQueued
	return *rt, nil
}

// TakeIn takes a file for a run of the company that Owner names, and else lets
// it wait. A file of the name of a run is known.
func (o *Office) TakeIn(_ context.Context, name string, content io.Reader) (model.Received, error) {
	data, err := io.ReadAll(content)
	if err != nil {
		return model.Received{}, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("TakeIn %s %d", name, len(data))
	if err := o.Fail["TakeIn "+name]; err != nil {
		return model.Received{}, err
	}
	for _, r := range o.Rows {
		if r.Run.Description == name {
			return model.Received{Run: r.Run, Known: true}, nil
		}
	}
	if o.Owner == 0 {
		return model.Received{Parcel: model.Parcel{ID: 7, Name: name}}, nil
	}
	return model.Received{Run: o.add(o.Owner, name)}, nil
}

// add makes a run that is ready everywhere.
func (o *Office) add(companyID int64, name string) model.Run {
	run := model.Run{ID: int64(len(o.Rows) + 101), CompanyID: companyID, Description: name, First: March(), Last: March(), Reference: "L202603-9"}
	row := model.RunRow{Run: run}
	for _, c := range o.CompanyList {
		if c.ID == companyID {
			row.Company = c
		}
	}
	for _, m := range o.MappingList {
		if m.CompanyID == companyID {
			row.Targets = append(row.Targets, model.RunTarget{Target: m.Target, AccountID: m.AccountID, MappingID: m.ID, State: model.StateReady, Periods: 1})
		}
	}
	o.Rows = append([]model.RunRow{row}, o.Rows...)
	return run
}

// Columns gives the table of the office, if it has one.
func (o *Office) Columns([]byte) (source.Table, bool) { return o.Table, o.Table.ID != "" }

// MissingColumns are a ledger account and an amount, until there is one.
func (o *Office) MissingColumns(t source.Table) (missing []string) {
	for _, role := range []string{"ledger_account", "amount"} {
		if _, ok := t.Columns[role]; !ok {
			missing = append(missing, role)
		}
	}
	return missing
}

// SaveColumns notes the columns, and lets the file be read from then on.
func (o *Office) SaveColumns(_ context.Context, t source.Table) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SaveColumns %s %v", t.ID, t.Columns)
	for name := range o.Fail {
		if strings.HasPrefix(name, "TakeIn ") {
			delete(o.Fail, name)
		}
	}
	return o.Fail["SaveColumns"]
}

// PayrollAccounts are those of the payroll systems.
func (o *Office) PayrollAccounts(context.Context) ([]model.Account, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.AccountList), func(a model.Account) bool {
		return !slices.ContainsFunc(o.Systems, func(d target.Description) bool { return d.ID == a.Target })
	}), o.Fail["PayrollAccounts"]
}

// Fetch notes the call.
func (o *Office) Fetch(_ context.Context, accountID int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Fetch %d", accountID)
	return o.Fail["Fetch"]
}

// BlockDebtor marks the companies of a debtor.
func (o *Office) BlockDebtor(_ context.Context, debtor string, on bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("BlockDebtor %s %t", debtor, on)
	for i := range o.CompanyList {
		if o.CompanyList[i].Debtor == debtor {
			o.CompanyList[i].DebtorBlocked = on
		}
	}
	return o.Fail["BlockDebtor"]
}

// FirstPeriod gives the period to propose.
func (o *Office) FirstPeriod(context.Context, int64) (journal.Period, error) {
	return o.First, o.Fail["FirstPeriod"]
}

// Settings keeps settings in memory.
type Settings struct {
	Values settings.Values
	Err    error // what saving returns
}

// Settings gives them.
func (s *Settings) Settings(context.Context) (settings.Values, error) { return s.Values, nil }

// SaveSettings keeps them, unless Err says otherwise.
func (s *Settings) SaveSettings(_ context.Context, v settings.Values) error {
	if s.Err == nil {
		s.Values = v
	}
	return s.Err
}

// Path keeps how far the path of the first start is, in memory.
type Path struct{ At start.State }

// Start gives it.
func (p *Path) Start(context.Context) (start.State, error) { return p.At, nil }

// SaveStart keeps it.
func (p *Path) SaveStart(_ context.Context, at start.State) error {
	p.At = at
	return nil
}

// Waiting are tasks of every kind.
func (o *Office) Waiting() []model.Task {
	row := o.Rows[0]
	task := func(kind model.TaskKind, code string) model.Task {
		return model.Task{
			Kind: kind, Company: row.Company, Run: row.Run, MappingID: MapVisma, Target: "vismanet", Since: Now().Add(-48 * time.Hour),
			Problem: model.NewProblem(code, "run", row.Run.Description, "company", row.Company.Name),
		}
	}
	twin := task(model.TaskTwin, "run.held_same")
	twin.Run.OtherID = RunFebruary
	file := task(model.TaskCompany, "file.which_company")
	file.Company, file.Run, file.MappingID, file.Parcel = model.Company{}, model.Run{}, 0, model.Parcel{ID: 7, Name: "loon.si"}
	expected := task(model.TaskExpected, "run.expected")
	expected.Run, expected.Period = model.Run{}, "2026-03"
	needed := task(model.TaskFile, "source.file_needed")
	needed.Run = model.Run{SourceID: "guid-9", Description: row.Run.Description}
	unread := model.Task{
		Kind: model.TaskUnread, Since: Now(), Parcel: model.Parcel{ID: 8, Name: "maart.csv", Header: model.Header{CompanyName: "De Halm"}},
		Problem: model.NewProblem("file.cut_off", "file", "maart.csv"),
	}
	return []model.Task{
		task(model.TaskSend, "run.to_send"), file, twin, task(model.TaskChanged, "run.changed"), task(model.TaskGone, "run.gone"),
		task(model.TaskRefused, "cash.unknown_ledger_account"), task(model.TaskUnknown, "delivery.unknown"), expected, needed, unread,
	}
}
