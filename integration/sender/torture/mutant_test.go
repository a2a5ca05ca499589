package torture_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// mutant is one named mistake in the protocol: a place in the source, what
// would stand there, and the campaigns that must catch it.
type mutant struct {
	name     string
	file     string // below the root of the module
	old, new string
	caught   string // campaigns, as -test.run has it
	also     []edit // what else has to go, where two guards stand
}

// edit is a further change that belongs to a mistake.
type edit struct{ file, old, new string }

const (
	inSchedules = "^TestSchedules$"
	inSeeds     = "^TestSeeds$"
	inDrafts    = "^TestDrafts$"
	inDuplicate = "^TestDuplicate$"
	inClock     = "^TestClock_SetInTheQuietTime$"
	inTwoPeople = "^TestTwoPeople$"
	inRestore   = "^TestRestore$"
	inWire      = "^TestWire$"
	inPower     = "^TestPower$"
)

func mutants() []mutant {
	const (
		deliver = "integration/sender/deliver.go"
		prove   = "integration/sender/prove.go"
		state   = "integration/sender/state.go"
		claim   = "data/store/claim.go"
		sweep   = "integration/sender/sweep.go"
	)
	// The quiet time stands in the database and with the steady clock.
	noSteadyClock := []edit{{deliver, `left > 0 {`, `left > 1000*time.Hour {`}}
	// What is found is compared, and what is read back of it once more.
	notProved := []edit{{prove, `	case !equal(j.entry, booked):`, `	case false && !equal(j.entry, booked):`}}
	return []mutant{
		{"the intent is not written down", deliver, `	if written, err := s.intend(ctx, j, evidence); !written || err != nil {
		return err
	}
	outcome := s.post(j)`, `	before := j.d
	intended, err := next(j.d, happening{event: EventIntent, evidence: evidence, at: s.now()}, s.timing, false)
	if err != nil {
		return err
	}
	j.d = intended
	outcome := s.post(j)
	j.d = before
	if written, err := s.intend(ctx, j, evidence); !written || err != nil {
		return err
	}`, inSchedules, nil},
		{"no look-up before sending", deliver, `	found, err := s.find(ctx, j)
	if err != nil {
		return s.change(ctx, j, s.failed(ctx, j, EventNotChecked, err))
	}`, `	var found []target.Booked`, inRestore, nil},
		{"no quiet time", state, `	rest(d, model.StateUnknown, settled(d, h.at, t))
}`, `	rest(d, model.StateUnknown, h.at)
}`, inSchedules, noSteadyClock},
		{"one look-up is enough", state, `	missesNeeded = 2`, `	missesNeeded = 1`, inSchedules, nil},
		{"an unclear answer counts as not sent", deliver, `	return EventAmbiguous
}`, `	return EventNotSent
}`, inSchedules, nil},
		{"a new key for every sending", deliver, `	return target.Delivery{Entry: j.entry,`, `	j.entry.Key = fmt.Sprint(j.d.Key, j.d.Sends)
	return target.Delivery{Entry: j.entry,`, inSchedules, nil},
		{"no latest moment for the first byte", deliver, `	ctx := httpx.WithDeadline(j.last, j.d.SentAt.Add(s.timing.Deadline))
`, `	ctx := httpx.WithDeadline(j.last, time.Time{})
`, inSchedules, nil},
		{"the latest moment counts from after the intent", deliver, `	ctx := httpx.WithDeadline(j.last, j.d.SentAt.Add(s.timing.Deadline))
`, `	ctx := httpx.WithDeadline(j.last, s.now().Add(s.timing.Deadline))
`, inSchedules, nil},
		{"the latest moment is not looked at", "integration/httpx/gate.go", `	return !deadline.IsZero() && (now`, `	return false && !deadline.IsZero() && (now`, inSchedules, nil},
		{"the fence is not compared", claim, `WHERE id = $1 AND fence = $2 AND state = $3`, `WHERE id = $1 AND $2 >= 0 AND state = $3`, inSchedules, nil},
		{"the state is not compared", claim, `WHERE id = $1 AND fence = $2 AND state = $3`, `WHERE id = $1 AND fence = $2 AND $3 <> ''`, inTwoPeople, nil},
		{"a claim does not raise the fence", claim, `UPDATE delivery SET fence = fence + 1, lease_until`, `UPDATE delivery SET fence = fence + 0, lease_until`, inSchedules, nil},
		{"a refusal after doubt is believed", state, `	if d.State == model.StateSending && d.Sends > 1 {`, `	if d.State == model.StateSending && d.Sends > 99 {`, inDuplicate, nil},
		{"a lease that is over counts as not sent", state, `	EventLeaseOver:  {from(sending), toUnknown},`, `	EventLeaseOver:  {from(sending), notSent},`, inSchedules, nil},
		{"taking over puts what was being sent back into the queue", claim, `UPDATE delivery SET lease_until = 0 WHERE `, `UPDATE delivery SET lease_until = 0, state = CASE state WHEN 'sending' THEN 'queued' ELSE state END WHERE `, inSchedules, nil},
		{"a failed look-up counts as a miss", deliver, `		return s.change(ctx, j, s.failed(ctx, j, EventNotLooked, err))
	}`, `		return s.change(ctx, j, happening{event: EventMissed, problem: unknownSince(j.d.SentAt)})
	}`, inSeeds, nil},
		{"what is found is not compared", deliver, `	if !equal(j.entry, found[0]) {`, `	if false && !equal(j.entry, found[0]) {`, inSchedules, notProved},
		{"what is read back is not compared", prove, `	case !equal(j.entry, booked):`, `	case false && !equal(j.entry, booked):`, inSchedules, nil},
		{"booked without reading back", prove, `	booked, o := j.target.ReadBack(read, j.access, j.delivery())
`, `	booked, o := j.target.ReadBack(read, j.access, j.delivery())
	booked.Lines, o = j.entry.Lines, target.Outcome{Class: target.Accepted}
`, inSchedules, nil},
		{"a click ends the quiet time", state, `!d.SentAt.IsZero() && later.After(at) {`, `!d.SentAt.IsZero() && false && later.After(at) {`, inSeeds, noSteadyClock},
		{"the quiet time goes by the wall clock alone", deliver, `left > 0 {`, `left > 1000*time.Hour {`, inClock, nil},
		{"the layer of HTTP repeats", "integration/httpx/send.go", `	resp, err := c.plain.Do(r)
	if err != nil {`, `	resp, err := c.plain.Do(r)
	if err != nil && body != nil {
		r.Body = io.NopCloser(bytes.NewReader(body))
		resp, err = c.plain.Do(r)
	}
	if err != nil {`, inWire, nil},
		{"the layer of HTTP repeats a 503", "integration/httpx/send.go", `	resp, err := c.plain.Do(r)
	if err != nil {`, `	resp, err := c.plain.Do(r)
	if err == nil && resp.StatusCode == 503 && body != nil {
		_ = resp.Body.Close()
		r.Body = io.NopCloser(bytes.NewReader(body))
		resp, err = c.plain.Do(r)
	}
	if err != nil {`, inWire, nil},
		{"drafts too many are not looked for", state, `	sweepSoon(d, h, t.Sweep)
`, ``, inDrafts, nil},
		{"drafts too many are looked for once only", sweep, `	if d.Sweeps < len(sweeps) {`, `	if d.Sweeps < 1 {`, inDrafts, nil},
		{"the adopted draft is the one too many", sweep, `return drafter.Adopted(j.delivery(), b) })`, `return !drafter.Adopted(j.delivery(), b) })`, inDrafts, nil},
		{"what is made invalid is the adopted draft", sweep, `	d.Evidence = b.Evidence
`, ``, inDrafts, nil},
		{"synchronous=NORMAL", "data/store/connect.go", `		{"synchronous", "FULL", "2"},
		{"foreign_keys", "ON", "1"},
		// A small`, `		{"synchronous", "NORMAL", "1"},
		{"foreign_keys", "ON", "1"},
		// A small`, inPower, nil},
	}
}

var onlyMutant = flag.String("mutant", "", "only mutants whose name contains this")

const root = "../../.."

// edits are all changes of the mutant.
func (m mutant) edits() []edit { return append([]edit{{m.file, m.old, m.new}}, m.also...) }

// mutated gives each changed file with the mistake in it. A place that is no
// longer there, or there twice, is a failure: the mutant would live unnoticed.
func (m mutant) mutated(t *testing.T) map[string]string {
	t.Helper()
	files := make(map[string]string)
	for _, e := range m.edits() {
		if _, read := files[e.file]; !read {
			content, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				t.Fatal(err)
			}
			files[e.file] = string(content)
		}
		if n := strings.Count(files[e.file], e.old); n != 1 {
			t.Fatalf("mutant %q: its place in %s is there %d times; write it anew:\n%s", m.name, e.file, n, e.old)
		}
		files[e.file] = strings.Replace(files[e.file], e.old, e.new, 1)
	}
	return files
}

// TestMutants_HaveTheirPlaces fails as soon as the source moves away from under
// a mutant.
func TestMutants_HaveTheirPlaces(t *testing.T) {
	for _, m := range mutants() {
		m.mutated(t)
	}
}

// TestMutants builds the campaigns over each mistake and sees them fail. The
// short version takes three; the whole takes all.
func TestMutants(t *testing.T) {
	died, tried := 0, 0
	for i, m := range mutants() {
		switch {
		case *untilDead: // this is a mutant's own run
			return
		case *onlyMutant != "" && !strings.Contains(m.name, *onlyMutant), *onlyMutant == "" && !*whole && i%9 != 3:
			continue
		}
		tried++
		if by := m.hunt(t); by != "" {
			died++
			figure(t, "mutant: "+m.name, by)
		} else {
			t.Errorf("mutant %q lives", m.name)
			figure(t, "mutant: "+m.name, "LIVES")
		}
	}
	figure(t, "mutants dead / tried", []int{died, tried})
}

// invariant is how a finding names what broke.
var invariant = regexp.MustCompile(`\bI\d+ `)

// hunt runs the campaigns over the mutant and tells what caught it.
func (m mutant) hunt(t *testing.T) (by string) {
	t.Helper()
	folder := t.TempDir()
	overlay, bin := filepath.Join(folder, "overlay.json"), filepath.Join(folder, "torture.test")
	replace := make(map[string]string)
	for file, content := range m.mutated(t) {
		original, err := filepath.Abs(filepath.Join(root, file))
		source := filepath.Join(folder, filepath.Base(file))
		if err := errors.Join(err, os.WriteFile(source, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
		replace[original] = source
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err := errors.Join(err, os.WriteFile(overlay, text, 0o600)); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-overlay", overlay, "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("mutant %q does not build: %v\n%s", m.name, err, out)
	}
	run := m.caught
	if run == "" {
		run = inSchedules + "|" + inSeeds + "|" + inClock
	}
	start := time.Now()
	out, err := exec.CommandContext(t.Context(), bin, "-test.run", run, "-until-dead", "-whole", "-seeds", "1000", "-test.timeout", "20m").CombinedOutput()
	if err == nil {
		return ""
	}
	for line := range strings.Lines(string(out)) {
		_, text, ok := strings.Cut(strings.TrimSpace(line), "_test.go:")
		if _, text, _ = strings.Cut(text, ": "); ok && invariant.MatchString(text) {
			return text[:min(len(text), 150)] + " (" + time.Since(start).Round(10*time.Millisecond).String() + ")"
		}
	}
	t.Errorf("mutant %q: no invariant broke:\n%s", m.name, out[:min(len(out), 2000)])
	return ""
}
