package settings

import (
	"net/url"

	"loonbrug/data/model"
)

// Update is whether the program asks for a newer version of itself, and where.
type Update struct {
	Address string `json:"address,omitempty"` // of the signed list; empty asks nowhere
	Off     bool   `json:"off,omitempty"`     // does not ask by itself
}

// Validate refuses an address that is not one of a server that is asked over TLS.
// Problem: settings.update.
func (u Update) Validate() error {
	if u.Address == "" {
		return nil
	}
	if at, err := url.Parse(u.Address); err != nil || at.Scheme != "https" || at.Host == "" {
		return model.NewProblem("settings.update", "address", u.Address)
	}
	return nil
}

// Asks tells whether the program asks by itself.
func (u Update) Asks() bool { return u.Address != "" && !u.Off }
