package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"loonbrug/data/model"
)

// Who draws the window, where that can be chosen.
const (
	DrawingAutomatic = "automatic" // software where the graphics card cannot
	DrawingSoftware  = "on"        // always software
	DrawingHardware  = "off"       // never software
)

// Drawings are all of them.
func Drawings() []string { return []string{DrawingAutomatic, DrawingSoftware, DrawingHardware} }

// drawingFile keeps who draws. It is a file of its own, because it must be known
// before there is a window, and so before the database is opened.
const drawingFile = "drawing"

// LoadDrawing reads who draws; what was never saved, or cannot be read, is left
// to the program.
func LoadDrawing(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, drawingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return DrawingAutomatic, nil
	}
	if err != nil {
		return DrawingAutomatic, fmt.Errorf("setting %s: %w", drawingFile, err)
	}
	drawing := strings.TrimSpace(string(text))
	if !slices.Contains(Drawings(), drawing) {
		return DrawingAutomatic, model.NewProblem("settings.unreadable", "setting", drawingFile)
	}
	return drawing, nil
}

// SaveDrawing keeps who draws, from the next start on. Problem: settings.drawing.
func SaveDrawing(folder, drawing string) error {
	if !slices.Contains(Drawings(), drawing) {
		return model.NewProblem("settings.drawing", "value", drawing)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("setting %s: %w", drawingFile, err)
	}
	if err := os.WriteFile(filepath.Join(folder, drawingFile), []byte(drawing+"\n"), 0o600); err != nil {
		return fmt.Errorf("setting %s: %w", drawingFile, err)
	}
	return nil
}
