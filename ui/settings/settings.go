// Package settings is the page of the program's settings: its language and look,
// how payroll comes in, what closing the window does, and who draws it. [Show]
// opens it.
//
// What could have an entry booked twice is no setting of this page. Where the
// settings are kept is the business of the [Keeper].
package settings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// Values are the settings of the page. Times of day are as "22:00"; two empty
// ones, or two equal ones, are no quiet hours.
type Values struct {
	Language           string // two letters
	Folder             string // watched for payroll files; empty is the program's own
	OwnFolder          string // the program's own, which nobody chose
	Minutes            int    // between two questions to the payroll systems
	QuietFrom, QuietTo string // nothing is sent by itself between them
	Settle             []Settle
	KeepTexts          bool           // of lines, which may name an employee
	Refused            *model.Problem // why the user may not change the above but the language; nil where they may

	Theme     theme.Mode
	Scale     int    // of everything in the window, in percent; 0 is as the desktop has it
	IgnoreDPI bool   // all monitors count as equally fine
	Tray      bool   // closing the window keeps sending, with an icon in the tray
	Autostart bool   // the system starts the program when the user signs in
	Minimised bool   // it starts without its window, where there is a tray
	Drawing   string // software draws the window: automatic, on, off; empty where there is no choice
}

// Settle is how long the program waits before it sends again what a target may have
// booked without saying so.
type Settle struct {
	Target, Name string
	Minutes      int
}

// Keeper keeps settings. What it refuses is a [*model.Problem].
type Keeper interface {
	Settings(ctx context.Context) (Values, error)
	SaveSettings(ctx context.Context, v Values) error
}

// Deps is what the page stands on.
type Deps struct {
	Window  fyne.Window
	Runner  *async.Runner
	Keeper  Keeper
	Explain func(*model.Problem) explain.Page
	Tray    bool         // this desktop has a tray
	Saved   func(Values) // shows what was saved, on the screen's goroutine
	Connect func()       // opens the page of the database that an office shares; nil where there is none
}

// minutes are the choices of how often payroll is asked for.
func minutes() []int { return []int{1, 2, 5, 10, 15, 30, 60} }

const (
	width  = 520
	height = 440
)

// page is the fields on the screen.
type page struct {
	deps     Deps
	language *widgets.Picker
	folder   *widgets.Entry
	own      string // the folder while none is chosen
	every    *widgets.Picker
	from, to *widgets.Picker
	look     look
	presence presence
	drawing  *widgets.Picker // nil where there is no choice
	texts    *widgets.Check
	refused  *model.Problem
	settle   []Settle
	windows  []*widgets.Picker // one for each of settle
}

// Show fetches the settings and opens the page.
func Show(ctx context.Context, deps Deps) {
	async.Run(ctx, deps.Runner, deps.Keeper.Settings, func(v Values, err error) {
		if err != nil {
			dialogs.Problem(deps.Window, deps.Explain(model.ProblemOf(err)), nil)
			return
		}
		newPage(deps, v).open(ctx)
	})
}

func newPage(deps Deps, v Values) *page {
	p := &page{deps: deps, folder: widgets.NewEntry(), own: v.OwnFolder}
	var languages []widgets.Option
	for _, l := range i18n.Languages() {
		languages = append(languages, widgets.Option{ID: l.Code, Label: l.Name})
	}
	p.language = pick(languages, i18n.Language())
	p.folder.SetText(v.Folder)
	p.folder.SetPlaceHolder(i18n.T("settings.folder.none"))
	every := func(n int) string { return i18n.Tn("settings.every.minutes", n) }
	p.every = pick(spans(minutes(), v.Minutes, every), strconv.Itoa(v.Minutes))
	p.from, p.to = hours(v.QuietFrom), hours(v.QuietTo)
	p.settle = v.Settle
	for _, w := range v.Settle {
		p.windows = append(p.windows, window(w.Minutes))
	}
	p.texts, p.refused = widgets.NewCheck(i18n.T("settings.texts"), nil), v.Refused
	p.texts.Checked = v.KeepTexts
	p.look, p.presence = newLook(v), newPresence(v, deps.Tray)
	if v.Drawing != "" {
		p.drawing = pick([]widgets.Option{
			{ID: "automatic", Label: i18n.T("settings.drawing.automatic")},
			{ID: "on", Label: i18n.T("settings.drawing.on")},
			{ID: "off", Label: i18n.T("settings.drawing.off")},
		}, v.Drawing)
	}
	return p
}

// spans are numbers of minutes to choose from, in words; one that was chosen
// elsewhere is kept.
func spans(all []int, chosen int, words func(int) string) (options []widgets.Option) {
	if chosen > 0 && !slices.Contains(all, chosen) {
		all = append(all, chosen)
		slices.Sort(all)
	}
	for _, n := range all {
		options = append(options, widgets.Option{ID: strconv.Itoa(n), Label: words(n)})
	}
	return options
}

// window chooses the settle window of a target.
func window(chosen int) *widgets.Picker {
	wait := func(n int) string { return i18n.Tn("settings.settle.minutes", n) }
	return pick(spans([]int{3, 5, 10, 15, 30, 60}, chosen, wait), strconv.Itoa(chosen))
}

func pick(options []widgets.Option, chosen string) *widgets.Picker {
	p := widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	p.Choose(chosen)
	return p
}

// hours picks a time of day in half hours; one in between that was kept stays.
func hours(chosen string) *widgets.Picker {
	options := []widgets.Option{{Label: i18n.T("settings.quiet.none")}}
	known := chosen == ""
	for h := range 48 {
		at := clock(h)
		known = known || at == chosen
		options = append(options, widgets.Option{ID: at, Label: at})
	}
	if !known {
		options = append(options, widgets.Option{ID: chosen, Label: chosen})
	}
	p := widgets.NewPicker(i18n.T("settings.quiet.none"), i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	p.Choose(chosen)
	return p
}

// clock is the nth half hour of a day.
func clock(n int) string {
	minute := ":00"
	if n%2 == 1 {
		minute = ":30"
	}
	hour := strconv.Itoa(n / 2)
	return strings.Repeat("0", 2-len(hour)) + hour + minute
}

func (p *page) open(ctx context.Context) {
	browse := widgets.NewButton(i18n.T("settings.folder.choose"), p.chooseFolder)
	notice := allowed.NewNotice()
	controls := []allowed.Control{browse, p.folder, p.every, p.from, p.to, p.texts}
	for _, w := range p.windows {
		controls = append(controls, w)
	}
	content := container.NewVBox(
		widgets.Field(i18n.T("settings.language"), "", p.language),
		p.look.content(),
		widgets.Title(i18n.T("settings.payroll")),
		notice,
		widgets.Field(i18n.T("settings.folder"), i18n.T("settings.folder.help", "folder", p.own), container.NewBorder(nil, nil, nil, browse, p.folder)),
		widgets.Field(i18n.T("settings.every"), i18n.T("settings.every.help"), p.every),
		widgets.Field(i18n.T("settings.quiet"), i18n.T("settings.quiet.help"), container.NewGridWithColumns(2,
			container.NewBorder(nil, nil, widgets.Name(i18n.T("settings.quiet.from")), nil, p.from),
			container.NewBorder(nil, nil, widgets.Name(i18n.T("settings.quiet.to")), nil, p.to))),
		container.NewVBox(p.texts, widgets.SmallWrapped(i18n.T("settings.texts.help"))),
		p.presence.content(),
	)
	if p.drawing != nil {
		content.Add(widgets.Field(i18n.T("settings.drawing"), i18n.T("settings.drawing.help"), p.drawing))
	}
	if len(p.windows) > 0 {
		rows := container.NewVBox()
		for i, w := range p.windows {
			rows.Add(container.NewBorder(nil, nil, widgets.Name(p.settle[i].Name), nil, w))
		}
		content.Add(widgets.Field(i18n.T("settings.settle"), i18n.T("settings.settle.help"), rows))
	}
	var connect fyne.CanvasObject
	if p.deps.Connect != nil {
		b := widgets.NewButton(i18n.T("connection.title"), p.deps.Connect)
		controls, connect = append(controls, b), b
	}
	allowed.Guard(p.refused, p.deps.Explain, notice, controls...)
	dialogs.Show(p.deps.Window, dialogs.Spec{
		Title: i18n.T("menu.settings"), Content: widgets.Scrolling(container.NewVScroll(widgets.BesideBar(content))), Extra: connect, Confirm: i18n.T("dialog.save"),
		Focus: p.language, Width: width, Height: height,
		OnConfirm: func(d *dialogs.Dialog) { p.save(ctx, d) },
	})
}

// chooseFolder asks for the folder that payroll files are laid in.
func (p *page) chooseFolder() {
	d := dialog.NewFolderOpen(func(folder fyne.ListableURI, err error) {
		switch {
		case err != nil:
			dialogs.Problem(p.deps.Window, p.deps.Explain(model.ProblemOf(err)), nil)
		case folder != nil:
			p.folder.SetText(folder.Path())
		}
	}, p.deps.Window)
	d.Show()
	d.Resize(fyne.NewSize(860, 560))
}

func (p *page) values() Values {
	n, err := strconv.Atoi(p.every.Chosen())
	if err != nil {
		n = 0
	}
	settle := slices.Clone(p.settle)
	for i, w := range p.windows {
		if n, err := strconv.Atoi(w.Chosen()); err == nil {
			settle[i].Minutes = n
		}
	}
	v := Values{
		Language: p.language.Chosen(), Folder: strings.TrimSpace(p.folder.Text), Minutes: n,
		QuietFrom: p.from.Chosen(), QuietTo: p.to.Chosen(), Settle: settle, KeepTexts: p.texts.Checked,
	}
	p.look.write(&v)
	p.presence.write(&v)
	if p.drawing != nil {
		v.Drawing = p.drawing.Chosen()
	}
	return v
}

func (p *page) save(ctx context.Context, d *dialogs.Dialog) {
	v := p.values()
	d.Busy(i18n.T("dialog.busy"))
	async.Run(ctx, p.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, p.deps.Keeper.SaveSettings(ctx, v) },
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(p.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			p.deps.Saved(v)
		})
}
