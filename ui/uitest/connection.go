package uitest

import (
	"context"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/ui/connection"
)

// Database is what a program works with and could work with, in memory: its own
// file, and a database that the computers of an office share.
type Database struct {
	State      connection.State
	Used       bool         // an office uses the database already
	Passphrase model.Secret // of that office
	Err        error        // what a test of the database returns
	Calls      []string     // what was asked for, in order
}

func (b *Database) call(format string, args ...any) {
	b.Calls = append(b.Calls, fmt.Sprintf(format, args...))
}

// Connection gives the state.
func (b *Database) Connection(context.Context) (connection.State, error) { return b.State, nil }

// Test tells whether an office uses the database, unless Err says otherwise.
func (b *Database) Test(_ context.Context, address model.Secret) (used bool, err error) {
	b.call("Test %s", address.Reveal())
	return b.Used, b.Err
}

// Unlock wants the passphrase of the office.
func (b *Database) Unlock(_ context.Context, _, passphrase model.Secret) error {
	b.call("Unlock %s", passphrase.Reveal())
	if passphrase != b.Passphrase {
		return model.NewProblem("secret.wrong_passphrase")
	}
	return nil
}

// Join notes the call.
func (b *Database) Join(address, passphrase model.Secret, move bool) {
	b.call("Join %s %s %t", address.Reveal(), passphrase.Reveal(), move)
}

// Return notes the call.
func (b *Database) Return() { b.call("Return") }

// Leave notes the call.
func (b *Database) Leave() { b.call("Leave") }
