//go:build smoke

package main

import (
	"strings"
	"testing"

	"loonbrug/data/store/postgrestest"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
)

// TestWindow_Shared has two windows share a database on this computer, with a silent
// cable to the second.
func TestWindow_Shared(t *testing.T) {
	address := postgrestest.New(t)
	cable := postgrestest.NewCable(t, address)
	twoWindows(t, address, cable.Address, cable.Cut)
}

// twoWindows moves an office into a database and joins it with a second window, each
// as a person does and by an address of its own. What one clicks the other shows; a
// logo that both click at once is booked once; and the second, whose network is cut,
// says so, and works again by itself.
func twoWindows(t *testing.T, first, second string, cut func(on bool)) {
	t.Helper()
	onFiles(t)
	const passphrase = "a passphrase for tests" // of the first one's own file, and of the office
	const run = "nl-2026-03-twk.xml"
	systems := servedPractice(t)
	a, b := newScreen(t), newScreen(t)
	officeAt(t, a.data, systems)

	a.start("nl_NL.UTF-8")
	a.answers("Openen", passphrase)
	a.see(run)
	a.connects(first)
	a.see("Kies de wachtwoordzin van het kantoor.")
	a.shot("8-shared-passphrase")
	a.types(passphrase)
	a.key("Tab")
	a.types(passphrase)
	a.key("Return")
	a.see(run)

	b.start("fi_FI.UTF-8")
	b.see("Salalause")
	b.types("another one")
	b.key("Tab")
	b.types("another one")
	b.key("Return")
	b.click("Jatka myöhemmin")
	b.connects(second)
	b.see("Anna toimiston salalause.")
	b.types(passphrase)
	b.key("Return")
	b.see(run)
	b.shot("8-shared-second")

	a.clickLogo(run, "CASH")
	a.seeLogo(run, "CASH", "Geboekt")
	b.seeLogo(run, "CASH", "Kirjattu")

	both := make(chan struct{})
	for _, s := range []*screen{a, b} {
		e, ok := s.logo(run, "Visma.net")
		if !ok {
			t.Fatal("no logo of Visma.net")
		}
		go func() {
			s.clickAt(e)
			both <- struct{}{}
		}()
	}
	<-both
	<-both
	a.seeLogo(run, "Visma.net", "Geboekt")
	b.seeLogo(run, "Visma.net", "Kirjattu")

	cut(true)
	b.key("F5")
	b.see("tietokanta ei vastaa")
	b.shot("8-shared-cut")
	a.clickLogo(run, "Procountor")
	a.seeLogo(run, "Procountor", "Geboekt")
	cut(false)
	b.until("Procountor to say Kirjattu, and nothing else to be said", func() bool {
		if e, open := b.find("Sulje"); open { // what F5 could not fetch is told in a dialog, whenever its time is over
			b.clickAt(e)
			return false
		}
		e, there := b.logo(run, "Procountor")
		_, away := b.find("tietokanta ei vastaa")
		return there && strings.Contains(e.Text, "Kirjattu") && !away
	})
	for _, system := range systems.All {
		for key, n := range books.CountByKey(journalsAt(t, system)) {
			if n != 1 && system.ID != practice.Nmbrs {
				t.Errorf("%s is booked %d times at %s", key, n, system.Name)
			}
		}
	}
	a.quit()
	b.quit()
}

// connects opens the page of the shared database and fills in a whole address.
func (s *screen) connects(address string) {
	s.t.Helper()
	settings, title, join := "Instellingen", "Gedeelde database", "Verbinden"
	if _, ok := s.find("Asetukset"); ok {
		settings, title, join = "Asetukset", "Yhteinen tietokanta", "Yhdistä"
	}
	s.click(settings)
	s.click(title)
	s.see("postgres://")
	s.shot("8-shared-form")
	s.types(address)
	s.click(join)
}

// answers types a passphrase into the dialog with that button.
func (s *screen) answers(button, passphrase string) {
	s.t.Helper()
	s.see(button)
	s.types(passphrase)
	s.key("Return")
	s.gone(button)
}

// types types into what has the focus.
func (s *screen) types(text string) {
	s.t.Helper()
	s.xdotool("type", "--delay", "5", strings.TrimSpace(text))
}
