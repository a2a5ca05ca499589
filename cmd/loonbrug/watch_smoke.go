//go:build smoke

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"

	"fyne.io/fyne/v2"

	"loonbrug/ui/uitest"
)

// seen is one thing in the window as a person sees it, in pixels.
type seen struct {
	Kind   string  `json:"kind"`
	Text   string  `json:"text"`
	X      float32 `json:"x"`
	Y      float32 `json:"y"`
	Width  float32 `json:"width"`
	Height float32 `json:"height"`
}

// watchWindow answers every connection to the socket that LOONBRUG_SMOKE names
// with what can be seen in the window, as JSON. It only looks: clicks and keys
// come from outside.
func watchWindow(ctx context.Context, w fyne.Window) {
	path := os.Getenv("LOONBRUG_SMOKE")
	if path == "" {
		return
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "unix", path)
	if err != nil {
		log.Fatal(err)
	}
	context.AfterFunc(ctx, func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			var all []seen
			fyne.DoAndWait(func() { all = look(w) })
			_ = json.NewEncoder(c).Encode(all)
			_ = c.Close()
		}
	}()
}

func look(w fyne.Window) []seen {
	scale := w.Canvas().Scale()
	all := []seen{}
	uitest.Walk(uitest.Roots(w), func(o fyne.CanvasObject, at fyne.Position) bool {
		size := o.Size()
		if text := words(o); text != "" {
			all = append(all, seen{fmt.Sprintf("%T", o), text, at.X * scale, at.Y * scale, size.Width * scale, size.Height * scale})
		}
		return true
	})
	return all
}

// words is what an object says, or what it would say to a screen reader.
func words(o fyne.CanvasObject) string {
	if _, box := o.(*fyne.Container); box {
		return ""
	}
	if named, ok := o.(interface{ AccessibilityLabel() string }); ok {
		return named.AccessibilityLabel()
	}
	return uitest.Text(o)
}
