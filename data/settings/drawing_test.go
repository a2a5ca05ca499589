package settings_test

import (
	"os"
	"path/filepath"
	"testing"

	"loonbrug/data/settings"
)

func TestDrawing(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	if got, err := settings.LoadDrawing(folder); got != settings.DrawingAutomatic || err != nil {
		t.Errorf("never saved: %q, %v", got, err)
	}
	for _, drawing := range settings.Drawings() {
		if err := settings.SaveDrawing(folder, drawing); err != nil {
			t.Fatal(err)
		}
		if got, err := settings.LoadDrawing(folder); got != drawing || err != nil {
			t.Errorf("saved %q, got %q, %v", drawing, got, err)
		}
	}
	wantProblem(t, settings.SaveDrawing(folder, "perhaps"), "settings.drawing")
	if got, err := settings.LoadDrawing(folder); got != settings.DrawingHardware || err != nil {
		t.Errorf("refused, but got %q, %v", got, err)
	}
}

func TestDrawing_Damaged(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "drawing"), []byte("noise"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := settings.LoadDrawing(folder)
	wantProblem(t, err, "settings.unreadable")
	if got != settings.DrawingAutomatic {
		t.Errorf("got %q", got)
	}
}
