package uitest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/integration/target"
)

// Office is an office in memory. It keeps what it is given and answers as an
// office would, but it knows no rules: a test sets the states it wants to see.
// Fields may be set before the window is made.
type Office struct {
	mu      sync.Mutex
	watcher chan struct{}

	Descriptions []target.Description
	AccountList  []model.Account
	CompanyList  []model.Company
	MappingList  []model.Mapping
	Rows         []model.RunRow
	Books        map[string][]model.Administration // by target
	References   map[string]*model.Reference       // by target
	Codes        map[int64][]model.CodePair        // by company
	Receipts     map[int64]model.Receipt
	Entries      map[int64]model.Entry
	History      map[int64][]model.Attempt
	Previews     map[int64][]model.Preview // by run
	Changed      map[int64][]model.Change  // by run
	Comparison   model.Reconciliation
	PutBack      time.Time            // when an older copy of the database was noticed
	Systems      []target.Description // payroll systems
	TaskList     []model.Task
	Owner        int64          // the company that dropped files are of; zero is not known
	Table        source.Table   // what is told of a file that is no journal
	First        journal.Period // to propose as the start of a mapping
	Views        map[string]model.TableView
	Sums         []model.Overview
	Filters      []model.RunFilter // that were asked for
	Sender       model.SenderStatus
	EventList    []model.Event
	Given        model.Rights
	KeptList     []model.Kept
	Address      string
	Waits        map[int64]int // deliveries that wait, by account

	// Fail, by the name of a method, is what it returns instead of working.
	Fail map[string]error
	// Calls are the calls that changed something, as "Send 3 1".
	Calls []string
}

func (o *Office) call(format string, args ...any) {
	o.Calls = append(o.Calls, fmt.Sprintf(format, args...))
}

// Targets gives the descriptions.
func (o *Office) Targets() []target.Description { return o.Descriptions }

// Partners gives the payroll systems before the targets.
func (o *Office) Partners() []target.Description { return slices.Concat(o.Systems, o.Descriptions) }

// Accounts gives the accounts.
func (o *Office) Accounts(context.Context) ([]model.Account, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.AccountList), o.Fail["Accounts"]
}

// NewAccount keeps an account that is not authorised.
func (o *Office) NewAccount(_ context.Context, targetID, name string, settings map[string]string, secrets model.Credentials) (model.Account, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("NewAccount %s %s %d", targetID, name, len(secrets))
	if err := o.Fail["NewAccount"]; err != nil {
		return model.Account{}, err
	}
	a := model.Account{ID: int64(len(o.AccountList) + 101), Target: targetID, Name: name, Settings: settings, State: model.AccountNew}
	o.AccountList = append(o.AccountList, a)
	return a, nil
}

// ChangeAccount replaces an account.
func (o *Office) ChangeAccount(_ context.Context, a model.Account, secrets model.Credentials) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("ChangeAccount %d %s %d", a.ID, a.Name, len(secrets))
	for i := range o.AccountList {
		if o.AccountList[i].ID == a.ID {
			o.AccountList[i] = a
		}
	}
	return o.Fail["ChangeAccount"]
}

// AccountUse is what the mappings of the office say, and Waits.
func (o *Office) AccountUse(_ context.Context, id int64) (model.AccountUse, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	use := model.AccountUse{Waiting: o.Waits[id]}
	for _, c := range o.CompanyList {
		if slices.ContainsFunc(o.MappingList, func(m model.Mapping) bool { return m.CompanyID == c.ID && m.AccountID == id }) {
			use.Companies = append(use.Companies, c.Name)
		}
	}
	return use, o.Fail["AccountUse"]
}

// CheckAccount notes the call and what comes of it with the account.
func (o *Office) CheckAccount(ctx context.Context, id int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("CheckAccount %d", id)
	for i := range o.AccountList {
		if a := &o.AccountList[i]; a.ID == id {
			a.Problem, a.CheckedAt = model.ProblemOf(o.Fail["CheckAccount"]), Now()
		}
	}
	return o.Fail["CheckAccount"]
}

// RemoveAccount forgets an account.
func (o *Office) RemoveAccount(_ context.Context, id int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("RemoveAccount %d", id)
	if err := o.Fail["RemoveAccount"]; err != nil {
		return err
	}
	o.AccountList = slices.DeleteFunc(o.AccountList, func(a model.Account) bool { return a.ID == id })
	return nil
}

// Authorise signs an account in, unless ctx has ended or Fail says otherwise.
func (o *Office) Authorise(ctx context.Context, id int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Authorise %d", id)
	for i := range o.AccountList {
		a := &o.AccountList[i]
		if a.ID != id {
			continue
		}
		if err := o.Fail["Authorise"]; err != nil {
			a.Problem = model.ProblemOf(err)
			return err
		}
		a.State, a.Identity, a.CheckedAt, a.Problem = model.AccountAuthorised, "boekhouder · De Halm", Now(), nil
	}
	return nil
}

// ConfirmCompany authorises an account that waits for it.
func (o *Office) ConfirmCompany(_ context.Context, id int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("ConfirmCompany %d", id)
	for i := range o.AccountList {
		if a := &o.AccountList[i]; a.ID == id && o.Fail["ConfirmCompany"] == nil {
			a.State, a.Problem = model.AccountAuthorised, nil
		}
	}
	return o.Fail["ConfirmCompany"]
}

// SignInAddress is the address of a sign-in.
func (o *Office) SignInAddress(int64) string { return o.Address }

// Administrations are those of the account's target.
func (o *Office) Administrations(_ context.Context, accountID int64) ([]model.Administration, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Books[o.targetOf(accountID)], o.Fail["Administrations"]
}

// Reference is that of the account's target.
func (o *Office) Reference(_ context.Context, accountID int64, administration string, fresh bool) (*model.Reference, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if fresh {
		o.call("Reference %d %s", accountID, administration)
	}
	return o.References[o.targetOf(accountID)], o.Fail["Reference"]
}

func (o *Office) targetOf(accountID int64) string {
	for _, a := range o.AccountList {
		if a.ID == accountID {
			return a.Target
		}
	}
	return ""
}

// PayrollCodes are those of the company.
func (o *Office) PayrollCodes(_ context.Context, companyID int64) ([]model.CodePair, error) {
	return o.Codes[companyID], o.Fail["PayrollCodes"]
}

// Companies gives the companies.
func (o *Office) Companies(context.Context) ([]model.Company, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.CompanyList), o.Fail["Companies"]
}

// SaveCompany keeps a company.
func (o *Office) SaveCompany(_ context.Context, c *model.Company) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SaveCompany %s", c.Name)
	for i := range o.CompanyList {
		if known := &o.CompanyList[i]; known.Source == c.Source && known.SourceID == c.SourceID {
			c.ID = known.ID
			*known = *c
			return o.Fail["SaveCompany"]
		}
	}
	c.ID = int64(len(o.CompanyList) + 1)
	o.CompanyList = append(o.CompanyList, *c)
	return o.Fail["SaveCompany"]
}

// Mappings gives the mappings.
func (o *Office) Mappings(context.Context) ([]model.Mapping, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.MappingList), o.Fail["Mappings"]
}

// SaveMapping keeps a mapping.
func (o *Office) SaveMapping(_ context.Context, m *model.Mapping) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SaveMapping %d %s %s", m.CompanyID, m.Target, m.Administration.Code)
	if err := o.Fail["SaveMapping"]; err != nil {
		return err
	}
	if m.ID == 0 {
		m.ID = int64(len(o.MappingList) + 101)
		o.MappingList = append(o.MappingList, *m)
		return nil
	}
	for i := range o.MappingList {
		if o.MappingList[i].ID == m.ID {
			o.MappingList[i] = *m
		}
	}
	return nil
}

// RemoveMapping forgets a mapping.
func (o *Office) RemoveMapping(_ context.Context, id int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("RemoveMapping %d", id)
	o.MappingList = slices.DeleteFunc(o.MappingList, func(m model.Mapping) bool { return m.ID == id })
	return o.Fail["RemoveMapping"]
}

// Preview gives the previews of a run.
func (o *Office) Preview(_ context.Context, runID, _ int64) ([]model.Preview, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Previews[runID], o.Fail["Preview"]
}

// Send queues a run, or refuses it with the problem in Fail.
func (o *Office) Send(_ context.Context, runID, mappingID int64) (model.RunTarget, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Send %d %d", runID, mappingID)
	rt := o.find(runID, mappingID)
	if rt == nil {
		return model.RunTarget{}, model.ErrNotFound
	}
	if err := o.Fail["Send"]; err != nil {
		return model.RunTarget{}, err
	}
	rt.State = model.StateQueued
	return *rt, nil
}

// Set puts the logo of a run in a state, as the sender would, and tells those
// who subscribed.
func (o *Office) Set(runID, mappingID int64, state model.State) {
	o.mu.Lock()
	if rt := o.find(runID, mappingID); rt != nil {
		rt.State = state
	}
	watcher := o.watcher
	o.mu.Unlock()
	if watcher != nil {
		select {
		case watcher <- struct{}{}:
		default:
		}
	}
}

func (o *Office) find(runID, mappingID int64) *model.RunTarget {
	for i := range o.Rows {
		for n := range o.Rows[i].Targets {
			if rt := &o.Rows[i].Targets[n]; o.Rows[i].Run.ID == runID && rt.MappingID == mappingID {
				return rt
			}
		}
	}
	return nil
}

// Withdraw notes the call.
func (o *Office) Withdraw(_ context.Context, id int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Withdraw %d", id)
	return o.Fail["Withdraw"]
}

// LookAgain notes the call.
func (o *Office) LookAgain(_ context.Context, id int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("LookAgain %d", id)
	return o.Fail["LookAgain"]
}

// SendAgain notes the call.
func (o *Office) SendAgain(_ context.Context, id int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SendAgain %d", id)
	return o.Fail["SendAgain"]
}

// SettleBooked notes the call.
func (o *Office) SettleBooked(_ context.Context, id int64, number, reason string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SettleBooked %d %s %s", id, number, reason)
	return o.Fail["SettleBooked"]
}

// Pause stops sending.
func (o *Office) Pause(context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Pause")
	o.Sender.Pauses = []model.Pause{{Kind: model.PausePerson, Since: Now()}}
	return o.Fail["Pause"]
}

// Continue ends Pause.
func (o *Office) Continue(context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Continue")
	o.Sender.Pauses = nil
	return o.Fail["Continue"]
}

// Receipt gives the receipt of a delivery.
func (o *Office) Receipt(_ context.Context, id int64) (model.Receipt, error) {
	r, ok := o.Receipts[id]
	if !ok {
		return r, model.ErrNotFound
	}
	return r, nil
}

// Entry gives the entry of a delivery.
func (o *Office) Entry(_ context.Context, id int64) (model.Entry, error) {
	if err := o.Fail["Entry"]; err != nil {
		return model.Entry{}, err
	}
	return o.Entries[id], nil
}

// Attempts gives the history of a delivery.
func (o *Office) Attempts(_ context.Context, id int64) ([]model.Attempt, error) {
	return o.History[id], nil
}

// File gives a file that names the delivery.
func (o *Office) File(_ context.Context, id int64) (string, []byte, error) {
	if err := o.Fail["File"]; err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("delivery-%d.xml", id), fmt.Appendf(nil, "<delivery>%d</delivery>", id), nil
}

// Status gives the sender's status.
func (o *Office) Status(context.Context) (model.SenderStatus, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Sender, nil
}

// Subscribe gives the signals that Set sends.
func (o *Office) Subscribe() (<-chan struct{}, func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.watcher = make(chan struct{}, 1)
	return o.watcher, func() {}
}

// Now is the time of all tests.
func Now() time.Time { return time.Date(2026, time.April, 2, 9, 30, 0, 0, time.UTC) }
