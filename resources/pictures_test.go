package resources_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"loonbrug/resources"
)

var (
	targets  = []string{"cash", "vismanet", "procountor"}
	payrolls = []string{"nmbrs"}
	looks    = []string{resources.LookColour, resources.LookGrey, resources.LookSent}
	icons    = []string{
		"tick", "plus", "bar", "clock", "hourglass", "bang",
		"question", "person", "hand", "triangle", "copy", "key",
	}
)

// A payroll system is never sent anything, so it has no look for that.
func TestLogo_EverySystemHasDifferentLooks(t *testing.T) {
	for _, id := range append(slices.Clone(targets), payrolls...) {
		looks := looks
		if slices.Contains(payrolls, id) {
			looks = looks[:2]
		}
		var drawn []image.Image
		for _, look := range looks {
			name, svg, err := resources.Logo(id, look)
			if err != nil {
				t.Fatal(err)
			}
			checkShapes(t, name, svg)
			img := drawPicture(t, fyne.NewStaticResource(name, svg), 32)
			for _, other := range drawn {
				if n := different(img, other); n < 32*32/5 {
					t.Errorf("%s: only %d of %d pixels differ from another look", name, n, 32*32)
				}
			}
			drawn = append(drawn, img)
		}
	}
}

// The grey look must be grey: a person who sees colour would take the account
// for authorised.
func TestLogo_GreyHasNoColour(t *testing.T) {
	for _, id := range append(slices.Clone(targets), payrolls...) {
		name, svg, err := resources.Logo(id, resources.LookGrey)
		if err != nil {
			t.Fatal(err)
		}
		img := drawPicture(t, fyne.NewStaticResource(name, svg), 48)
		b := img.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				r, g, b, _ := img.At(x, y).RGBA()
				if spread := max(r, g, b) - min(r, g, b); spread > 0x1a00 {
					t.Fatalf("%s has colour at %d,%d: %x %x %x", name, x, y, r, g, b)
				}
			}
		}
	}
}

func TestLogo_RefusesWhatIsNotThere(t *testing.T) {
	for _, c := range [][2]string{{"nobody", "colour"}, {"cash", "purple"}, {"", "grey"}} {
		if _, _, err := resources.Logo(c[0], c[1]); err == nil {
			t.Errorf("Logo(%q, %q) gave a picture", c[0], c[1])
		}
	}
	if _, _, err := resources.Icon("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Icon of nothing: %v", err)
	}
}

// An icon must draw something and take the colour of the theme.
func TestIcon_TakesTheColourOfTheTheme(t *testing.T) {
	for _, id := range icons {
		name, svg, err := resources.Icon(id)
		if err != nil {
			t.Fatal(err)
		}
		checkShapes(t, name, svg)
		plain := fyne.NewStaticResource(name, svg)
		if n := different(drawPicture(t, plain, 24), drawPicture(t, theme.NewErrorThemedResource(plain), 24)); n < 20 {
			t.Errorf("%s: %d pixels took the colour", name, n)
		}
	}
}

func TestAppIcon_SVGAndPNGShowTheSame(t *testing.T) {
	name, svg, err := resources.AppIcon()
	if err != nil {
		t.Fatal(err)
	}
	checkShapes(t, name, svg)
	file, err := os.Open("icons/loonbrug.png")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stored, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if stored.Bounds().Dx() != 512 || stored.Bounds().Dy() != 512 {
		t.Fatalf("icon is %v, want 512 by 512", stored.Bounds())
	}
	small := drawPicture(t, fyne.NewStaticResource(name, svg), 512)
	for _, p := range []image.Point{{256, 100}, {256, 330}, {360, 152}, {180, 330}, {256, 388}} {
		if near(stored.At(p.X, p.Y), small.At(p.X, p.Y)) {
			continue
		}
		t.Errorf("icon differs at %v", p)
	}
}

// checkShapes refuses everything of SVG that Fyne drops or draws wrongly.
// Strokes are among it: their width does not grow with the picture, and a theme
// does not colour them.
func checkShapes(t *testing.T, name string, svg []byte) {
	t.Helper()
	allowed := map[string]bool{
		"svg": true, "g": true, "path": true, "rect": true, "circle": true, "ellipse": true, "polygon": true,
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !allowed[start.Name.Local] {
			t.Errorf("%s uses <%s>", name, start.Name.Local)
		}
		for _, a := range start.Attr {
			if slices.Contains([]string{"style", "class", "stroke"}, a.Name.Local) {
				t.Errorf("%s uses %s=", name, a.Name.Local)
			}
		}
	}
}

// drawPicture renders a picture as the window would, on the background of the theme.
// With LOONBRUG_PICTURES set to a folder it is kept there to be looked at.
func drawPicture(t *testing.T, r fyne.Resource, size float32) image.Image {
	t.Helper()
	test.NewTempApp(t)
	img := canvas.NewImageFromResource(r)
	img.FillMode = canvas.ImageFillContain
	c := software.NewCanvas()
	c.SetPadded(false)
	c.SetContent(img)
	c.Resize(fyne.NewSquareSize(size))
	out := c.Capture()
	if folder := os.Getenv("LOONBRUG_PICTURES"); folder != "" {
		keep(t, path.Join(folder, r.Name()+".png"), out)
	}
	return out
}

func keep(t *testing.T, name string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func different(a, b image.Image) int {
	n := 0
	bounds := a.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if !near(a.At(x, y), b.At(x, y)) {
				n++
			}
		}
	}
	return n
}

func near(a, b interface{ RGBA() (r, g, b, a uint32) }) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	return diff(ar, br) < 0x1800 && diff(ag, bg) < 0x1800 && diff(ab, bb) < 0x1800
}

func diff(a, b uint32) uint32 { return max(a, b) - min(a, b) }
