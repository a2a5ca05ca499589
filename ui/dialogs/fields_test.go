package dialogs_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/integration/target"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// The form shows what the chosen way needs, and follows the choice.
func TestFields_FollowTheChoice(t *testing.T) {
	test.NewTempApp(t)
	fields := []target.Field{
		{ID: "way", Kind: target.FieldChoice, Default: "browser", Choices: []string{"browser", "api_key"}},
		{ID: "api_key", Kind: target.FieldSecret, Required: true, When: target.When{Field: "way", Value: "api_key"}},
		{ID: "redirect_uri", Kind: target.FieldText, When: target.When{Field: "way", Value: "browser"}, RequiredWhen: target.When{Field: "way", Value: "browser"}},
	}
	changes := 0
	form := dialogs.Fields("procountor", fields, nil, false, func() { changes++ })
	secrets := func() (visible []bool) {
		for _, o := range form.Content.Objects[1:] {
			visible = append(visible, o.Visible())
		}
		return visible
	}
	if got := secrets(); !slices.Equal(got, []bool{false, true}) {
		t.Errorf("in the browser: key and address shown %v", got)
	}
	picker, ok := uitest.Find(fyne.CanvasObject(form.Content), func(*widgets.Picker) bool { return true })
	if !ok {
		t.Fatal("no choice")
	}
	picker.Choose("api_key")
	if got := secrets(); !slices.Equal(got, []bool{true, false}) || changes != 1 {
		t.Errorf("with a key: key and address shown %v after %d changes", got, changes)
	}
}
