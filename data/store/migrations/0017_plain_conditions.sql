-- The conditions of indexes that every step of a delivery touches, with = in place
-- of IN: for each list SQLite makes a table that lives as long as the statement.

-- +goose Up
DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (account_id, company_id, not_before, id)
	WHERE (state = 'queued' OR state = 'checking' OR state = 'sending' OR state = 'accepted' OR state = 'unknown') AND person = 0;
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (mapping_id, account_id)
	WHERE (state = 'queued' OR state = 'checking' OR state = 'sending' OR state = 'accepted' OR state = 'unknown');
DROP INDEX delivery_leased;
CREATE INDEX delivery_leased ON delivery (account_id, lease_until)
	WHERE lease_until > 0 AND (sweep_at > 0
		OR (state = 'queued' OR state = 'checking' OR state = 'sending' OR state = 'accepted' OR state = 'unknown'));
DROP INDEX delivery_sweep;
CREATE INDEX delivery_sweep ON delivery (account_id, sweep_at)
	WHERE sweep_at > 0 AND (state = 'booked' OR state = 'refused' OR state = 'withdrawn');
