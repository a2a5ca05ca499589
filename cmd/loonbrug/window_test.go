package main

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"loonbrug/data/model"
	"loonbrug/data/secret"
)

// A passphrase that is not right is asked for again, with the reason, until it
// is right or the person leaves; nothing else is asked twice.
func TestPatiently(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	opens := func(ctx context.Context, ask secret.Ask, _ secret.Waits) (*services, error) {
		if _, _, err := secret.FromPassphrase(ctx, key, ask); err != nil {
			return nil, err
		}
		return &services{}, nil
	}
	if _, err := opens(t.Context(), func(context.Context, bool) (model.Secret, error) { return "right", nil }, nil); err != nil {
		t.Fatal(err)
	}
	const wrong = "secret.wrong_passphrase"
	for name, c := range map[string]struct {
		types   []model.Secret // empty is to leave
		refused []string       // what is told before each
		code    string
	}{
		"AtOnce":   {[]model.Secret{"right"}, []string{""}, ""},
		"AtLast":   {[]model.Secret{"Right", "rihgt", "right"}, []string{"", wrong, wrong}, ""},
		"Left":     {[]model.Secret{""}, []string{""}, passphraseNeeded},
		"LeftThen": {[]model.Secret{"rihgt", ""}, []string{"", wrong}, passphraseNeeded},
	} {
		t.Run(name, func(t *testing.T) {
			var told []string
			s, err := patiently(t.Context(), opens, func(_ context.Context, first bool, refused *model.Problem) (model.Secret, error) {
				if first || len(told) == len(c.types) {
					t.Fatal("asked once too often, or for a new one")
				}
				code := ""
				if refused != nil {
					code = refused.Code
				}
				told = append(told, code)
				if p := c.types[len(told)-1]; p != "" {
					return p, nil
				}
				return "", model.NewProblem(passphraseNeeded, "path", "")
			}, nil)
			if !slices.Equal(told, c.refused) {
				t.Errorf("told %q, want %q", told, c.refused)
			}
			if c.code == "" && (err != nil || s == nil) || c.code != "" && model.ProblemOf(err).Code != c.code {
				t.Errorf("services %v, %v", s, err)
			}
		})
	}
}
