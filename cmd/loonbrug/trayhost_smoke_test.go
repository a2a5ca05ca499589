//go:build smoke && linux

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// trayWatcher is what a desktop with a place for icons has on its bus.
type trayWatcher struct{ registered chan string }

// RegisterStatusNotifierItem is called by a program that puts an icon up.
func (w trayWatcher) RegisterStatusNotifierItem(service string) *dbus.Error {
	select {
	case w.registered <- service:
	default:
	}
	return nil
}

// trayBus gives the address of a session bus with a place for icons, and who put
// an icon there.
func trayBus(t *testing.T) (address string, registered <-chan string) {
	t.Helper()
	address, bus := sessionBus(t)
	const name, path = "org.kde.StatusNotifierWatcher", dbus.ObjectPath("/StatusNotifierWatcher")
	watcher := trayWatcher{make(chan string, 1)}
	if err := bus.Export(watcher, path, name); err != nil {
		t.Fatal(err)
	}
	if _, err := prop.Export(bus, path, prop.Map{name: {
		"IsStatusNotifierHostRegistered": {Value: true, Emit: prop.EmitFalse},
	}}); err != nil {
		t.Fatal(err)
	}
	if reply, err := bus.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return address, watcher.registered
}

// onBus has the program use a session bus.
func (s *screen) onBus(address string) {
	s.env = append(slices.DeleteFunc(s.env, func(e string) bool { return strings.HasPrefix(e, "DBUS_SESSION_BUS_ADDRESS=") }),
		"DBUS_SESSION_BUS_ADDRESS="+address)
}

// TestWindow_Tray starts the program without its window: its icon is in the tray,
// a second start shows the window, and quitting ends it.
func TestWindow_Tray(t *testing.T) {
	s := newScreen(t)
	address, registered := trayBus(t)
	s.onBus(address)
	s.start("nl_NL.UTF-8", "--minimised", "practice")
	<-registered
	s.see("Oefenmodus")
	if s.mapped() {
		t.Error("the window is there")
	}
	second := s.second()
	if out, err := second.CombinedOutput(); err != nil {
		t.Fatalf("the second start: %v\n%s", err, out)
	}
	s.until("the window to come", s.mapped)
	s.key("ctrl+q")
	if err := s.window.Wait(); err != nil {
		t.Fatalf("the program ended with %v:\n%s", err, s.output.String())
	}
}
