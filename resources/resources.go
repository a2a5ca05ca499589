// Package resources holds what the program carries inside itself: logos and
// icons, the texts of the screens, the explanations of problems, the guide,
// and the practice office.
//
// [Logo] and [Icon] give pictures, [Translations], [Explanations], [Guide] and
// [Practice] give folders. The package only hands out bytes: reading, checking
// and translating them is the work of its callers.
//
// All pictures are drawn for this program. They use nothing of SVG but plain
// shapes with a fill, because that is what Fyne draws faithfully.
package resources

import (
	"embed"
	"fmt"
	"io/fs"
)

// The looks of a target's logo. LookSent is what the target's own manual says a
// logo looks like after sending; which one that is, is drawn into the file.
const (
	LookColour = "colour"
	LookGrey   = "grey" // desaturated and outlined
	LookSent   = "sent"
)

//go:embed logos/*.svg icons/*.svg icons/*.png i18n/*.json explain/*.json practice guide
var files embed.FS

// Logo gives the logo of a target as SVG on a card of its own, so that it reads
// on light and dark alike, with a file name that is unique per look.
func Logo(id, look string) (name string, svg []byte, err error) {
	suffix, ok := map[string]string{LookColour: "", LookGrey: "-grey", LookSent: "-sent"}[look]
	if !ok {
		return "", nil, fmt.Errorf("logo %s: unknown look %q", id, look)
	}
	return picture("logos", id+suffix+".svg")
}

// Icon gives an icon of one colour, black on nothing, 24 by 24; the screens
// colour it as their theme wants.
func Icon(id string) (name string, svg []byte, err error) {
	return picture("icons", id+".svg")
}

// AppIcon gives the program's own icon as SVG.
func AppIcon() (name string, svg []byte, err error) { return Icon("loonbrug") }

func picture(folder, name string) (string, []byte, error) {
	data, err := files.ReadFile(folder + "/" + name)
	if err != nil {
		return "", nil, fmt.Errorf("picture: %w", err)
	}
	return name, data, nil
}

// Translations is the folder with the texts of the screens, one JSON file a
// language.
func Translations() fs.FS { return folder("i18n") }

// Explanations is the folder with the texts of the problems, one JSON file a
// language.
func Explanations() fs.FS { return folder("explain") }

// Practice is the folder with the practice office: office.json describes its
// companies and runs, the other files are their payroll journals.
func Practice() fs.FS { return folder("practice") }

// Guide is the folder with the guide: a folder of pages for each language, and the
// pictures that they share.
func Guide() fs.FS { return folder("guide") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		// Only an invalid path can fail, and these are constants.
		panic(err)
	}
	return sub
}
