// Package theme is the look of the window: quiet surfaces, strong text, and
// one colour for each kind of state, in light and in dark. [New] gives the
// theme; screens name colours by the constants here or by Fyne's own and never
// hold a colour of their own.
//
// Colour never tells a state alone; every state has a badge and a text too.
package theme

import (
	"image/color"
	"maps"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"
)

// Mode chooses between light, dark and high contrast. It is a stable id.
type Mode string

// The modes.
const (
	System Mode = "system" // as the desktop has it
	Light  Mode = "light"
	Dark   Mode = "dark"
	// Contrast is black and white with strong edges, light or dark as the desktop.
	Contrast Mode = "contrast"
)

// Modes are all modes, in the order of a choice.
func Modes() []Mode { return []Mode{System, Light, Dark, Contrast} }

// The colours that Fyne has no name for.
const (
	Card       fyne.ThemeColorName = "loonbrug.card"     // surface of a card or a panel
	Outline    fyne.ThemeColorName = "loonbrug.outline"  // its thin edge
	Veil       fyne.ThemeColorName = "loonbrug.veil"     // over half a logo
	Alarm      fyne.ThemeColorName = "loonbrug.alarm"    // background of a red line
	OnAlarm    fyne.ThemeColorName = "loonbrug.onalarm"  // text on it
	Practice   fyne.ThemeColorName = "loonbrug.practice" // background of the practice line
	OnPractice fyne.ThemeColorName = "loonbrug.onpractice"
	Good       fyne.ThemeColorName = "loonbrug.good" // badge: booked
	Busy       fyne.ThemeColorName = "loonbrug.busy" // badge: on its way
	Bad        fyne.ThemeColorName = "loonbrug.bad"  // badge: refused
	Odd        fyne.ThemeColorName = "loonbrug.odd"  // badge: unknown, changed
	Still      fyne.ThemeColorName = "loonbrug.still"
	OnBadge    fyne.ThemeColorName = "loonbrug.onbadge"
)

// SizeSmall is the size of second texts.
const SizeSmall fyne.ThemeSizeName = base.SizeNameCaptionText

// Theme is the look of the program; it is safe to share.
type Theme struct {
	base   fyne.Theme
	mode   Mode
	colour map[fyne.ThemeColorName]pair
}

// pair is a colour in light and in dark.
type pair struct{ light, dark color.NRGBA }

// New is the theme in a mode.
func New(mode Mode) *Theme {
	t := &Theme{base: base.DefaultTheme(), mode: mode, colour: palette()}
	if mode == Contrast {
		maps.Copy(t.colour, contrastPalette())
	}
	return t
}

// Color is a colour by name. Names that are neither ours nor Fyne's come from
// Fyne's default theme.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	dark := variant == base.VariantDark
	switch t.mode {
	case Light:
		dark, variant = false, base.VariantLight
	case Dark:
		dark, variant = true, base.VariantDark
	}
	c, ok := t.colour[name]
	if !ok {
		return t.base.Color(name, variant)
	}
	if dark {
		return c.dark
	}
	return c.light
}

// Font is Fyne's.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource { return t.base.Font(style) }

// Icon is Fyne's.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return t.base.Icon(name) }

// Size gives a little more air and rounder corners than Fyne's default.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case base.SizeNameText:
		return 14
	case base.SizeNameCaptionText:
		return 12
	case base.SizeNameHeadingText:
		return 22
	case base.SizeNameSubHeadingText:
		return 17
	case base.SizeNameInputRadius:
		return 6
	case base.SizeNameSelectionRadius:
		return 6
	case base.SizeNameScrollBarSmall:
		return 6
	case base.SizeNameInputBorder:
		if t.mode == Contrast {
			return 2
		}
	}
	return t.base.Size(name)
}

func palette() map[fyne.ThemeColorName]pair {
	return map[fyne.ThemeColorName]pair{
		base.ColorNameBackground:          {rgb(0xf4f6f8), rgb(0x16191d)},
		base.ColorNameForeground:          {rgb(0x1b2430), rgb(0xeef1f4)},
		base.ColorNamePlaceHolder:         {rgb(0x5b6673), rgb(0xa3adb9)},
		base.ColorNameDisabled:            {rgb(0x626d7a), rgb(0x98a2ae)},
		base.ColorNameButton:              {rgb(0xe3e8ee), rgb(0x2b323b)},
		base.ColorNameDisabledButton:      {rgb(0xebeff3), rgb(0x22272e)},
		base.ColorNameInputBackground:     {rgb(0xffffff), rgb(0x1d2228)},
		base.ColorNameInputBorder:         {rgb(0xaab4c0), rgb(0x4b5560)},
		base.ColorNameHover:               {rgba(0x10283f, 0x14), rgba(0xffffff, 0x14)},
		base.ColorNamePressed:             {rgba(0x10283f, 0x28), rgba(0xffffff, 0x28)},
		base.ColorNameFocus:               {rgba(0x1f6fb2, 0x55), rgba(0x6db3ea, 0x66)},
		base.ColorNameSelection:           {rgba(0x1f6fb2, 0x24), rgba(0x6db3ea, 0x30)},
		base.ColorNamePrimary:             {rgb(0x1b669f), rgb(0x74b8ec)},
		base.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x0d1a24)},
		base.ColorNameHyperlink:           {rgb(0x1b669f), rgb(0x74b8ec)},
		base.ColorNameSeparator:           {rgb(0xd9dfe5), rgb(0x2e353d)},
		base.ColorNameOverlayBackground:   {rgb(0xffffff), rgb(0x20252b)},
		base.ColorNameMenuBackground:      {rgb(0xffffff), rgb(0x262c33)},
		base.ColorNameHeaderBackground:    {rgb(0xe9edf1), rgb(0x1d2127)},
		base.ColorNameScrollBar:           {rgba(0x10283f, 0x66), rgba(0xffffff, 0x66)},
		base.ColorNameShadow:              {rgba(0x10283f, 0x30), rgba(0x000000, 0x80)},
		base.ColorNameError:               {rgb(0xb3261e), rgb(0xf2938b)},
		base.ColorNameSuccess:             {rgb(0x1d7a46), rgb(0x6fcf97)},
		base.ColorNameWarning:             {rgb(0x8a5a00), rgb(0xe7b65c)},

		Card:       {rgb(0xffffff), rgb(0x1f242a)},
		Outline:    {rgb(0xd5dce3), rgb(0x343c45)},
		Veil:       {rgba(0xffffff, 0xa8), rgba(0x1f242a, 0xa8)},
		Alarm:      {rgb(0xb3261e), rgb(0x8f1d17)},
		OnAlarm:    {rgb(0xffffff), rgb(0xffffff)},
		Practice:   {rgb(0xfbe7b2), rgb(0x57430f)},
		OnPractice: {rgb(0x3d2c00), rgb(0xfdf0cf)},
		Good:       {rgb(0x1d7a46), rgb(0x1f8a4e)},
		Busy:       {rgb(0x1b669f), rgb(0x2a7cbc)},
		Bad:        {rgb(0xb3261e), rgb(0xc0362d)},
		Odd:        {rgb(0x8a5a00), rgb(0x9a6a10)},
		Still:      {rgb(0x5b6673), rgb(0x66717e)},
		OnBadge:    {rgb(0xffffff), rgb(0xffffff)},
	}
}

// contrastPalette are the colours of high contrast that differ from the usual ones.
func contrastPalette() map[fyne.ThemeColorName]pair {
	paper, ink := pair{rgb(0xffffff), rgb(0x000000)}, pair{rgb(0x000000), rgb(0xffffff)}
	strong := pair{rgb(0x00309a), rgb(0xffe14d)} // what can be pressed or has the focus
	good, bad, odd := pair{rgb(0x005a2b), rgb(0x7dffb0)}, pair{rgb(0x9b0000), rgb(0xffb3ad)}, pair{rgb(0x5e3b00), rgb(0xffd27a)}
	return map[fyne.ThemeColorName]pair{
		base.ColorNameBackground:          paper,
		base.ColorNameForeground:          ink,
		base.ColorNamePlaceHolder:         {rgb(0x333333), rgb(0xdddddd)},
		base.ColorNameDisabled:            {rgb(0x404040), rgb(0xc8c8c8)},
		base.ColorNameButton:              {rgb(0xe4e4e4), rgb(0x2a2a2a)},
		base.ColorNameDisabledButton:      paper,
		base.ColorNameInputBackground:     paper,
		base.ColorNameInputBorder:         ink,
		base.ColorNameFocus:               {rgba(0x00309a, 0x70), rgba(0xffe14d, 0x80)},
		base.ColorNameSelection:           {rgba(0x00309a, 0x38), rgba(0xffe14d, 0x48)},
		base.ColorNamePrimary:             strong,
		base.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x000000)},
		base.ColorNameHyperlink:           strong,
		base.ColorNameSeparator:           ink,
		base.ColorNameOverlayBackground:   paper,
		base.ColorNameMenuBackground:      paper,
		base.ColorNameHeaderBackground:    {rgb(0xe4e4e4), rgb(0x2a2a2a)},
		base.ColorNameScrollBar:           ink,
		base.ColorNameError:               bad,
		base.ColorNameSuccess:             good,
		base.ColorNameWarning:             odd,

		Card:       paper,
		Outline:    ink,
		Veil:       {rgba(0xffffff, 0xa8), rgba(0x000000, 0xa8)},
		Alarm:      {rgb(0x9b0000), rgb(0x9b0000)},
		Practice:   {rgb(0xffe14d), rgb(0xffe14d)},
		OnPractice: {rgb(0x000000), rgb(0x000000)},
		Good:       good,
		Busy:       strong,
		Bad:        bad,
		Odd:        odd,
		Still:      {rgb(0x333333), rgb(0xdddddd)},
		OnBadge:    {rgb(0xffffff), rgb(0x000000)},
	}
}

func rgb(v uint32) color.NRGBA { return rgba(v, 0xff) }

func rgba(v uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: alpha}
}
