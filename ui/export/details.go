package export

import (
	"context"
	"maps"
	"slices"
	"strings"

	"loonbrug/data/model"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
)

// choose shows the details of a run at one of its targets.
func (s *Screen) choose(r model.RunRow, rt model.RunTarget) {
	s.chosen = selectionOf(r, rt)
	s.selectRow(r)
	s.loadDetail()
}

// Open shows a run at one of its mappings; zero is its first.
func (s *Screen) Open(runID, mappingID int64) {
	s.chosen = selection{run: runID}
	for _, r := range s.rows {
		if r.Run.ID != runID {
			continue
		}
		rt := firstTarget(r)
		for _, t := range r.Targets {
			if mappingID != 0 && t.MappingID == mappingID {
				rt = t
			}
		}
		s.choose(r, rt)
		return
	}
	s.Load()
}

// loadDetail fetches what the details show, and shows it.
func (s *Screen) loadDetail() {
	row, rt, ok := s.chosen.find(s.rows)
	if !ok {
		return
	}
	async.Load(s.ctx, s.deps.Runner, &s.detailing,
		func(ctx context.Context) (parts, error) { return s.fetch(ctx, row, rt) },
		func(p parts, err error) {
			if err != nil {
				p.problem = model.ProblemOf(err)
			}
			d := newDetail(row, rt, p)
			d.sending = s.sending[selectionOf(row, rt)]
			d.next = nextTry(rt, s.deps.Now())
			s.showDetail(d)
		})
}

// fetch runs away from the screen. What was sent comes from the deliveries, as
// it was; what was not, from a preview.
func (s *Screen) fetch(ctx context.Context, row model.RunRow, rt model.RunTarget) (parts, error) {
	p := parts{entries: make(map[int64]model.Entry), receipts: make(map[int64]model.Receipt), attempts: make(map[int64][]model.Attempt)}
	var err error
	if p.refused, err = allowed.Ask(ctx, s.deps.Office, model.ActWork, ""); err != nil {
		return p, err
	}
	noSend, err := allowed.Ask(ctx, s.deps.Office, model.ActSend, rt.Target)
	if err != nil {
		return p, err
	}
	maps.Copy(p.refused, noSend)
	noWrite, err := allowed.Ask(ctx, s.deps.Office, model.ActWrite, rt.Target)
	if err != nil {
		return p, err
	}
	maps.Copy(p.refused, noWrite)
	for _, d := range slices.Concat(rt.Deliveries, rt.Earlier) {
		var err error
		if p.entries[d.ID], err = s.deps.Office.Entry(ctx, d.ID); isErased(err) {
			p.erased = model.ProblemOf(err) // its receipt and its steps are still there
		} else if err != nil {
			return p, err
		}
		if p.attempts[d.ID], err = s.deps.Office.Attempts(ctx, d.ID); err != nil {
			return p, err
		}
		if d.State != model.StateBooked {
			continue
		}
		if p.receipts[d.ID], err = s.deps.Office.Receipt(ctx, d.ID); err != nil {
			return p, err
		}
	}
	if len(p.receipts) > 0 {
		mappings, err := s.deps.Office.Mappings(ctx)
		if err != nil {
			return p, err
		}
		p.books = make(map[string]string)
		for _, m := range mappings {
			if m.Target == rt.Target {
				p.books[m.Administration.Code] = m.Administration.Name
			}
		}
	}
	if row.Run.Changed && rt.MappingID != 0 && rt.State != model.StateNotSetUp {
		var err error
		if p.changes, err = s.deps.Office.Changes(ctx, row.Run.ID, rt.MappingID); err != nil {
			p.problem = model.ProblemOf(err)
		}
	}
	if rt.MappingID == 0 || rt.State.Done() || rt.State == model.StateNotSetUp || p.erased != nil {
		return p, nil
	}
	previews, err := s.deps.Office.Preview(ctx, row.Run.ID, rt.MappingID)
	if err != nil {
		p.problem = model.ProblemOf(err)
	}
	p.previews = previews
	return p, nil
}

// isErased tells whether the lines of a run are no longer kept.
func isErased(err error) bool {
	p := model.ProblemOf(err)
	return p != nil && p.Code == "journal.erased"
}

// cure does what the main button beside a state says.
func (s *Screen) cure(d detail, what remedy) {
	switch what {
	case remedySend, remedyMissing, remedyAgain:
		s.send(d.row, d.logo)
	case remedyWithdraw:
		s.each(inState(d.logo, model.StateQueued), s.deps.Office.Withdraw)
	case remedyLook:
		s.lookAgain(d.logo)
	case remedyMapping:
		s.deps.OpenMapping(d.row.Company.ID, d.logo.MappingID, "")
	case remedyAccount:
		s.deps.SignIn(d.logo.AccountID)
	case remedyOld:
		s.sendOld(d)
	case remedyTasks:
		s.deps.ShowTasks()
	}
}

// act does what the button of a problem says; nil means that the problem's
// action is none that this screen can do.
func (s *Screen) act(d detail, p *model.Problem) func() {
	switch p.Action {
	case model.ActionSignIn:
		return func() { s.deps.SignIn(d.logo.AccountID) }
	case model.ActionOpenAccount:
		return func() { s.deps.ChangeAccount(d.logo.AccountID) }
	case model.ActionOpenMapping:
		field := dialogs.FieldOf(s.description(d.logo.Target).MappingFields, p)
		return func() { s.deps.OpenMapping(d.row.Company.ID, d.logo.MappingID, field) }
	case model.ActionRefresh:
		return func() { s.refreshReference(d.logo) }
	case model.ActionCheckAgain:
		return func() { s.lookAgain(d.logo) }
	case model.ActionBookInOpen:
		if d.logo.State != model.StateBeforeStart { // sending an old run comes first, and asks for both
			return func() { s.bookInOpen(d) }
		}
	case model.ActionSendAgain:
		if len(undecided(d.logo)) > 0 {
			return func() { s.sendAgain(d) }
		}
		return func() { s.send(d.row, d.logo) }
	}
	return nil
}

// why says why the user may not do what [Screen.act] gives, and is empty where they
// may.
func (s *Screen) why(d detail, p *model.Problem) string {
	switch p.Action {
	case model.ActionSignIn, model.ActionOpenAccount, model.ActionOpenMapping:
		return allowed.Why(s.deps.Explain, d.noWrite)
	case model.ActionCheckAgain, model.ActionBookInOpen, model.ActionSendAgain:
		return allowed.Why(s.deps.Explain, d.noSend)
	}
	return ""
}

// sendAgain sends what was looked up in vain and only a person may settle,
// after asking whether that person has looked at the target too.
func (s *Screen) sendAgain(d detail) {
	var keys []string
	for _, delivery := range undecided(d.logo) {
		keys = append(keys, delivery.Key)
	}
	text := i18n.T("export.send_again.text", "target", s.description(d.logo.Target).Name, "keys", strings.Join(keys, ", "))
	dialogs.Confirm(s.deps.Window(), i18n.T("export.send_again"), text, i18n.T("export.send_again"), func() {
		s.each(ids(undecided(d.logo)), s.deps.Office.SendAgain)
	})
}

func (s *Screen) lookAgain(rt model.RunTarget) {
	s.each(inState(rt, model.StateAccepted, model.StateUnknown), s.deps.Office.LookAgain)
}

// each does one thing with several deliveries and stops at the first that
// fails.
func (s *Screen) each(ids []int64, do func(context.Context, int64) error) {
	if len(ids) == 0 {
		return
	}
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			for _, id := range ids {
				if err := do(ctx, id); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		},
		func(_ struct{}, err error) {
			if err != nil {
				s.fail(err)
			}
			s.Load()
			s.deps.Changed()
		})
}

// refreshReference fetches chart, dimensions and periods again and then shows
// the preview made with them.
func (s *Screen) refreshReference(rt model.RunTarget) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			mappings, err := s.deps.Office.Mappings(ctx)
			if err != nil {
				return struct{}{}, err
			}
			i := slices.IndexFunc(mappings, func(m model.Mapping) bool { return m.ID == rt.MappingID })
			if i < 0 {
				return struct{}{}, model.ErrNotFound
			}
			_, err = s.deps.Office.Reference(ctx, mappings[i].AccountID, mappings[i].Administration.Code, true)
			return struct{}{}, err
		},
		func(_ struct{}, err error) {
			if err != nil {
				dialogs.Problem(s.deps.Window(), s.deps.Explain(model.ProblemOf(err)), nil)
				return
			}
			s.Load()
		})
}
