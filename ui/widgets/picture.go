package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Picture is the logo of a target to look at only.
type Picture struct {
	widget.BaseWidget
	size  float32
	image *canvas.Image
}

// NewPicture makes a picture of size by size.
func NewPicture(size float32) *Picture {
	p := &Picture{size: size, image: canvas.NewImageFromResource(nil)}
	p.image.FillMode = canvas.ImageFillContain
	p.ExtendBaseWidget(p)
	return p
}

// Set shows the logo with an id; an empty id shows nothing.
func (p *Picture) Set(id string, look Look) {
	p.image.Resource = picture(id, look)
	p.image.Refresh()
}

// CreateRenderer centres the image in its size.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	p.image.SetMinSize(fyne.NewSquareSize(p.size))
	return widget.NewSimpleRenderer(container.NewCenter(p.image))
}
