package settings_test

import (
	"testing"

	"loonbrug/data/settings"
)

func TestUpdate(t *testing.T) {
	kept := keeper(t)
	if s, err := settings.Load(t.Context(), kept); err != nil || s.Update.Asks() {
		t.Errorf("asks without an address: %v", err)
	}
	s := settings.Default()
	s.Update = settings.Update{Address: "https://example.org/list.json"}
	if err := settings.Save(t.Context(), kept, s); err != nil {
		t.Fatal(err)
	}
	if s, err := settings.Load(t.Context(), kept); err != nil || !s.Update.Asks() || s.Update.Address != "https://example.org/list.json" {
		t.Errorf("%+v %v", s.Update, err)
	}
	s.Update.Off = true
	if s.Update.Asks() {
		t.Error("asks though it is off")
	}
	for _, address := range []string{"http://example.org/list.json", "example.org", "https://", ":"} {
		s.Update.Address = address
		wantProblem(t, settings.Save(t.Context(), kept, s), "settings.update")
	}
}
