package target_test

import (
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

func TestIsKey(t *testing.T) {
	for text, want := range map[string]bool{
		"LBABCDEFGH27": true, "LBABCDEFGH2": false, "LBABCDEFGH277": false, "LBABCDEFGH21": false, "lbABCDEFGH27": false,
		"XBABCDEFGH27": false, "": false, "LB": false,
	} {
		if got := target.IsKey(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Texts that hold the key hold the new one, and the entry itself stays.
func TestRekey(t *testing.T) {
	old := model.Entry{Key: "LBAAAAAAAAAA", Description: "Maart [LBAAAAAAAAAA]", Lines: []model.EntryLine{{Text: "x LBAAAAAAAAAA", Amount: 5}}}
	got := target.Rekey(old, "LBBBBBBBBBBB")
	if got.Key != "LBBBBBBBBBBB" || got.Description != "Maart [LBBBBBBBBBBB]" || got.Lines[0].Text != "x LBBBBBBBBBBB" || got.Lines[0].Amount != 5 {
		t.Errorf("%+v", got)
	}
	if old.Key != "LBAAAAAAAAAA" || old.Lines[0].Text != "x LBAAAAAAAAAA" {
		t.Errorf("the old entry became %+v", old)
	}
	if got := target.Rekey(model.Entry{Description: "Maart"}, "LBX"); got.Description != "Maart" {
		t.Errorf("an entry without a key: %+v", got)
	}
}
