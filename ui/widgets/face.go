package widgets

import (
	"fyne.io/fyne/v2"

	"loonbrug/ui/theme"
)

// Look is how the logo itself is drawn.
type Look string

// The looks. Sent is whatever the target's own manual says a logo looks like
// after sending.
const (
	LookColour Look = "colour"
	LookGrey   Look = "grey"
	LookSent   Look = "sent"
	LookHalf   Look = "half" // colour, half of it under a veil
)

// Tone is the colour of a badge.
type Tone string

// The tones.
const (
	ToneStill Tone = "still" // nothing to do here
	ToneBusy  Tone = "busy"  // under way
	ToneGood  Tone = "good"  // done
	ToneOdd   Tone = "odd"   // look at it
	ToneBad   Tone = "bad"   // wrong
)

// Colour is the colour of the theme for a tone.
func (t Tone) Colour() fyne.ThemeColorName {
	switch t {
	case ToneBusy:
		return theme.Busy
	case ToneGood:
		return theme.Good
	case ToneOdd:
		return theme.Odd
	case ToneBad:
		return theme.Bad
	}
	return theme.Still
}

// Face is everything that a logo shows. The badge and the label say the state
// without colour.
type Face struct {
	Logo   string // id of the logo in resources
	Look   Look
	Badge  string // id of an icon, or empty
	Count  string // short text instead of an icon, such as "2/3"
	Second string // id of a second, smaller icon, or empty
	Tone   Tone
	Label  string // the state in a word or two, below the logo
	Hint   string // what it means and what a click does, as a sentence
}
