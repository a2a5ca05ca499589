package uitest

import (
	"context"
	"io"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// MarkByHand marks the run's logo.
func (o *Office) MarkByHand(_ context.Context, runID, mappingID int64, periods []journal.Period, reason string) (model.RunTarget, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("MarkByHand %d %d %v %s", runID, mappingID, periods, reason)
	return model.RunTarget{}, o.Fail["MarkByHand"]
}

// TakeBack counts the call.
func (o *Office) TakeBack(_ context.Context, id int64, reason string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("TakeBack %d %s", id, reason)
	return o.Fail["TakeBack"]
}

// SendAnew counts the call.
func (o *Office) SendAnew(_ context.Context, id int64, reason string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SendAnew %d %s", id, reason)
	return o.Fail["SendAnew"]
}

// Reverse counts the call.
func (o *Office) Reverse(_ context.Context, runID, mappingID int64, p journal.Period, reason string) (model.RunTarget, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Reverse %d %d %s %s", runID, mappingID, p, reason)
	return model.RunTarget{}, o.Fail["Reverse"]
}

// Changes are those of the run.
func (o *Office) Changes(_ context.Context, runID, _ int64) ([]model.Change, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Changed[runID], o.Fail["Changes"]
}

// Correct counts the call.
func (o *Office) Correct(_ context.Context, runID, mappingID int64, ways map[journal.Period]model.Way, reason string) (model.RunTarget, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Correct %d %d %v %s", runID, mappingID, ways, reason)
	return model.RunTarget{}, o.Fail["Correct"]
}

// ReviseByFile counts the call.
func (o *Office) ReviseByFile(_ context.Context, runID int64, name string, _ io.Reader) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("ReviseByFile %d %s", runID, name)
	return true, o.Fail["ReviseByFile"]
}

// Reconcile counts the call and gives the comparison.
func (o *Office) Reconcile(context.Context) (model.Reconciliation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("Reconcile")
	return o.Comparison, o.Fail["Reconcile"]
}

// ReconcileBetween counts the call and gives the comparison.
func (o *Office) ReconcileBetween(_ context.Context, from, to journal.Date) (model.Reconciliation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("ReconcileBetween %s %s", from, to)
	return o.Comparison, o.Fail["ReconcileBetween"]
}

// Reconciliation is the comparison.
func (o *Office) Reconciliation(context.Context) (model.Reconciliation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Comparison, o.Fail["Reconciliation"]
}

// Restored is when an older copy was put back.
func (o *Office) Restored(context.Context) (time.Time, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.PutBack, nil
}

// SeenRestored forgets that.
func (o *Office) SeenRestored(context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.call("SeenRestored")
	o.PutBack = time.Time{}
	return nil
}
