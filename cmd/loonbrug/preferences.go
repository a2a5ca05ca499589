package main

import (
	"context"
	"time"

	"loonbrug/data/paths"
	"loonbrug/data/settings"
	page "loonbrug/ui/settings"
)

// preferences are the settings of the program as their page shows them.
type preferences struct {
	*services
	sh *shell
}

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
	if drawingChoice {
		at, err := paths.Locate(p.sh.dataDir, false)
		if err != nil {
			return page.Values{}, err
		}
		if v.Drawing, err = settings.LoadDrawing(at.Folder); err != nil {
			p.log.Warn("who draws is left to the program", "error", err)
		}
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
	if err := settings.Save(ctx, p.store, s); err != nil {
		return err
	}
	p.payroll.Store(&s.Payroll)
	if v.Drawing == "" {
		return nil
	}
	at, err := paths.Locate(p.sh.dataDir, false)
	if err != nil {
		return err
	}
	return settings.SaveDrawing(at.Folder, v.Drawing)
}

// quiet tells whether nothing may be sent by itself now.
func (s *services) quiet(at time.Time) bool { return s.payroll.Load().Quiet(at.Local()) }
