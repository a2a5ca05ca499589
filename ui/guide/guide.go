// Package guide is the guide inside the program: pages of text and pictures in
// the four languages, readable without a network, in a window of its own beside
// the program. [New] makes it and [Guide.Open] shows it at a page.
//
// The pages lie in resources/guide. They name what stands on the screens by its
// key, so that they cannot say another word than the program does, and the page
// of errors is made of the same explanations that the program shows.
package guide

import (
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/integration/explain"
	"loonbrug/resources"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

const (
	listWidth     = 230
	width, height = 980, 700
	pictureWidth  = 640
)

// Guide is the guide, open or not.
type Guide struct {
	errors func(language string) []explain.Page
	window fyne.Window // nil while it is closed
	pages  []page
	shown  []page // what the search leaves of them
	list   *widgets.List
	search *widgets.Entry
	body   *container.Scroll
	open   string // id of the page that is shown
}

// New makes a guide; errors gives everything that the program explains.
func New(errors func(language string) []explain.Page) *Guide { return &Guide{errors: errors} }

// Open shows the guide at a page, or at the explanation of a problem: errors#code.
func (g *Guide) Open(place string) {
	if err := g.read(); err != nil {
		fyne.LogError("", err) // a test proves that every page is there
		return
	}
	if g.window == nil {
		g.window = g.newWindow()
	}
	g.window.SetTitle(i18n.T("menu.guide"))
	g.window.SetContent(g.content()) // perhaps in another language than before
	g.turn(place)
	g.window.Show()
	g.window.RequestFocus()
	g.window.Canvas().Focus(g.search)
}

func (g *Guide) newWindow() fyne.Window {
	w := fyne.CurrentApp().NewWindow("")
	w.SetOnClosed(func() { g.window = nil })
	w.Resize(fyne.NewSize(width, height))
	w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if key.Name == fyne.KeyEscape {
			w.Close()
		}
	})
	return w
}

// read reads all pages in the language of the program.
func (g *Guide) read() error {
	g.pages = nil
	for _, id := range Pages() {
		p, err := read(id)
		if err != nil {
			return err
		}
		g.pages = append(g.pages, p)
	}
	g.shown = g.pages
	return nil
}

func (g *Guide) content() fyne.CanvasObject {
	g.body = container.NewVScroll(container.NewVBox())
	g.list = widgets.NewList(
		func() int { return len(g.shown) },
		func() fyne.CanvasObject { return widget.NewLabel("") },
		func(i widget.ListItemID, o fyne.CanvasObject) { o.(*widget.Label).SetText(g.shown[i].title) },
	)
	g.list.OnSelected = func(i widget.ListItemID) {
		if id := g.shown[i].id; id != g.open {
			g.turn(id)
		}
	}
	g.search = widgets.NewEntry()
	g.search.SetPlaceHolder(i18n.T("guide.search"))
	g.search.OnChanged = g.find
	side := widgets.Fixed(container.NewBorder(g.search, nil, nil, nil, g.list), listWidth, 0)
	return widgets.Inset(container.NewBorder(nil, nil, side, nil, g.body))
}

// find leaves the pages that hold all words.
func (g *Guide) find(words string) {
	g.shown = nil
	for _, p := range g.pages {
		if p.has(words) || p.id == errorsPage && len(g.found(words)) > 0 {
			g.shown = append(g.shown, p)
		}
	}
	g.list.UnselectAll()
	g.list.Refresh()
	if g.open == errorsPage {
		g.show(errorsPage, "")
	}
}

// turn shows a page and marks it in the list.
func (g *Guide) turn(place string) {
	id, code, _ := strings.Cut(place, "#")
	if !slices.Contains(Pages(), id) {
		id = accountsPage // such as the id of a system that has no page of its own
	}
	g.show(id, code)
	for i, p := range g.shown {
		if p.id == id {
			g.list.Select(i)
		}
	}
}

func (g *Guide) show(id, code string) {
	for _, p := range g.pages {
		if p.id != id {
			continue
		}
		g.open = id
		content := g.draw(p)
		if id == errorsPage {
			content.Add(g.problems(code))
		}
		g.body.Content = widgets.BesideBar(content)
		g.body.ScrollToTop()
		g.body.Refresh()
	}
}

// draw puts a page on the screen.
func (g *Guide) draw(p page) *fyne.Container {
	content := container.NewVBox()
	for _, b := range p.blocks() {
		if b.picture != "" {
			content.Add(drawPicture(b))
			continue
		}
		text := widget.NewRichTextFromMarkdown(b.text)
		text.Wrapping = fyne.TextWrapWord
		g.lead(text.Segments)
		content.Add(text)
	}
	return content
}

func drawPicture(b block) fyne.CanvasObject {
	data, err := fs.ReadFile(resources.Guide(), b.picture)
	if err != nil {
		return widgets.Muted(b.caption) // a test proves that every picture is there
	}
	image := canvas.NewImageFromResource(fyne.NewStaticResource(b.picture, data))
	image.FillMode = canvas.ImageFillContain
	image.ScaleMode = canvas.ImageScaleSmooth
	image.SetMinSize(fyne.NewSize(pictureWidth, pictureWidth*10/16))
	return container.NewVBox(image, widgets.Muted(b.caption))
}

// lead makes links to other pages lead there.
func (g *Guide) lead(segments []widget.RichTextSegment) {
	for _, s := range segments {
		switch s := s.(type) {
		case *widget.HyperlinkSegment:
			if id, ok := pageOf(s.URL); ok {
				s.OnTapped = func() { g.turn(id) }
			}
		case *widget.ListSegment:
			g.lead(s.Items)
		case *widget.ParagraphSegment:
			g.lead(s.Texts)
		}
	}
}

// pageOf is the page that a link in the guide leads to.
func pageOf(to *url.URL) (id string, ok bool) {
	if to == nil || to.Scheme != "" {
		return "", false
	}
	return strings.CutSuffix(to.Path, ".md")
}

// found are the explanations that hold all words.
func (g *Guide) found(words string) (all []explain.Page) {
	for _, e := range g.errors(i18n.Language()) {
		if (page{text: e.Message + " " + e.Cause + " " + e.Solution + " " + e.Code}).has(words) {
			all = append(all, e)
		}
	}
	return all
}

// problems are the explanations: the one that was asked for, or all that the
// search leaves.
func (g *Guide) problems(code string) fyne.CanvasObject {
	list := container.NewVBox()
	for _, e := range g.found(g.search.Text) {
		if code == "" || e.Code == code {
			list.Add(explanation(e))
		}
	}
	return list
}

// explanation is one problem as the program explains it.
func explanation(e explain.Page) fyne.CanvasObject {
	text := widget.NewRichText(&widget.TextSegment{Text: e.Message, Style: widget.RichTextStyleSubHeading})
	for _, part := range [][2]string{
		{i18n.T("problem.cause"), e.Cause}, {i18n.T("problem.solution"), e.Solution}, {i18n.T("problem.booked"), e.Booked},
	} {
		if part[1] == "" {
			continue
		}
		text.Segments = append(text.Segments,
			&widget.TextSegment{Text: part[0] + " ", Style: widget.RichTextStyleStrong},
			&widget.TextSegment{Text: part[1], Style: widget.RichTextStyleParagraph})
	}
	text.Wrapping = fyne.TextWrapWord
	return text
}
