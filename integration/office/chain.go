package office

import (
	"slices"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// chain is everything that was queued, sent or decided for one period of a run
// at one administration, in the order of revisions.
type chain []model.Delivery

// chainOf picks the chain of a period out of the deliveries of a run.
func chainOf(deliveries []model.Delivery, m model.Mapping, p journal.Period) chain {
	var c chain
	for _, d := range deliveries {
		if d.Target == m.Target && d.Administration == m.Administration.Code && d.Period == p {
			c = append(c, d)
		}
	}
	slices.SortStableFunc(c, func(a, b model.Delivery) int { return a.Revision - b.Revision })
	return c
}

// chainsOf are the chains of all periods, in the order of the periods.
func chainsOf(deliveries []model.Delivery, m model.Mapping) []chain {
	var periods []journal.Period
	for _, d := range deliveries {
		if d.Target == m.Target && d.Administration == m.Administration.Code && !slices.Contains(periods, d.Period) {
			periods = append(periods, d.Period)
		}
	}
	slices.SortFunc(periods, journal.Period.Compare)
	all := make([]chain, len(periods))
	for i, p := range periods {
		all[i] = chainOf(deliveries, m, p)
	}
	return all
}

// last is the delivery that the period's state comes from: the newest one, but a
// correction that was withdrawn leaves what it would have corrected.
func (c chain) last() (d model.Delivery, ok bool) {
	for i := len(c) - 1; i >= 0; i-- {
		if c[i].Kind == model.KindEntry || c[i].State != model.StateWithdrawn {
			return c[i], true
		}
	}
	return model.Delivery{}, false
}

// top is the highest revision that was ever given.
func (c chain) top() int {
	if len(c) == 0 {
		return 0
	}
	return c[len(c)-1].Revision
}

// inBooks are the deliveries whose entries together are what the books have:
// those that were booked or marked, less what was reversed.
func (c chain) inBooks() []model.Delivery {
	var in []model.Delivery
	for _, d := range c {
		if d.State != model.StateBooked && d.State != model.StateMarked {
			continue
		}
		if in = append(in, d); d.Kind.Reverses() {
			in = nil
		}
	}
	return in
}

// settled tells whether nothing of the chain is under way or in doubt.
func (c chain) settled() bool {
	return !slices.ContainsFunc(c, func(d model.Delivery) bool { return !d.State.Final() })
}

// counts tells whether nothing is left to be sent for the period of a delivery
// that is the last of its chain. What was reversed is to be sent again.
func counts(d model.Delivery) bool { return d.State.Done() && !d.Kind.Reverses() }

// wasThere tells whether a withdrawn delivery was at the target once, so that its
// key is used up.
func wasThere(d model.Delivery) bool {
	return d.State == model.StateWithdrawn && (d.Number != "" || d.Sends > 0)
}

// latest are the deliveries at the mapping's administration that count, one for
// each period, in order of period; earlier are the others that say something
// about the books, newest first.
func latest(deliveries []model.Delivery, m model.Mapping) (last, earlier []model.Delivery) {
	for _, c := range chainsOf(deliveries, m) {
		d, ok := c.last()
		if ok {
			last = append(last, d)
		}
		for _, o := range c {
			if (!ok || o.ID != d.ID) && (o.State != model.StateWithdrawn && o.State != model.StateRefused || wasThere(o)) {
				earlier = append(earlier, o)
			}
		}
	}
	slices.SortStableFunc(earlier, func(a, b model.Delivery) int { return int(b.ID - a.ID) })
	return last, earlier
}

// partsOf are the parts of the latest journal, and an empty one for each period
// that only earlier journals have.
func partsOf(journals []model.Snapshot) []journal.Part {
	parts := journal.Split(journals[len(journals)-1].Journal)
	for _, j := range journals[:len(journals)-1] {
		for _, old := range journal.Split(j.Journal) {
			if !slices.ContainsFunc(parts, func(p journal.Part) bool { return p.Period == old.Period }) {
				parts = append(parts, journal.Part{Period: old.Period})
			}
		}
	}
	slices.SortFunc(parts, func(a, b journal.Part) int { return a.Period.Compare(b.Period) })
	return parts
}
