// Package settings gives the program's settings their types, defaults and
// limits. They are kept by id in the database.
//
// Callers need two calls: [Load] and [Save]. Neither lets values through with
// which an entry could be booked twice; see [Settings.Validate].
package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"loonbrug/data/model"
)

// Keeper keeps texts by name; what was never saved is [model.ErrNotFound].
type Keeper interface {
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}

// Settings are all settings of the program.
type Settings struct {
	Language string // two letters; empty is the system's
	Timing   Timing
	Settle   map[string]time.Duration // by target, in place of Timing.Settle
	Payroll  Payroll
	Update   Update
}

// Timing are the waits of the sender.
type Timing struct {
	Lease          time.Duration // how long a sender owns a delivery it took
	Settle         time.Duration // how long a booking may take to become visible at its target
	SendDeadline   time.Duration // from the stored intent to the first byte
	RequestTimeout time.Duration // of one request
}

// LeastSettle is the shortest settle window of a target that a person may choose.
// Lease + 1.5 × settle must exceed a request, the worst lateness of a booking and
// the lag of a search together: 5 + 4.5 minutes against 1 + 6 + 2.
const LeastSettle = 3 * time.Minute

// Default is what holds until something is saved. The settle window is at least
// twice the worst lateness seen of a target.
func Default() Settings {
	return Settings{
		Timing: Timing{
			Lease:          5 * time.Minute,
			Settle:         15 * time.Minute,
			SendDeadline:   30 * time.Second,
			RequestTimeout: time.Minute,
		},
		Payroll: Payroll{Every: 5 * time.Minute},
	}
}

// Languages are those the program speaks.
func Languages() []string { return []string{"nl", "sv", "fi", "en"} }

// Validate refuses what is not safe. A lease must outlast the sending that it
// covers: otherwise a second sender takes a delivery over while the first one's
// bytes are still on their way. Problems: settings.language, settings.timing,
// settings.settle, settings.lease, and those of [Payroll.Validate] and [Update.Validate].
func (s Settings) Validate() error {
	if s.Language != "" && !slices.Contains(Languages(), s.Language) {
		return model.NewProblem("settings.language", "language", s.Language)
	}
	for _, id := range slices.Sorted(maps.Keys(s.Settle)) {
		if s.Settle[id] <= 0 {
			return model.NewProblem("settings.timing", "setting", settleName+" "+id, "value", s.Settle[id].String())
		}
		if s.Settle[id] < LeastSettle {
			return model.NewProblem("settings.settle", "target", id, "value", s.Settle[id].String(), "least", LeastSettle.String())
		}
	}
	if err := s.Timing.Validate(); err != nil {
		return err
	}
	if err := s.Payroll.Validate(); err != nil {
		return err
	}
	return s.Update.Validate()
}

// Validate refuses waits that are not positive and a lease that is too short.
func (t Timing) Validate() error {
	for _, w := range t.byName() {
		if *w.wait <= 0 {
			return model.NewProblem("settings.timing", "setting", w.name, "value", w.wait.String())
		}
	}
	// One by one, because a sum of two huge waits would be negative.
	if t.Lease-t.SendDeadline <= t.RequestTimeout {
		return model.NewProblem("settings.lease", "lease", t.Lease.String(),
			"send_deadline", t.SendDeadline.String(), "request_timeout", t.RequestTimeout.String())
	}
	return nil
}

type namedWait struct {
	name string
	wait *time.Duration
}

// byName are the waits by the names they are kept under.
func (t *Timing) byName() []namedWait {
	return []namedWait{
		{"lease", &t.Lease},
		{"settle", &t.Settle},
		{"send_deadline", &t.SendDeadline},
		{"request_timeout", &t.RequestTimeout},
	}
}

// The names of settings in the database. The waits are kept as one, because
// they are only right together.
const (
	languageName = "language"
	timingName   = "timing"
	settleName   = "settle"
	payrollName  = "payroll"
	updateName   = "update"
)

// Load reads the settings; what was never saved has its default. Values that
// cannot be read or are not safe are a problem: settings.unreadable, or one of
// [Settings.Validate]. The defaults come with it.
func Load(ctx context.Context, k Keeper) (Settings, error) {
	s := Default()
	language, _, err := read(ctx, k, languageName)
	if err != nil {
		return Default(), err
	}
	s.Language = language
	text, saved, err := read(ctx, k, timingName)
	if err != nil {
		return Default(), err
	}
	if saved {
		if err := s.Timing.parse(text); err != nil {
			return Default(), model.NewProblem("settings.unreadable", "setting", timingName).Because(err)
		}
	}
	if text, saved, err = read(ctx, k, settleName); err != nil {
		return Default(), err
	}
	if saved {
		if s.Settle, err = parseWaits(text); err != nil {
			return Default(), model.NewProblem("settings.unreadable", "setting", settleName).Because(err)
		}
	}
	if len(s.Settle) == 0 {
		s.Settle = nil
	}
	if err := errors.Join(document(ctx, k, payrollName, &s.Payroll), document(ctx, k, updateName, &s.Update)); err != nil {
		return Default(), err
	}
	if err := s.Validate(); err != nil {
		return Default(), err
	}
	return s, nil
}

// Save keeps settings that are right; others are refused and nothing is kept.
func Save(ctx context.Context, k Keeper, s Settings) error {
	if err := s.Validate(); err != nil {
		return err
	}
	waits := make(map[string]time.Duration)
	for _, w := range s.Timing.byName() {
		waits[w.name] = *w.wait
	}
	for name, waits := range map[string]map[string]time.Duration{timingName: waits, settleName: s.Settle} {
		text, err := textOf(waits)
		if err != nil {
			return err
		}
		if err := k.SaveSetting(ctx, name, text); err != nil {
			return err
		}
	}
	for name, v := range map[string]any{payrollName: s.Payroll, updateName: s.Update} {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if err := k.SaveSetting(ctx, name, string(text)); err != nil {
			return err
		}
	}
	return k.SaveSetting(ctx, languageName, s.Language)
}

func read(ctx context.Context, k Keeper, name string) (value string, saved bool, err error) {
	value, err = k.Setting(ctx, name)
	if errors.Is(err, model.ErrNotFound) {
		return "", false, nil
	}
	return value, err == nil, err
}

// document reads a setting that is kept as JSON; one that was never saved leaves
// its default.
func document(ctx context.Context, k Keeper, name string, into any) error {
	text, saved, err := read(ctx, k, name)
	if err != nil || !saved {
		return err
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return model.NewProblem("settings.unreadable", "setting", name).Because(err)
	}
	return nil
}

// textOf writes waits as JSON, each in the form of Go's durations.
func textOf(waits map[string]time.Duration) (string, error) {
	texts := make(map[string]string, len(waits))
	for name, w := range waits {
		texts[name] = w.String()
	}
	data, err := json.Marshal(texts)
	return string(data), err
}

// parseWaits reads what textOf wrote.
func parseWaits(text string) (map[string]time.Duration, error) {
	var texts map[string]string
	if err := json.Unmarshal([]byte(text), &texts); err != nil {
		return nil, err
	}
	waits := make(map[string]time.Duration, len(texts))
	for name, value := range texts {
		d, err := time.ParseDuration(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		waits[name] = d
	}
	return waits, nil
}

// parse takes over what textOf wrote; a wait that is not there keeps its value.
func (t *Timing) parse(text string) error {
	waits, err := parseWaits(text)
	for _, w := range t.byName() {
		if d, ok := waits[w.name]; ok {
			*w.wait = d
		}
	}
	return err
}
