package store_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"loonbrug/data/store"
)

// scale is how much an office has in its database.
type scale struct{ companies, runs, periods int } // runs of each company, periods of each run

// fill writes an office of that size behind the store's back: everything booked, but
// for a few deliveries that wait or ask for a person.
func (s scale) fill(b *bundle) {
	b.t.Helper()
	for _, text := range []string{
		`INSERT INTO company (id, source, source_id, number, name, debtor, country, currency, four_weekly, test_company, debtor_blocked, search)
			SELECT i, 'file', 'c' || i, CAST(i AS TEXT), 'Bedrijf ' || i, '', 'NL', 'EUR', 0, 0, 0, 'bedrijf ' || i FROM (%[1]s) n WHERE i > 1`,
		`INSERT INTO mapping (id, company_id, account_id, target, administration, admin_name, read_only, cost_centre, cost_unit, options, start_year, start_number)
			SELECT i, i, 1, 'cash', 'a' || i, 'Boeken ' || i, 0, '{}', '{}', '{}', 2024, 1 FROM (%[1]s) n`,
		`INSERT INTO run (id, company_id, source_id, year, number, first_year, first_number, last_year, last_number,
				description, reference, run_at, locked, gone, changed, content, search)
			SELECT i, 1 + i %% %[4]d, 'r' || i, 2024 + i / %[4]d / 24, 1 + i / %[4]d, 2026, 1, 2026, 3, 'Verwerking ' || i, 'L' || i,
				1700000000000 + i * 7919 %% 100003 * 1000, 1, 0, 0, 'content ' || i, 'verwerking ' || i || ' l' || i FROM (%[2]s) n`,
		`INSERT INTO run_digest (run_id, sealed) SELECT i, %[6]s FROM (%[2]s) n`,
		`INSERT INTO snapshot (run_id, hash, format, taken_at, content, raw, journal) SELECT i, 'h', 'f', 1, 'content ' || i, %[6]s, %[6]s FROM (%[2]s) n`,
		`INSERT INTO journal_key (run_id, sealed) SELECT i, %[6]s FROM (%[2]s) n`,
		`INSERT INTO turn (account_id, company_id, served) SELECT 1, i, i FROM (%[1]s) n`,
		`INSERT INTO delivery (id, run_id, mapping_id, company_id, account_id, target, administration, year, period, revision, key, reference,
				state, approval, number, evidence, problem_code, problem, person, fence, lease_until, not_before, sent_at, sends, misses,
				entry_hash, created_at, updated_at)
			SELECT i, 1 + i %% %[5]d, 1 + i %% %[4]d, 1 + i %% %[4]d, 1, 'cash', 'a' || i %% %[4]d, 2026, 1 + i / %[5]d, 1, 'K' || i, 'L' || i,
				CASE i %% 20000 WHEN 7 THEN 'queued' WHEN 8 THEN 'unknown' WHEN 9 THEN 'refused' ELSE 'booked' END, 'none', 'M' || i, '{}', '', %[6]s,
				CASE i %% 20000 WHEN 8 THEN 1 ELSE 0 END, 1, 0, 1700000000000 + i, 0, 1, 0, 'h', 1700000000000 + i, 1700000000000 + i FROM (%[3]s) n`,
		`INSERT INTO entry (delivery_id, sealed) SELECT i, %[6]s FROM (%[3]s) n`,
		`INSERT INTO attempt (delivery_id, number, happened_at, fence, from_state, to_state, event, problem_code, note)
			SELECT i, 1, 1700000000000 + i, 1, 'sending', 'booked', 'booked', '', %[6]s FROM (%[3]s) n`,
		`INSERT INTO receipt (delivery_id, number, booked_at, approval, entry_hash, proof)
			SELECT i, 'M' || i, 1700000000000 + i, 'none', 'h', %[6]s FROM (%[3]s) n`,
		`INSERT INTO history (number, happened_at, made_by, kind, subject, part, detail, step, receipt, hash)
			SELECT 1000 + i, 1700000000000 + i, 'anna', 'delivery_step', i, 1, %[6]s, 's', 'r', 'h' || i FROM (%[3]s) n`,
	} {
		if err := b.bulk(fmt.Sprintf(text, b.numbers(s.companies), b.numbers(s.companies*s.runs), b.numbers(s.companies*s.runs*s.periods),
			s.companies, s.companies*s.runs, b.bytes())); err != nil {
			b.t.Fatalf("%v\n%s", err, text)
		}
	}
	if err := b.bulk(`ANALYZE`); err != nil {
		b.t.Fatal(err)
	}
}

// bulk runs a statement that may take longer than the store waits for an answer.
func (b *bundle) bulk(text string) error {
	if !b.shared {
		return b.Exec(text)
	}
	c, err := pgx.Connect(b.t.Context(), b.path)
	if err != nil {
		return err
	}
	_, err = c.Exec(b.t.Context(), text)
	return errors.Join(err, c.Close(b.t.Context()))
}

// numbers counts from 1 in the words of the engine.
func (b *bundle) numbers(n int) string {
	if b.shared {
		return fmt.Sprintf("SELECT CAST(i AS BIGINT) AS i FROM generate_series(1, %d) i", n)
	}
	return fmt.Sprintf("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n", n)
}

func (b *bundle) bytes() string {
	if b.shared {
		return `'\x01'::bytea`
	}
	return `x'01'`
}

// TestScale_Plans looks at how a server means to answer each statement on a database
// that holds something: by an index, never by reading all runs, deliveries, attempts,
// receipts or the history.
func TestScale_Plans(t *testing.T) {
	b := on(t, true)
	scale{companies: 100, runs: 72, periods: 3}.fill(b)
	b.exec(`SET plan_cache_mode = force_generic_plan`)
	// These read everything because that is what they are for: the proof of the
	// history, its beginning in a database that had none, the operator's figures, and
	// once a night what an erasing left.
	all := []string{"verify.go", "move.go"}
	read := func(text string) bool {
		return strings.Contains(text, "MIN(created_at) ELSE") || strings.HasSuffix(text, "entry_hash, proof FROM receipt") ||
			strings.Contains(text, "FROM journal_key k JOIN run r")
	}
	reads := regexp.MustCompile(`Seq Scan on (run|delivery|attempt|receipt|history|run_digest|snapshot|entry|journal_key)\b`)
	looked := 0
	for place, text := range statements(t) {
		file, _, _ := strings.Cut(place, ":")
		if isComposed(text) || read(text) || slices.Contains(all, file) || file == "sqlite.go" || file == "migrate.go" || file == "copy.go" || file == "postgres.go" ||
			!regexp.MustCompile(`^\s*(SELECT|UPDATE|DELETE|WITH)\b`).MatchString(text) {
			continue
		}
		looked++
		if plan := b.plan(text); reads.MatchString(plan) {
			t.Errorf("%s:\n%s\n%s", place, text, plan)
		}
	}
	for _, f := range screens() {
		text, args := store.RunsText(f)
		if plan := strings.Join(b.Text(t, true, "EXPLAIN "+text, 0, args...), "\n"); reads.MatchString(plan) {
			t.Errorf("%+v:\n%s\n%s", f, text, plan)
		}
	}
	if looked < 60 {
		t.Errorf("only %d statements looked at", looked)
	}
}

// plan is how the server means to answer, whatever the parameters are.
func (b *bundle) plan(text string) string {
	b.t.Helper()
	n := 0
	for n < 40 && strings.Contains(text, fmt.Sprintf("$%d", n+1)) {
		n++
	}
	b.exec(`PREPARE looked AS ` + text)
	args := ""
	if n > 0 {
		args = "(NULL" + strings.Repeat(", NULL", n-1) + ")"
	}
	plan := strings.Join(b.Text(b.t.(*testing.T), false, `EXPLAIN EXECUTE looked`+args, 0), "\n")
	b.exec(`DEALLOCATE looked`)
	return plan
}

func (b *bundle) exec(text string) {
	b.t.Helper()
	if err := b.Exec(text); err != nil {
		b.t.Fatalf("%v\n%s", err, text)
	}
}
