// Package allowed shows on a screen what its user has no right to: [Ask] asks the
// office, and [Guard] disables the buttons and says beside them which
// right is missing and who can give it.
//
// It refuses nothing itself: the office does, whatever a screen shows.
package allowed

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/widgets"
)

// Office is what this package needs of the office.
type Office interface {
	// Refused is nil where the user may do an act, else the problem that says why
	// not.
	Refused(ctx context.Context, act model.Act, target string) error
}

type question struct {
	act    model.Act
	target string
}

// Refusals are the acts that the user has no right to. The zero value refuses
// nothing.
type Refusals map[question]*model.Problem

// Ask asks about an act at each target; one without a name is an act that asks for
// none.
func Ask(ctx context.Context, office Office, act model.Act, targets ...string) (Refusals, error) {
	all := make(Refusals)
	for _, target := range targets {
		err := office.Refused(ctx, act, target)
		var p *model.Problem
		if errors.As(err, &p) {
			all[question{act, target}] = p
		} else if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// At is why an act at a target is refused, nil where it is not.
func (r Refusals) At(act model.Act, target string) *model.Problem { return r[question{act, target}] }

// Everywhere is why an act is refused at all of some targets, nil where one of
// them allows it or there is none.
func (r Refusals) Everywhere(act model.Act, targets ...string) (p *model.Problem) {
	for _, target := range targets {
		if p = r.At(act, target); p == nil {
			return nil
		}
	}
	return p
}

// Control is what can be disabled.
type Control interface {
	Enable()
	Disable()
}

// NewNotice makes the text that says why controls beside it are disabled.
func NewNotice() *widget.Label {
	l := widgets.SmallWrapped("")
	l.Selectable = true
	l.Hide()
	return l
}

// Guard disables controls where there is a refusal and enables them where there is
// none. The notice says why, and is gone where they are enabled.
func Guard(refused *model.Problem, say func(*model.Problem) explain.Page, notice *widget.Label, controls ...Control) {
	for _, c := range controls {
		if refused != nil {
			c.Disable()
		} else {
			c.Enable()
		}
	}
	Tell(say, notice, refused)
}

// Tell writes into a notice why each of some acts is refused, and takes it away
// where none is.
func Tell(say func(*model.Problem) explain.Page, notice *widget.Label, refused ...*model.Problem) {
	var lines []string
	for _, p := range refused {
		if p != nil {
			lines = append(lines, Why(say, p))
		}
	}
	text := strings.Join(lines, "\n")
	if text == notice.Text {
		return
	}
	notice.Hidden = text == ""
	notice.SetText(text)
}

// Why says in one text which right is missing and who can give it; it is empty
// where none is.
func Why(say func(*model.Problem) explain.Page, refused *model.Problem) string {
	if refused == nil {
		return ""
	}
	page := say(refused)
	return page.Message + " " + page.Cause + " " + page.Solution
}
