package ui_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/data/model"
	"loonbrug/ui/connection"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// filled fills in the fields of the dialog that is open, in their order.
func (d *desk) filled(texts ...string) {
	d.Helper()
	entries := uitest.All[*widgets.Entry](uitest.Roots(d.Window))
	if len(entries) != len(texts) {
		d.Fatalf("%d fields, want %d", len(entries), len(texts))
	}
	for i, e := range entries {
		e.SetText(texts[i])
	}
}

// seen wants the dialog that is open to be whole, and all of it to be reached by
// keys.
func (d *desk) seen(keys ...string) {
	d.Helper()
	for _, key := range keys {
		d.shows(key)
	}
	fits(d.T, d)
	reachable(d.T, d)
}

// did wants the database to have been asked for exactly this since the last time.
func (d *desk) did(want ...string) {
	d.Helper()
	if !slices.Equal(d.database.Calls, want) {
		d.Fatalf("the database was asked for %q, want %q", d.database.Calls, want)
	}
	d.database.Calls = nil
}

// connecting opens the page of the database from the settings.
func (d *desk) connecting() {
	d.Helper()
	d.tap("menu.settings")
	d.tap("connection.title")
}

const (
	address = "postgres://anna:geheim%21@db.kantoor.example:5433/lonen?sslmode=verify-full"
	phrase  = "vier woorden op rij"
)

// The first computer of an office chooses its passphrase, twice the same, and takes
// what it has along.
func TestConnection_TheFirstComputer(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.database.State = connection.State{Own: true}
		d.connecting()
		d.seen("connection.own", "connection.server.help", "connection.move", "connection.move.help")
		d.filled("db.kantoor.example", "lonen", "5433", "anna", "geheim!")

		d.database.Err = model.NewProblem("store.away")
		d.tap("connection.test")
		uitest.MustShow(t, d.Window, "[store.away]")
		fits(t, d)
		d.database.Err = nil
		d.tap("connection.test")
		d.seen("connection.test.new")
		d.press(fyne.KeyEscape)
		d.did("Test "+address, "Test "+address)

		d.tap("connection.join")
		d.seen("connection.passphrase.new", "passphrase.again")
		d.filled(phrase, "iets anders")
		d.tap("connection.join")
		d.seen("passphrase.differs")
		d.filled(phrase, phrase)
		d.tap("connection.join")
		d.did("Test "+address, "Join "+address+" "+phrase+" true")
	})
}

// Every other computer gives the passphrase of the office; a wrong one is asked for
// again before anything is closed, and who leaves that question is back at the form.
func TestConnection_AnotherComputer(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		d.database.Used, d.database.Passphrase = true, phrase
		d.connecting()
		if uitest.Shows(d.Window, i18n.T("connection.move")) {
			t.Error("it asks to take nothing along")
		}
		d.filled("db.kantoor.example", "lonen", "5433", "anna", "geheim!")
		d.tap("connection.test")
		d.seen("connection.test.used")
		d.press(fyne.KeyEscape)

		d.tap("connection.join")
		d.seen("connection.passphrase.known")
		if uitest.Shows(d.Window, i18n.T("passphrase.again")) {
			t.Error("a passphrase that is known is asked for twice")
		}
		d.filled("vijf woorden")
		d.tap("connection.join")
		uitest.MustShow(t, d.Window, "[secret.wrong_passphrase]")
		d.seen("connection.passphrase.known")
		d.press(fyne.KeyEscape)
		d.shows("connection.server")
		d.did("Test "+address, "Test "+address, "Unlock vijf woorden")

		d.tap("connection.join")
		d.filled(phrase)
		d.tap("connection.join")
		d.did("Test "+address, "Unlock "+phrase, "Join "+address+" "+phrase+" false")
	})
}

// A computer that is connected says to what, and both ways back ask whether the
// person is sure.
func TestConnection_TheWaysBack(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		for way, asked := range map[string]string{"connection.return": "Return", "connection.leave": "Leave"} {
			d := open(t, language, uitest.Practice())
			d.database.State = connection.State{Place: "db.kantoor.example/lonen"}
			d.connecting()
			d.shows("connection.at", "place", "db.kantoor.example/lonen")
			uitest.MustShow(t, d.Window, "db.kantoor.example/lonen")
			d.seen("connection.return.text", "connection.leave.text")
			test.Tap(d.button(way))
			d.seen(way + ".sure")
			d.press(fyne.KeyEscape)
			d.did()
			test.Tap(d.button(way))
			d.tap(way + ".yes")
			d.did(asked)
		}
	})
}
