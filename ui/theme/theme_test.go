package theme_test

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	base "fyne.io/fyne/v2/theme"

	"loonbrug/ui/theme"
)

// The ratio of WCAG 2.1 for normal text.
const readable = 4.5

func TestContrast(t *testing.T) {
	pairs := []struct{ text, ground fyne.ThemeColorName }{
		{base.ColorNameForeground, base.ColorNameBackground},
		{base.ColorNameForeground, theme.Card},
		{base.ColorNameForeground, base.ColorNameOverlayBackground},
		{base.ColorNameForeground, base.ColorNameButton},
		{base.ColorNamePlaceHolder, base.ColorNameInputBackground},
		{base.ColorNameForegroundOnPrimary, base.ColorNamePrimary},
		{base.ColorNameError, theme.Card},
		{base.ColorNameDisabled, theme.Card},
		{base.ColorNameDisabled, base.ColorNameBackground},
		{theme.OnAlarm, theme.Alarm},
		{theme.OnPractice, theme.Practice},
		{theme.OnBadge, theme.Good},
		{theme.OnBadge, theme.Busy},
		{theme.OnBadge, theme.Bad},
		{theme.OnBadge, theme.Odd},
		{theme.OnBadge, theme.Still},
	}
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		th := theme.New(mode)
		for _, p := range pairs {
			// The mode wins over the variant of the desktop.
			ratio := contrast(th.Color(p.text, base.VariantLight), th.Color(p.ground, base.VariantDark))
			want := readable
			if p.text == theme.OnBadge {
				want = 4 // a badge is a picture beside its text
			}
			if ratio < want {
				t.Errorf("%s: %s on %s has contrast %.2f", mode, p.text, p.ground, ratio)
			}
		}
	}
}

// High contrast is twice as strong, in the light of the desktop and in its dark.
func TestContrast_High(t *testing.T) {
	const strong = 7 // the ratio of WCAG 2.1, level AAA
	th := theme.New(theme.Contrast)
	for _, variant := range []fyne.ThemeVariant{base.VariantLight, base.VariantDark} {
		for _, p := range []struct{ text, ground fyne.ThemeColorName }{
			{base.ColorNameForeground, base.ColorNameBackground},
			{base.ColorNameForeground, base.ColorNameButton},
			{base.ColorNamePlaceHolder, theme.Card},
			{base.ColorNameDisabled, theme.Card},
			{base.ColorNameForegroundOnPrimary, base.ColorNamePrimary},
			{base.ColorNamePrimary, base.ColorNameBackground},
			{base.ColorNameError, theme.Card},
			{theme.Outline, theme.Card},
			{theme.OnAlarm, theme.Alarm},
			{theme.OnPractice, theme.Practice},
			{theme.OnBadge, theme.Good},
			{theme.OnBadge, theme.Busy},
			{theme.OnBadge, theme.Bad},
			{theme.OnBadge, theme.Odd},
			{theme.OnBadge, theme.Still},
		} {
			if ratio := contrast(th.Color(p.text, variant), th.Color(p.ground, variant)); ratio < strong {
				t.Errorf("variant %d: %s on %s has contrast %.2f", variant, p.text, p.ground, ratio)
			}
		}
	}
}

func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
