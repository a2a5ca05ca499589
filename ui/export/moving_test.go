package export

import (
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
)

func TestNextTry(t *testing.T) {
	now := time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return now.Add(time.Duration(seconds) * time.Second) }
	rt := model.RunTarget{Deliveries: []model.Delivery{
		{State: model.StateQueued, NotBefore: at(90)},
		{State: model.StateAccepted, NotBefore: at(30)},
		{State: model.StateQueued, NotBefore: at(-5)},               // due already
		{State: model.StateUnknown, Person: true, NotBefore: at(1)}, // waits for a person
		{State: model.StateBooked, NotBefore: at(2)},
	}}
	if got := nextTry(rt, now); !got.Equal(at(30)) {
		t.Errorf("next try at %s", got)
	}
	if got := nextTry(rt, at(100)); !got.IsZero() {
		t.Errorf("next try at %s", got)
	}
}

func TestTruth(t *testing.T) {
	in := func(states ...model.State) (list []model.Delivery) {
		for i, s := range states {
			list = append(list, model.Delivery{ID: int64(i + 1), State: s})
		}
		return list
	}
	for name, tt := range map[string]struct {
		rt   model.RunTarget
		want string
	}{
		"Nothing":  {model.RunTarget{State: model.StateReady, Periods: 2}, i18n.T("booked.nothing")},
		"Refused":  {model.RunTarget{State: model.StateRefused, Periods: 1, Deliveries: in(model.StateRefused)}, i18n.T("booked.nothing")},
		"Unknown":  {model.RunTarget{State: model.StateUnknown, Booked: 1, Periods: 2, Deliveries: in(model.StateBooked, model.StateUnknown)}, i18n.T("booked.unknown")},
		"Sending":  {model.RunTarget{State: model.StateSending, Periods: 1, Deliveries: in(model.StateSending)}, i18n.T("booked.unknown")},
		"Accepted": {model.RunTarget{State: model.StateRefused, Periods: 2, Deliveries: in(model.StateRefused, model.StateAccepted)}, i18n.T("booked.accepted")},
		"Part":     {model.RunTarget{State: model.StatePartial, Booked: 1, Periods: 3}, i18n.T("booked.part", "booked", 1, "periods", 3)},
		"All":      {model.RunTarget{State: model.StateBooked, Booked: 3, Periods: 3}, i18n.T("booked.all")},
	} {
		t.Run(name, func(t *testing.T) {
			if got := truth(tt.rt); got != tt.want {
				t.Errorf("says %q", got)
			}
		})
	}
}
