package main

import (
	"path/filepath"

	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/integration/explain"
	"loonbrug/resources"
)

// texts are the explanations of problems. own is what is wrong with the office's
// own ones, which are then left out; failed what is wrong with the built-in ones.
type texts struct {
	catalogue *explain.Catalogue
	own       *model.Problem
	failed    error
}

// readTexts reads the explanations, with those of the office from its data
// folder laid over them. The practice office uses them too.
func readTexts(dataDir string) texts {
	own := ""
	if at, err := paths.Locate(dataDir, false); err == nil {
		own = filepath.Join(at.Folder, explain.OwnFile)
	}
	var t texts
	t.catalogue, t.own, t.failed = explain.Open(resources.Explanations(), own)
	return t
}
