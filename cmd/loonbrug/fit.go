package main

import (
	"fyne.io/fyne/v2"
	"github.com/go-gl/glfw/v3.4/glfw"
)

// roomy is the size that the window opens with where the screen has room for it.
var roomy = fyne.NewSize(1180, 760)

// frame is about what a desktop needs above a window for its title.
const frame = 36

// fitScreen makes a window that is larger than the screen leaves room for as small
// as that. It is called on the thread of the window, once the screen is known.
func fitScreen(w fyne.Window) {
	monitor := glfw.GetPrimaryMonitor()
	if monitor == nil {
		return
	}
	_, _, width, height := monitor.GetWorkarea()
	scale, size := w.Canvas().Scale(), w.Canvas().Size()
	room := fyne.NewSize(float32(width)/scale, float32(height)/scale-frame)
	if size.Width > room.Width || size.Height > room.Height {
		w.Resize(fyne.NewSize(min(size.Width, room.Width), min(size.Height, room.Height)))
	}
}
