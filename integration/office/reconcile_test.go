package office_test

import (
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Both books are compared both ways: one booking was planted there, one deleted,
// one changed, one is there twice.
func TestReconcile(t *testing.T) {
	t.Run("Kept", func(t *testing.T) { reconciles(t, false) })
	t.Run("Erased", func(t *testing.T) { reconciles(t, true) }) // by the receipts
}

func reconciles(t *testing.T, erased bool) {
	t.Helper()
	b := &books{}
	h := open(t, b, b, files{"first": wages(100, 200, 300, 400, 500)})
	ctx := t.Context()
	if r, err := h.Reconciliation(ctx); err != nil || !r.At.IsZero() {
		t.Errorf("before the first: %+v, %v", r, err)
	}
	rt := h.send()
	if erased {
		if n, err := h.store.Erase(ctx, noon, h.run.ID); n != 1 || err != nil {
			t.Fatalf("%d erased: %v", n, err)
		}
	}
	if r, err := h.Reconcile(ctx); err != nil || len(r.Findings) != 0 || r.Compared != 5 || len(r.Places) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	key := make(map[model.FindingKind]string)
	b.remove(rt.Deliveries[0].Number)
	key[model.FindingMissing] = rt.Deliveries[0].Key
	b.have[0].Lines[0].Amount++
	key[model.FindingDiffers] = b.have[0].Key
	b.have = append(b.have, b.have[1], target.Booked{Number: "99", Key: "LBAAAAAAAAAA", Lines: b.have[2].Lines})
	key[model.FindingDouble], key[model.FindingExtra] = b.have[1].Key, "LBAAAAAAAAAA"
	_, err := h.Reconcile(ctx)
	must(t, err)
	r, err := h.Reconciliation(ctx)
	must(t, err)
	if len(r.Findings) != len(key) {
		t.Fatalf("findings %+v", r.Findings)
	}
	for _, f := range r.Findings {
		if key[f.Kind] != f.Key || len(f.Numbers) == 0 || (f.Kind == model.FindingExtra) != (f.DeliveryID == 0) || f.DeliveryID != 0 && f.Company != "De Halm" {
			t.Errorf("finding %+v", f)
		}
	}
	if erased {
		return
	}
	// A person's decision settles what is missing.
	must(t, h.SendAnew(ctx, rt.Deliveries[0].ID, "deleted there"))
	h.rested()
	if r, err = h.Reconcile(ctx); err != nil || len(r.Findings) != len(key)-1 {
		t.Errorf("findings %+v, %v", r.Findings, err)
	}
}

// What was marked as booked by hand and still is there under our key is one too
// many; a target that cannot be asked proves nothing.
func TestReconcile_MarkedAndAway(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100)})
	ctx := t.Context()
	rt, err := h.MarkByHand(ctx, h.run.ID, h.mapping.ID, nil, "by hand")
	must(t, err)
	b.have = []target.Booked{{Number: "1", Key: rt.Deliveries[0].Key}}
	if r, err := h.Reconcile(ctx); err != nil || len(r.Findings) != 1 || r.Findings[0].Kind != model.FindingExtra || r.Findings[0].DeliveryID == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	b.away = true
	r, err := h.Reconcile(ctx)
	if err != nil || len(r.Findings) != 0 || len(r.Places) != 1 || r.Places[0].Problem == nil || r.Places[0].Problem.Code != "books.away" {
		t.Errorf("%+v, %v", r, err)
	}
}

// Days outside the range are not missed.
func TestReconcile_Range(t *testing.T) {
	b := &books{}
	h := open(t, b, b, files{"first": wages(100, 200)})
	h.send()
	b.have = nil
	february, err := h.Entry(t.Context(), h.rested().Deliveries[1].ID)
	must(t, err)
	r, err := h.ReconcileBetween(t.Context(), february.Date, february.Date)
	if err != nil || len(r.Findings) != 1 || r.Findings[0].Period != period(2) {
		t.Errorf("%+v, %v", r, err)
	}
}
