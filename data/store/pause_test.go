package store_test

import (
	"testing"
	"time"

	"loonbrug/data/model"
)

// TestClaim_FairOverCompanies: a long queue of one company does not hold up a
// short one of another, at the same account and at others.
func TestClaim_FairOverCompanies(t *testing.T) {
	b := setup(t)
	long := b.company
	for range 5 {
		b.queue()
	}
	b.company = b.addCompany("2")
	short := b.queue()
	b.account = b.addAccount("other")
	other := b.queue()
	var order []int64
	for range 4 {
		d, ok := b.claim(noon)
		if !ok {
			t.Fatal("nothing due")
		}
		order = append(order, d.ID)
		to := d
		to.LeaseUntil = time.Time{}
		if d.CompanyID != long.ID {
			to.State = model.StateBooked
		}
		b.apply(d, to)
	}
	for _, id := range []int64{short.ID, other.ID} {
		if order[1] != id && order[2] != id {
			t.Errorf("claimed in the order %v; %d had to wait for the long queue", order, id)
		}
	}
}

func TestPause(t *testing.T) {
	b := setup(t)
	ctx := t.Context()
	first := b.queue()
	b.account = b.addAccount("other")
	second := b.queue()
	minute := noon.Add(time.Minute)
	save := func(p model.Pause) {
		t.Helper()
		if err := b.SavePause(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	due := func(at time.Time, ok bool) {
		t.Helper()
		got, gotOK, err := b.NextDue(ctx)
		if err != nil || gotOK != ok || ok && !got.Equal(at) {
			t.Errorf("next due %v %t, want %v %t: %v", got, gotOK, at, ok, err)
		}
	}
	own := model.Pause{
		Kind: model.PauseAccount, AccountID: first.AccountID, Since: noon, Until: minute, Tries: 2,
		Problem: model.NewProblem("network.timeout", "host", "x").Again(),
	}
	save(own)
	due(noon, true)
	if d, ok := b.claim(noon); !ok || d.ID != second.ID {
		t.Errorf("claimed %+v: an account that is paused holds up another, or does not wait", d)
	}
	if d, ok := b.claim(noon); ok {
		t.Errorf("claimed %d of a paused account", d.ID)
	}
	due(minute, true) // the end of the pause, and of the lease
	all := model.Pause{Kind: model.PausePerson, Since: noon}
	save(model.Pause{Kind: model.PausePerson, Since: minute, Tries: 7})
	save(all)
	due(time.Time{}, false)
	if _, ok := b.claim(minute); ok {
		t.Error("claimed while a person has stopped everything")
	}
	same(t, must[[]model.Pause](t)(b.open().Pauses(ctx)), []model.Pause{all, own})
	status := must[model.SenderStatus](t)(b.Outstanding(ctx))
	if len(status.Pauses) != 2 || status.Waiting != 1 || status.Working != 1 {
		t.Errorf("%+v", status)
	}
	for range 2 {
		if err := b.EndPause(ctx, model.PausePerson, 0); err != nil {
			t.Fatal(err)
		}
	}
	if d, ok := b.claim(minute); !ok || d.ID != first.ID {
		t.Errorf("claimed %+v after the pause", d)
	}
}

func TestRoom(t *testing.T) {
	if free, err := setup(t).Room(); err != nil || free <= 0 {
		t.Errorf("%d bytes: %v", free, err)
	}
}
