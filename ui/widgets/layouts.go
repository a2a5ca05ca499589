package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
)

// overlap is how far labels may move into each other: the air inside them is
// enough.
func overlap() float32 { return base.InnerPadding() * 1.4 }

// tightLayout stacks labels closer than a box does.
type tightLayout struct{}

func (l tightLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		size.Width = max(size.Width, m.Width)
		size.Height += m.Height
		if i > 0 {
			size.Height -= overlap()
		}
	}
	return size
}

func (l tightLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		// Width first: the height of a text that wraps follows from it.
		o.Resize(fyne.NewSize(size.Width, o.MinSize().Height))
		height := o.MinSize().Height
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, height))
		y += height - overlap()
	}
}

// denseForm is two columns of labels, name and value, close together.
type denseForm struct{}

func (denseForm) columns(objects []fyne.CanvasObject) (name float32) {
	for i := 0; i < len(objects); i += 2 {
		name = max(name, objects[i].MinSize().Width)
	}
	return name
}

func (d denseForm) MinSize(objects []fyne.CanvasObject) fyne.Size {
	size := fyne.NewSize(d.columns(objects)+shareMin, 0)
	for i := 1; i < len(objects); i += 2 {
		size.Height += max(objects[i-1].MinSize().Height, objects[i].MinSize().Height) - overlap()
	}
	size.Height += overlap()
	return size
}

func (d denseForm) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	name, y := d.columns(objects), float32(0)
	for i := 1; i < len(objects); i += 2 {
		objects[i].Resize(fyne.NewSize(size.Width-name, objects[i].MinSize().Height))
		height := max(objects[i-1].MinSize().Height, objects[i].MinSize().Height)
		objects[i-1].Move(fyne.NewPos(0, y))
		objects[i-1].Resize(fyne.NewSize(name, height))
		objects[i].Move(fyne.NewPos(name, y))
		objects[i].Resize(fyne.NewSize(size.Width-name, height))
		y += height - overlap()
	}
}

// Beside puts two objects side by side; the left one has a share of the width
// between 0 and 1.
func Beside(share float32, left, right fyne.CanvasObject) *fyne.Container {
	return container.New(besideLayout{share: share}, left, right)
}

type besideLayout struct{ share float32 }

const besideGap = 10

func (besideLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	left, right := objects[0].MinSize(), objects[1].MinSize()
	return fyne.NewSize(left.Width+besideGap+right.Width, max(left.Height, right.Height))
}

func (b besideLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	width := (size.Width - besideGap) * b.share
	objects[0].Move(fyne.NewPos(0, 0))
	objects[0].Resize(fyne.NewSize(width, size.Height))
	objects[1].Move(fyne.NewPos(width+besideGap, 0))
	objects[1].Resize(fyne.NewSize(size.Width-width-besideGap, size.Height))
}

// Settle lays content out twice: the height of a text that wraps is known only
// once it has its width.
func Settle(content *fyne.Container) {
	content.Refresh()
	content.Refresh()
}
