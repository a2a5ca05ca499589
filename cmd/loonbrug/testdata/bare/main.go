// Command bare is a window with nothing in it: what any window costs.
package main

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"
)

func main() {
	a := app.NewWithID("nl.loonbrug.bare")
	w := a.NewWindow("Bare")
	w.Resize(fyne.NewSize(1180, 760))
	w.SetContent(widget.NewLabel("bare"))
	a.Lifecycle().SetOnStarted(func() { fmt.Println("shown") })
	w.ShowAndRun()
}
