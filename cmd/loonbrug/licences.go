package main

import (
	"loonbrug/resources"
	"loonbrug/ui/about"
)

// licences are those of the works that the program stands on.
func licences() ([]about.Licence, error) {
	all, err := resources.Licences()
	lines := make([]about.Licence, len(all))
	for i, l := range all {
		lines[i] = about.Licence{Work: l.Work, Text: l.Text}
	}
	return lines, err
}
