package ui

import (
	"slices"

	"fyne.io/fyne/v2"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tasks"
	"loonbrug/ui/widgets"
)

// duty is what the button of a red line does.
type duty int

const (
	dutySignIn   duty = iota // signs the account in
	dutyAccounts             // opens the tab of accounts
	dutyExport               // opens the tab of runs
	dutyExplain              // explains what keeps the sender from working
	dutyCompare              // shows how both books differ
	dutyRestored             // takes the notice of an older copy away and shows the comparison
	dutyTasks                // lists what waits for a person
	dutyDownload             // opens the page of a newer version
	dutyStart                // goes on with the path of the first start
)

// alarm is one line above the tabs, red unless it is quiet.
type alarm struct {
	quiet   bool
	text    string
	action  string
	duty    duty
	account int64
	problem *model.Problem // explained by the same page everywhere; nil when the text says all
	barred  bool           // the user has no right to what its button does
}

// same tells whether two lines look the same and do the same.
func (a alarm) same(b alarm) bool {
	a.problem, b.problem = nil, nil // the text says what it is about
	return a == b
}

// mostAlarms is how many lines about accounts there is room for; the rest share
// one.
const mostAlarms = 3

// alarmsOf gives a line for each account that must sign in, or soon must, for what keeps the
// sender from working, and for deliveries that only a person can settle.
func alarmsOf(targets []target.Description, accounts []model.Account, signing func(int64) bool, sender model.SenderStatus, message func(*model.Problem) string) []alarm {
	var lines []alarm
	accounts = slices.Clone(accounts)
	slices.SortStableFunc(accounts, func(a, b model.Account) int { return urgency(a) - urgency(b) })
	for _, a := range accounts {
		if a.Authorised() && a.Problem == nil {
			continue
		}
		line := alarm{text: alarmText(targets, a, message), action: i18n.T("account.sign_in"), duty: dutySignIn, account: a.ID, problem: a.Problem}
		if signing(a.ID) {
			line.action, line.duty = i18n.T("banner.show"), dutyAccounts
		}
		lines = append(lines, line)
	}
	if more := len(lines) - mostAlarms; more > 0 {
		lines = append(lines[:mostAlarms-1], alarm{text: i18n.Tn("banner.more", more+1), action: i18n.T("banner.show"), duty: dutyAccounts})
	}
	if sender.Problem != nil {
		lines = append(lines, alarm{text: message(sender.Problem), action: i18n.T("problem.why"), duty: dutyExplain, problem: sender.Problem})
	}
	if sender.Person > 0 {
		lines = append(lines, alarm{text: i18n.Tn("banner.person", sender.Person), action: i18n.T("banner.show"), duty: dutyExport})
	}
	return lines
}

// taskLines is one line about what waits for a person, red when something of it
// went wrong.
func taskLines(waiting []model.Task) []alarm {
	if len(waiting) == 0 {
		return nil
	}
	return []alarm{{text: i18n.Tn("banner.tasks", len(waiting)), action: i18n.T("banner.show"), duty: dutyTasks, quiet: !tasks.AnyUrgent(waiting)}}
}

// urgency puts accounts that cannot be used before those that soon cannot.
func urgency(a model.Account) int {
	if a.Authorised() {
		return 1
	}
	return 0
}

func alarmText(targets []target.Description, a model.Account, message func(*model.Problem) string) string {
	if a.Authorised() {
		return message(a.Problem)
	}
	name := a.Name
	i := slices.IndexFunc(targets, func(d target.Description) bool { return d.ID == a.Target })
	if i >= 0 && targets[i].Name != a.Name {
		name = targets[i].Name + " · " + a.Name
	}
	if a.State == model.AccountExpired {
		return i18n.T("banner.expired", "name", name)
	}
	return i18n.T("banner.new", "name", name)
}

// showBanner draws the red lines when they are others than before.
func (s *Shell) showBanner() {
	signing := func(id int64) bool { return s.signIns[id] != nil }
	message := func(p *model.Problem) string { return s.explain(p).Message }
	alarms := alarmsOf(s.deps.Office.Partners(), s.known, signing, s.sender, message)
	alarms = append(append(append(alarms, s.books.alarms()...), taskLines(s.waiting)...), s.pathLines()...)
	if s.newer != "" {
		alarms = append(alarms, alarm{text: i18n.T("care.updates.newer", "version", s.newer), action: i18n.T("care.updates.download"), duty: dutyDownload, quiet: true})
	}
	for i, a := range alarms {
		alarms[i].barred = a.duty == dutySignIn && s.mayNotSignIn(a.account) != nil
	}
	defer s.tell()
	if slices.EqualFunc(alarms, s.alarms, alarm.same) && len(s.banner.Objects) == len(alarms) {
		return // drawing again would take the focus away
	}
	s.alarms = alarms
	var lines []fyne.CanvasObject
	for _, a := range alarms {
		lines = append(lines, s.alarmLine(a))
	}
	s.banner.Objects = lines
	s.frame.Refresh()
}

// alarmLine draws one line. Beside a button that helps at once stands the one
// that explains.
func (s *Shell) alarmLine(a alarm) fyne.CanvasObject {
	do := func() { s.attend(a) }
	switch {
	case a.quiet:
		return widgets.NoticeLine(a.text, a.action, do)
	case a.barred:
		do = nil
	case a.problem == nil || a.duty == dutyExplain:
		return widgets.AlarmLine(a.text, a.action, do)
	}
	return widgets.AlarmLine(a.text, a.action, do, widgets.NewButton(i18n.T("problem.why"), func() { s.explainAlarm(a) }))
}

// mayNotSignIn is why the user may not sign an account in, nil where they may.
func (s *Shell) mayNotSignIn(id int64) *model.Problem {
	i := slices.IndexFunc(s.known, func(a model.Account) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return s.refused.At(model.ActWrite, s.known[i].Target)
}

// attend does what the button of a red line says.
func (s *Shell) attend(a alarm) {
	switch a.duty {
	case dutySignIn:
		s.openAccount(a.account)
	case dutyAccounts:
		s.tabs.SelectIndex(tabAccounts)
	case dutyTasks:
		s.showTasks()
	case dutyDownload:
		s.openDownload()
	case dutyExport:
		s.tabs.SelectIndex(tabExport)
	case dutyCompare:
		s.tabs.SelectIndex(tabExport)
		s.export.Compare()
	case dutyRestored:
		s.seenRestored()
	case dutyStart:
		s.start.Open()
	case dutyExplain:
		s.explainAlarm(a)
	}
}

// explainAlarm shows the page of a line's problem, with the button that helps, or
// of the right that is missing where the line has none.
func (s *Shell) explainAlarm(a alarm) {
	refused := s.mayNotSignIn(a.account)
	if a.problem == nil {
		dialogs.Problem(s.window, s.explain(refused), nil)
		return
	}
	page := s.explain(a.problem)
	var do func()
	switch page.Action {
	case model.ActionSignIn:
		do = func() { s.openAccount(a.account) }
	case model.ActionOpenAccount:
		do = func() { s.changeAccount(a.account) }
	}
	if a.account == 0 {
		do = nil
	}
	dialogs.BarredProblem(s.window, page, do, allowed.Why(s.explain, refused))
}
