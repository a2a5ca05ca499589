package main

import (
	"sync"

	"github.com/godbus/dbus/v5"
)

// trayHost tells whether the desktop has a place for icons: some have none, and
// a program that hides there is gone. It is asked once.
var trayHost = sync.OnceValue(func() bool {
	session, err := dbus.ConnectSessionBus()
	if err != nil {
		return false
	}
	defer session.Close()
	host, err := session.Object("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher").
		GetProperty("org.kde.StatusNotifierWatcher.IsStatusNotifierHostRegistered")
	there, _ := host.Value().(bool)
	return err == nil && there
})
