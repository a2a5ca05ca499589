package export

import (
	"slices"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
)

// slot is one column of logos: the nth mapping to a target.
type slot struct {
	target string
	nth    int
}

// slotsOf gives the columns of logos that the rows need, in the order of the
// targets, so that the logos of one target stand below each other.
func slotsOf(targets []target.Description, rows []model.RunRow) []slot {
	var slots []slot
	for _, t := range targets {
		most := 0
		for _, row := range rows {
			most = max(most, len(targetsOf(row, t.ID)))
		}
		for n := range most {
			slots = append(slots, slot{target: t.ID, nth: n})
		}
	}
	if len(slots) == 0 && len(targets) > 0 && len(rows) > 0 {
		slots = []slot{{target: targets[0].ID}}
	}
	return slots
}

func targetsOf(row model.RunRow, id string) []model.RunTarget {
	var found []model.RunTarget
	for _, rt := range row.Targets {
		if rt.Target == id {
			found = append(found, rt)
		}
	}
	return found
}

// at gives the logo of a row in a slot.
func (s slot) at(row model.RunRow) (model.RunTarget, bool) {
	found := targetsOf(row, s.target)
	if s.nth >= len(found) {
		return model.RunTarget{}, false
	}
	return found[s.nth], true
}

// selection is the run, and the mapping of it, whose details are shown.
type selection struct {
	run     int64
	mapping int64
	target  string
}

// find gives the row and logo of a selection; a row without the chosen logo
// gives its first, and one of a company without any mapping a logo of no target.
func (s selection) find(rows []model.RunRow) (row model.RunRow, rt model.RunTarget, ok bool) {
	i := slices.IndexFunc(rows, func(r model.RunRow) bool { return r.Run.ID == s.run })
	if i < 0 {
		return model.RunRow{}, model.RunTarget{}, false
	}
	row = rows[i]
	for _, t := range row.Targets {
		if t.MappingID == s.mapping && t.Target == s.target {
			return row, t, true
		}
	}
	if len(row.Targets) > 0 {
		return row, row.Targets[0], true
	}
	return row, model.RunTarget{State: model.StateNotSetUp}, true
}

// detail is everything about one run at one target.
type detail struct {
	row      model.RunRow
	logo     model.RunTarget
	periods  []periodLine
	problems []*model.Problem // of what was sent, and of what keeps all of it
	check    checked
	next     time.Time        // when the next try is due; zero when none waits
	notices  []*model.Problem // what to know before sending, though nothing stands against it
	receipts []receiptLine
	attempts []attemptLine
	changes  []model.Change
	entries  map[int64]model.Entry // what was sent, by delivery
	books    map[string]string     // names of administrations by their codes
	sending  bool                  // a click is on its way to the office
	noSend   *model.Problem        // why the user may not send here, nil where they may
	noWrite  *model.Problem        // why they may not change accounts and mappings here
	noWork   *model.Problem        // why the user may not take payroll in
}

// periodLine is one period of a run at a target. A period that was never sent
// has no delivery yet.
type periodLine struct {
	period     journal.Period
	correction bool
	debit      journal.Amount
	state      model.State
	approval   model.Approval
	number     string
	entry      model.Entry
	known      bool // the entry could be made
	faults     []*model.Problem
	own        model.BookPeriod // at the target, of what is still to be sent; without an id where it tells of none
	delivery   int64            // zero when it was never queued
	sent       bool             // it left at least once
}

// receiptLine is the proof of one period.
type receiptLine struct {
	period  journal.Period
	receipt model.Receipt
}

// attemptLine is one step in the history of one period.
type attemptLine struct {
	period  journal.Period
	attempt model.Attempt
}

// parts is what the office gave for a detail.
type parts struct {
	previews []model.Preview
	entries  map[int64]model.Entry
	receipts map[int64]model.Receipt
	attempts map[int64][]model.Attempt
	changes  []model.Change
	books    map[string]string // names of administrations by their codes
	problem  *model.Problem    // why there is no preview
	erased   *model.Problem    // says that the lines are no longer kept
	refused  allowed.Refusals  // what the user has no right to
}

// newDetail puts together what the office gave. The newest delivery of a period
// counts; older ones are history.
func newDetail(row model.RunRow, logo model.RunTarget, p parts) detail {
	d := detail{row: row, logo: logo, changes: p.changes, entries: p.entries, books: p.books}
	d.noSend, d.noWork = p.refused.At(model.ActSend, logo.Target), p.refused.At(model.ActWork, "")
	d.noWrite = p.refused.At(model.ActWrite, logo.Target)
	newest := make(map[journal.Period]model.Delivery)
	for _, delivery := range logo.Deliveries {
		newest[delivery.Period] = delivery
	}
	for _, delivery := range slices.Concat(logo.Deliveries, logo.Earlier) {
		for _, a := range p.attempts[delivery.ID] {
			d.attempts = append(d.attempts, attemptLine{delivery.Period, a})
		}
		if r, ok := p.receipts[delivery.ID]; ok {
			d.receipts = append(d.receipts, receiptLine{delivery.Period, r})
		}
	}
	slices.SortStableFunc(d.attempts, func(a, b attemptLine) int { return b.attempt.At.Compare(a.attempt.At) })
	slices.SortStableFunc(d.receipts, func(a, b receiptLine) int { return a.period.Compare(b.period) })

	lines := make(map[journal.Period]periodLine)
	for _, preview := range p.previews {
		line := lineOf(preview.Entry, row, logo)
		line.faults, line.own = preview.Problems, preview.Own
		lines[preview.Entry.Period] = line
	}
	for period, delivery := range newest {
		line := lineOf(p.entries[delivery.ID], row, logo)
		if !delivery.State.Done() {
			line.faults, line.own = lines[period].faults, lines[period].own
		}
		line.period, line.correction = period, period.Compare(row.Run.Last) < 0
		line.state, line.approval, line.number = delivery.State, delivery.Approval, delivery.Number
		line.delivery, line.sent = delivery.ID, delivery.Sends > 0
		if delivery.State == model.StateBooked && delivery.Kind.Reverses() {
			line.state = model.StateReady // what was booked is taken back
		}
		lines[period] = line
	}
	for _, line := range lines {
		d.periods = append(d.periods, line)
	}
	slices.SortFunc(d.periods, func(a, b periodLine) int { return a.period.Compare(b.period) })
	d.check = checkOf(newest, p)
	d.problems = slices.DeleteFunc(problemsOf(logo, newest, p), d.check.has)
	d.notices = noticesOf(newest, p)
	return d
}

// noticesOf gathers what the entries that are still to be sent say of
// themselves, each once.
func noticesOf(newest map[journal.Period]model.Delivery, p parts) []*model.Problem {
	var all []*model.Problem
	for _, preview := range p.previews {
		if _, sent := newest[preview.Entry.Period]; sent {
			continue
		}
		for _, n := range preview.Entry.Notices {
			if !slices.ContainsFunc(all, func(o *model.Problem) bool { return o.Error() == n.Error() }) {
				all = append(all, n)
			}
		}
	}
	return all
}

func lineOf(e model.Entry, row model.RunRow, logo model.RunTarget) periodLine {
	debit, _ := e.Totals()
	line := periodLine{
		period:     e.Period,
		correction: e.Period.Compare(row.Run.Last) < 0,
		debit:      debit,
		state:      model.StateReady,
		entry:      e,
		known:      len(e.Lines) > 0,
	}
	if logo.State == model.StateBlocked || logo.State == model.StateBeforeStart {
		line.state = logo.State
	}
	return line
}

// problemsOf gathers the problems of deliveries first, then what keeps all of
// them, each once. What is booked has one where the target refused to approve it.
func problemsOf(logo model.RunTarget, newest map[journal.Period]model.Delivery, p parts) []*model.Problem {
	var all []*model.Problem
	add := func(problem *model.Problem) {
		if problem == nil {
			return
		}
		if !slices.ContainsFunc(all, func(q *model.Problem) bool { return q.Error() == problem.Error() }) {
			all = append(all, problem)
		}
	}
	for _, delivery := range logo.Deliveries {
		if newest[delivery.Period].ID == delivery.ID && (!delivery.State.Done() || unapproved(delivery)) {
			add(delivery.Problem)
		}
	}
	add(p.erased)
	if logo.State.Done() {
		return all
	}
	add(logo.Problem)
	add(p.problem)
	return all
}

// unapproved tells whether a booking waits for a person because the target would
// not approve it.
func unapproved(d model.Delivery) bool {
	return d.State == model.StateBooked && d.Approval == model.ApprovalWaiting && d.Problem != nil
}

// remedy is what the main button beside the state does.
type remedy string

const (
	remedyNone     remedy = ""
	remedySend     remedy = "send"
	remedyMissing  remedy = "send_missing"
	remedyAgain    remedy = "send_again"
	remedyWithdraw remedy = "withdraw"
	remedyLook     remedy = "check_again"
	remedyMapping  remedy = "open_mapping"
	remedyAccount  remedy = "open_account"
	remedyOld      remedy = "send_old"
	remedyTasks    remedy = "show_tasks"
)

// sends tells whether it needs the right to send.
func (r remedy) sends() bool {
	switch r {
	case remedySend, remedyMissing, remedyAgain, remedyWithdraw, remedyLook, remedyOld:
		return true
	}
	return false
}

func remedyOf(run model.Run, rt model.RunTarget) remedy {
	switch rt.State {
	case model.StateReady, model.StateWithdrawn:
		return remedySend
	case model.StatePartial:
		return remedyMissing
	case model.StateRefused:
		return remedyAgain
	case model.StateQueued:
		return remedyWithdraw
	case model.StateAccepted, model.StateUnknown:
		return remedyLook
	case model.StateBeforeStart:
		return remedyOld
	case model.StateBlocked:
		if run.Hold == model.HoldSame {
			return remedyTasks
		}
	case model.StateNotSetUp:
		if rt.MappingID != 0 {
			return remedyAccount
		}
		return remedyMapping
	}
	return remedyNone
}

// inState gives the ids of the logo's deliveries that stand in one of states.
func inState(rt model.RunTarget, states ...model.State) []int64 {
	var ids []int64
	for _, d := range rt.Deliveries {
		if slices.Contains(states, d.State) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// undecided gives the deliveries whose outcome only a person can settle.
func undecided(rt model.RunTarget) []model.Delivery {
	return slices.DeleteFunc(slices.Clone(rt.Deliveries), func(d model.Delivery) bool {
		return d.State != model.StateUnknown || !d.Person
	})
}

func ids(deliveries []model.Delivery) []int64 {
	all := make([]int64, len(deliveries))
	for i, d := range deliveries {
		all[i] = d.ID
	}
	return all
}
