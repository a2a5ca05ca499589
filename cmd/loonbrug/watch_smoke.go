//go:build smoke

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"

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

// watchWindow answers every connection to the address that LOONBRUG_SMOKE names
// with what can be seen in the window, as JSON. It only looks: clicks and keys
// come from outside.
func watchWindow(ctx context.Context, w fyne.Window) {
	address := os.Getenv("LOONBRUG_SMOKE")
	if address == "" {
		return
	}
	if smokeNetwork(address) == "unix" {
		_ = os.Remove(address) // of a program that ended before; there may be none
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, smokeNetwork(address), address)
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

// smokeNetwork is the kind of an address: the path of a socket or, for Wine,
// which has none of those, a port of this computer.
func smokeNetwork(address string) string {
	if filepath.IsAbs(address) {
		return "unix"
	}
	return "tcp"
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
