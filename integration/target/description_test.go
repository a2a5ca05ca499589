package target_test

import (
	"slices"
	"testing"

	"loonbrug/integration/target"
)

// A form asks for what its choice needs, and nothing is required that is not
// asked for. Without a choice the default counts.
func TestAsked(t *testing.T) {
	d := target.Description{
		SignIn:      target.SignInCredentials,
		BrowserWhen: target.When{Field: "way", Value: "browser"},
		AccountFields: []target.Field{
			{ID: "way", Kind: target.FieldChoice, Default: "browser", Choices: []string{"browser", "key"}},
			{ID: "key", Required: true, When: target.When{Field: "way", Value: "key"}},
			{ID: "back", RequiredWhen: target.When{Field: "way", Value: "browser"}},
			{ID: "id", Required: true},
		},
	}
	for way, want := range map[string]struct {
		asked, required []string
		signIn          target.SignIn
	}{
		"":        {[]string{"way", "back", "id"}, []string{"back", "id"}, target.SignInBrowser},
		"browser": {[]string{"way", "back", "id"}, []string{"back", "id"}, target.SignInBrowser},
		"key":     {[]string{"way", "key", "back", "id"}, []string{"key", "id"}, target.SignInCredentials},
	} {
		values := map[string]string{"way": way}
		var asked, required []string
		for _, f := range target.Asked(d.AccountFields, values) {
			asked = append(asked, f.ID)
			if f.Required {
				required = append(required, f.ID)
			}
		}
		if !slices.Equal(asked, want.asked) || !slices.Equal(required, want.required) {
			t.Errorf("%q: asked %v, required %v", way, asked, required)
		}
		if got := d.SignsIn(values); got != want.signIn {
			t.Errorf("%q signs in by %s", way, got)
		}
	}
	if d.AccountFields[2].Required {
		t.Error("the description was changed")
	}
	if got := (target.Description{SignIn: target.SignInCredentials}).SignsIn(nil); got != target.SignInCredentials {
		t.Errorf("without a choice: %s", got)
	}
}
