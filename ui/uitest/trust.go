package uitest

import (
	"context"

	"loonbrug/data/model"
)

// Events gives the rows of the history.
func (o *Office) Events(context.Context, model.HistoryFilter) ([]model.Event, error) {
	return o.EventList, o.Fail["Events"]
}

// Verify finds the history whole.
func (o *Office) Verify(context.Context) (model.Verification, error) {
	return model.Verification{Rows: int64(len(o.EventList)), Begun: Now()}, o.Fail["Verify"]
}

// Refused is what Fail has for the act, as "Refused write".
func (o *Office) Refused(_ context.Context, act model.Act, _ string) error {
	return o.Fail["Refused "+string(act)]
}

// Rights gives the templates and who has which.
func (o *Office) Rights(context.Context) (model.Rights, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Given, o.Fail["Rights"]
}

// SaveRights keeps them.
func (o *Office) SaveRights(_ context.Context, r model.Rights) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SaveRights %d %d", len(r.Templates), len(r.Members))
	if err := o.Fail["SaveRights"]; err != nil {
		return err
	}
	o.Given = r
	return nil
}

// User is who works with the window.
func (o *Office) User() string { return "a.devries" }

// Kept gives what is kept.
func (o *Office) Kept(context.Context) ([]model.Kept, error) { return o.KeptList, o.Fail["Kept"] }

// Lengthen keeps how long something is kept.
func (o *Office) Lengthen(_ context.Context, b model.Books, r model.Retention) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Lengthen %d %s %s %d %d", b.CompanyID, b.Target, b.Administration, r.PayloadMonths, r.RecordYears)
	for i := range o.KeptList {
		if o.KeptList[i].Books == b {
			o.KeptList[i].Retention = r
		}
	}
	return o.Fail["Lengthen"]
}
