package main

import (
	"context"
	"time"

	"loonbrug/data/settings"
	page "loonbrug/ui/settings"
)

// preferences are the settings of the program as their page shows them.
type preferences struct{ *services }

// Settings implements the page's Keeper.
func (p preferences) Settings(ctx context.Context) (page.Values, error) {
	s, err := settings.Load(ctx, p.store)
	if err != nil {
		return page.Values{}, err
	}
	v := page.Values{
		Language: s.Language, Folder: s.Payroll.Folder, Minutes: int(s.Payroll.Every / time.Minute),
		QuietFrom: s.Payroll.QuietFrom, QuietTo: s.Payroll.QuietTo,
	}
	for _, t := range p.targets {
		d := t.Describe()
		window, own := s.Settle[d.ID]
		if !own {
			window = s.Timing.Settle
		}
		v.Settle = append(v.Settle, page.Settle{Target: d.ID, Name: d.Name, Minutes: int(window / time.Minute)})
	}
	return v, nil
}

// SaveSettings implements the page's Keeper. What is no matter of the page stays
// as it is.
func (p preferences) SaveSettings(ctx context.Context, v page.Values) error {
	s, err := settings.Load(ctx, p.store)
	if err != nil {
		return err
	}
	s.Language = v.Language
	s.Payroll = settings.Payroll{
		Folder: v.Folder, Every: time.Duration(v.Minutes) * time.Minute, QuietFrom: v.QuietFrom, QuietTo: v.QuietTo,
	}
	settle := make(map[string]time.Duration)
	for _, w := range v.Settle {
		if window := time.Duration(w.Minutes) * time.Minute; window != s.Timing.Settle {
			settle[w.Target] = window
		}
	}
	s.Settle = settle
	if err := settings.Save(ctx, p.store, s); err != nil {
		return err
	}
	p.payroll.Store(&s.Payroll)
	if p.practice != nil {
		return nil // its systems are on this computer and have waits of their own
	}
	return p.sender.SetSettle(settle)
}

// quiet tells whether nothing may be sent by itself now.
func (s *services) quiet(at time.Time) bool { return s.payroll.Load().Quiet(at.Local()) }
