package store

// kept are the guards of what is only ever added. Their names are those of the
// migrations, each with its table.
var kept = []struct{ guard, table string }{
	{"attempt_never_goes", "attempt"},
	{"delivery_never_goes", "delivery"},
}

// unguarded lifts the guards for the length of do, within the transaction.
func (f *sqliteFile) unguarded(c conn, do func() error) error {
	texts := make([]string, len(kept))
	for i, k := range kept {
		if err := c.one([]any{&texts[i]}, `SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $1`, k.guard); err != nil {
			return err
		}
		if _, err := c.exec(`DROP TRIGGER ` + k.guard); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	for _, text := range texts {
		if _, err := c.exec(text); err != nil {
			return err
		}
	}
	return nil
}

// unguarded lifts the guards for the length of do, within the transaction.
func (*postgres) unguarded(c conn, do func() error) error {
	turn := func(how string) error {
		for _, k := range kept {
			if _, err := c.exec(`ALTER TABLE ` + k.table + ` ` + how + ` TRIGGER ` + k.guard); err != nil {
				return err
			}
		}
		return nil
	}
	if err := turn("DISABLE"); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return turn("ENABLE")
}
