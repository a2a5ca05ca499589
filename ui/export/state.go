package export

import (
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// click is what a click on a logo does.
type click string

const (
	clickSend    click = "send"    // checks and sends what is missing
	clickMapping click = "mapping" // opens the mapping that is missing
	clickAccount click = "account" // opens the account that is missing
	clickDetails click = "details" // shows why, how far, or the receipt
	clickPeriods click = "periods" // shows the periods and sends what is missing
	clickLook    click = "look"    // shows the evidence and looks it up again
)

// appearance is how a state looks and what a click on it does: the table of
// the product, in one place.
type appearance struct {
	look   widgets.Look
	badge  string
	second string
	tone   widgets.Tone
	click  click
}

// appearances has every state of a logo.
func appearances() map[model.State]appearance {
	return map[model.State]appearance{
		model.StateNotSetUp:      {widgets.LookGrey, "plus", "", widgets.ToneStill, clickMapping},
		model.StateBeforeStart:   {widgets.LookGrey, "clock", "", widgets.ToneStill, clickDetails},
		model.StateBlocked:       {widgets.LookGrey, "bar", "", widgets.ToneStill, clickDetails},
		model.StateReady:         {widgets.LookColour, "", "", widgets.ToneStill, clickSend},
		model.StateChecking:      {widgets.LookColour, "clock", "", widgets.ToneBusy, clickDetails},
		model.StateQueued:        {widgets.LookColour, "clock", "", widgets.ToneBusy, clickDetails},
		model.StateSending:       {widgets.LookColour, "clock", "", widgets.ToneBusy, clickDetails},
		model.StateAccepted:      {widgets.LookColour, "hourglass", "", widgets.ToneBusy, clickLook},
		model.StateBooked:        {widgets.LookSent, "tick", "", widgets.ToneGood, clickDetails},
		model.StatePartial:       {widgets.LookHalf, "", "", widgets.ToneOdd, clickPeriods},
		model.StateRefused:       {widgets.LookColour, "bang", "", widgets.ToneBad, clickDetails},
		model.StateUnknown:       {widgets.LookColour, "question", "", widgets.ToneOdd, clickLook},
		model.StateMarked:        {widgets.LookGrey, "hand", "", widgets.ToneGood, clickDetails},
		model.StateNothingToBook: {widgets.LookGrey, "tick", "", widgets.ToneGood, clickDetails},
		model.StateWithdrawn:     {widgets.LookColour, "", "", widgets.ToneStill, clickSend},
	}
}

// faceOf is the logo of a run at a target. A state that is not in the table
// looks unknown rather than harmless.
func faceOf(d target.Description, run model.Run, rt model.RunTarget) widgets.Face {
	a, known := appearances()[rt.State]
	if !known {
		a = appearances()[model.StateUnknown]
	}
	f := widgets.Face{
		Logo:   d.Logo,
		Look:   a.look,
		Badge:  a.badge,
		Second: a.second,
		Tone:   a.tone,
		Label:  i18n.T("state.short." + string(rt.State)),
	}
	if rt.State == model.StatePartial {
		f.Count = fmt.Sprintf("%d/%d", rt.Booked, rt.Periods)
	}
	hint := i18n.T("state.hint." + string(rt.State))
	switch {
	case refusedApproval(rt):
		f.Second, f.Tone, f.Label = "person", widgets.ToneOdd, i18n.T("approval.short.refused")
		hint = i18n.T("approval.hint.refused")
	case rt.State == model.StateBooked && rt.Approval == model.ApprovalWaiting:
		f.Second = "person"
		hint = i18n.T("approval.hint.waiting")
	case rt.Person:
		f.Second = "person"
	}
	if run.Changed || run.Gone {
		f.Second = "triangle"
	}
	f.Hint = i18n.T("export.hint", "target", d.Name, "text", hint)
	return f
}

// refusedApproval tells whether everything is booked, but the target would not
// approve it.
func refusedApproval(rt model.RunTarget) bool {
	return rt.State == model.StateBooked && rt.Approval == model.ApprovalWaiting && rt.Problem != nil
}

// clickOf is what a click does: as the table says, but a logo that waits for
// an account asks for the account.
func clickOf(rt model.RunTarget) click {
	if rt.State == model.StateNotSetUp && rt.MappingID != 0 {
		return clickAccount
	}
	a, known := appearances()[rt.State]
	if !known {
		return clickDetails
	}
	return a.click
}

// done tells whether nothing is left to do for a run: its row is greyed.
func done(row model.RunRow) bool {
	for _, rt := range row.Targets {
		if !rt.State.Done() {
			return false
		}
	}
	return len(row.Targets) > 0
}
