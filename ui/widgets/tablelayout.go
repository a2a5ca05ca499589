package widgets

import "fyne.io/fyne/v2"

// columnWidths sets the cells of every row side by side, centred in height; the
// header and all rows share it. Columns of width zero share what the others
// leave.
type columnWidths struct {
	own     []float32 // as the columns were made
	set     []float32 // as a person dragged them; zero where nobody did
	hidden  []bool
	version int // goes up with every change
}

const (
	columnGap  = 4
	columnEdge = 6
	shareMin   = 60 // what a sharing column needs at least
	dragMin    = 28 // what a column can be dragged to
)

func newColumnWidths(n int, own func(int) float32) *columnWidths {
	c := &columnWidths{own: make([]float32, n), set: make([]float32, n), hidden: make([]bool, n)}
	for i := range c.own {
		c.own[i] = own(i)
	}
	return c
}

// MinSize is that of the columns as they were made: dragging one never makes
// the window wider.
func (c *columnWidths) MinSize(cells []fyne.CanvasObject) fyne.Size {
	var size fyne.Size
	for i, cell := range cells {
		size.Height = max(size.Height, cell.MinSize().Height)
		if c.hidden[i] {
			continue
		}
		width := c.own[i]
		if width == 0 {
			width = shareMin
		}
		size.Width += width + columnGap
	}
	size.Width += 2*columnEdge - columnGap
	return size
}

// Layout sets the cells.
func (c *columnWidths) Layout(cells []fyne.CanvasObject, size fyne.Size) {
	widths := c.within(size.Width)
	x := float32(columnEdge)
	for i, cell := range cells {
		if c.hidden[i] {
			continue
		}
		height := min(size.Height, cell.MinSize().Height)
		cell.Move(fyne.NewPos(x, (size.Height-height)/2))
		cell.Resize(fyne.NewSize(widths[i], height))
		x += widths[i] + columnGap
	}
}

// within gives the columns their widths. Where they need more than there is, the
// ones that a person dragged give way together.
func (c *columnWidths) within(total float32) []float32 {
	widths := make([]float32, len(c.own))
	left, sharing, dragged := total-2*columnEdge+columnGap, float32(0), float32(0)
	for i := range widths {
		if c.hidden[i] {
			continue
		}
		widths[i] = c.own[i]
		if c.set[i] > 0 {
			widths[i] = c.set[i]
			dragged += widths[i]
		}
		left -= widths[i] + columnGap
		if widths[i] == 0 {
			sharing++
		}
	}
	if lack := sharing*shareMin - left; lack > 0 && dragged > 0 {
		for i := range widths {
			if c.set[i] > 0 && !c.hidden[i] {
				widths[i] = max(dragMin, widths[i]-lack*widths[i]/dragged)
			}
		}
	}
	for i := range widths {
		if widths[i] == 0 && !c.hidden[i] {
			widths[i] = max(shareMin, left/sharing)
		}
	}
	return widths
}

// edges are where the columns end, for the grips of the header.
func (c *columnWidths) edges(total float32) []float32 {
	widths := c.within(total)
	edges, x := make([]float32, len(widths)), float32(columnEdge)
	for i, width := range widths {
		if !c.hidden[i] {
			x += width + columnGap
		}
		edges[i] = x - columnGap/2
	}
	return edges
}

// drag makes a column wider or, with less than nothing, narrower.
func (c *columnWidths) drag(i int, by, total float32) {
	c.set[i] = max(dragMin, c.within(total)[i]+by)
	c.version++
}

// reset gives every column its own width again and shows all.
func (c *columnWidths) reset() {
	clear(c.set)
	clear(c.hidden)
	c.version++
}
