package administrations

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// codeField asks for one code of the administration: from its list where there
// is one, else typed and checked while it is. It follows when the list becomes
// another one.
type codeField struct {
	text    *string
	values  func() valuesOf
	changed func()
	drawn   string // what it was drawn for
	told    *widget.Label
	box     *fyne.Container
	content *fyne.Container
}

func newCodeField(text *string, values func() valuesOf, changed func()) *codeField {
	f := &codeField{text: text, values: values, changed: changed, told: widgets.Wrong(""), box: container.NewVBox()}
	f.told.Hide()
	f.content = container.NewVBox(f.box, f.told)
	f.good()
	return f
}

// good draws the field again when its list is another one than before, and tells
// whether its code can be sent; it says so below where it cannot.
func (f *codeField) good() bool {
	v := f.values()
	if drawn := fmt.Sprint(v); drawn != f.drawn {
		f.drawn = drawn
		f.box.Objects = []fyne.CanvasObject{f.control(v)}
		f.box.Refresh()
	}
	wrong := ""
	switch code := *f.text; {
	case code == "":
	case v.given && !v.has(code):
		wrong = i18n.T("mapping.not_in_list", "code", code)
	case !v.given && !v.fits(code):
		wrong = i18n.T("mapping.wrong_length", "code", code)
	}
	f.told.SetText(wrong)
	f.told.Hidden = wrong == ""
	f.told.Refresh()
	return wrong == ""
}

func (f *codeField) control(v valuesOf) fyne.CanvasObject {
	if v.given {
		p := widgets.NewPicker(i18n.T("picker.none"), i18n.T("picker.nothing"), nil)
		p.SetOptions(v.options(i18n.T("picker.none"), *f.text))
		p.Choose(*f.text)
		p.OnChanged = f.set
		return p
	}
	e := widgets.NewEntry()
	e.SetText(*f.text)
	e.SetPlaceHolder(v.limit())
	e.OnChanged = f.set
	return e
}

func (f *codeField) set(code string) {
	*f.text = strings.TrimSpace(code)
	f.changed()
}
