package torture_test

import (
	"testing"
	"testing/synctest"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/store/storetest"
)

// TestRestore restores a backup that is a day old and starts the sender. What
// was booked since then is found before anything is sent.
func TestRestore(t *testing.T) {
	oneAtATime(t)
	n := uint64(40)
	if *whole {
		n = 1000
	}
	c, forgotten := make(coverage), 0
	tmpl := newTemplate(t, shape{modeProgram, modeProgram, modePerson, modeDraft, modeDraft})
	backup := storetest.New(t)
	for seed := uint64(1); seed <= n; seed++ {
		synctest.Test(t, func(t *testing.T) {
			l := newLife(seed)
			w := newWorld(t, tmpl)
			w.seen, w.ledger.answer = c.together(), l.answer
			p := w.start()
			time.Sleep(time.Duration(l.random.Int64N(int64(10 * time.Minute))))
			p.stop()
			w.stop()
			w.close()
			storetest.Copy(t, w.place, backup)
			w.open()
			w.live(nil)
			w.stop()
			booked := count(w.deliveries())

			time.Sleep(24 * time.Hour)
			w.close()
			storetest.Copy(t, backup, w.place)
			w.open()
			forgotten += booked - count(w.deliveries())
			w.began, w.earlier, w.used = time.Now(), make(map[int64][]model.Attempt), make(map[string]bool)
			w.live(nil)
			w.stop()
			if broken := audit(w.evidence()); len(broken) > 0 {
				t.Errorf("backup of seed %d: %v", seed, broken)
			}
			w.close()
		})
		if t.Failed() && *untilDead {
			t.FailNow()
		}
	}
	if forgotten == 0 {
		t.Error("no backup had forgotten a booking")
	}
	figure(t, "backups restored", n)
	figure(t, "  bookings they had forgotten, none doubled", forgotten)
}

func count(all []model.Delivery) (booked int) {
	for _, d := range all {
		if d.State == model.StateBooked {
			booked++
		}
	}
	return booked
}
