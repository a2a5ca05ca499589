package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"loonbrug/data/autostart"
	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/data/settings"
	page "loonbrug/ui/settings"
)

// preferences are the settings of the program as their page shows them.
type preferences struct {
	*services
	looks     looks
	autostart autostart.Entry
	sh        *shell
}

// Settings implements the page's Keeper.
func (p preferences) Settings(ctx context.Context) (page.Values, error) {
	s, err := settings.Load(ctx, p.store)
	if err != nil {
		return page.Values{}, err
	}
	v := page.Values{
		Language: s.Language, Folder: s.Payroll.Folder, OwnFolder: p.inbox(), Minutes: int(s.Payroll.Every / time.Minute),
		QuietFrom: s.Payroll.QuietFrom, QuietTo: s.Payroll.QuietTo, KeepTexts: s.Payroll.KeepTexts,
	}
	if err := p.office.Refused(ctx, model.ActManage, ""); err != nil {
		v.Refused = model.ProblemOf(err)
	}
	for _, t := range p.targets {
		d := t.Describe()
		window, own := s.Settle[d.ID]
		if !own {
			window = s.Timing.Settle
		}
		v.Settle = append(v.Settle, page.Settle{Target: d.ID, Name: d.Name, Minutes: int(window / time.Minute)})
	}
	p.looks.read(&v)
	if v.Autostart, err = p.autostart.On(); err != nil {
		return page.Values{}, err
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
	before := s
	s.Language = v.Language
	s.Payroll.KeepTexts = v.KeepTexts
	s.Payroll.Folder, s.Payroll.Every = v.Folder, time.Duration(v.Minutes)*time.Minute
	s.Payroll.QuietFrom, s.Payroll.QuietTo = v.QuietFrom, v.QuietTo
	settle := make(map[string]time.Duration)
	for _, w := range v.Settle {
		if window := time.Duration(w.Minutes) * time.Minute; window != s.Timing.Settle {
			settle[w.Target] = window
		}
	}
	s.Settle = settle
	if s.Payroll != before.Payroll || !maps.Equal(s.Settle, before.Settle) {
		if err := p.office.Refused(ctx, model.ActManage, ""); err != nil {
			return err
		}
	}
	if err := settings.Save(ctx, p.store, s); err != nil {
		return err
	}
	p.payroll.Store(&s.Payroll)
	if p.practice == nil { // its systems are on this computer and have waits of their own
		if err := p.sender.SetSettle(settle); err != nil {
			return err
		}
	}
	p.looks.write(v)
	if v.Drawing != "" {
		at, err := paths.Locate(p.sh.dataDir, false)
		if err != nil {
			return err
		}
		if err := settings.SaveDrawing(at.Folder, v.Drawing); err != nil {
			return err
		}
	}
	if v.Minimised {
		p.autostart.Args = append(slices.Clone(p.autostart.Args), "--minimised")
	}
	return p.autostart.Set(v.Autostart)
}

// quiet tells whether nothing may be sent by itself now.
func (s *services) quiet(at time.Time) bool { return s.payroll.Load().Quiet(at.Local()) }

// autostart is the program as the system starts it, for the same data folder.
func (d *desk) autostart() autostart.Entry {
	e := autostart.Entry{ID: appID, Name: "Loonbrug"}
	if program, err := installed(); err == nil {
		e.Program = program
	}
	if d.sh.dataDir != "" {
		e.Args = append(e.Args, "--data-dir", d.sh.dataDir)
	}
	return e
}

// use shows the window as the settings have it.
func (d *desk) use(page.Values) {
	d.looks.use(d.app)
	d.hangTray(d.app.Icon().Content())
}
