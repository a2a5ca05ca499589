-- A delivery that was in doubt is looked up again after it is over: a sending that
-- landed late may have left a second draft under its key.

-- +goose Up
ALTER TABLE delivery ADD COLUMN sweep_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN sweeps BIGINT NOT NULL DEFAULT 0;
CREATE INDEX delivery_sweep ON delivery (account_id, sweep_at)
	WHERE sweep_at > 0 AND state IN ('booked', 'refused', 'withdrawn');

-- Such a look has its account to itself, like everything else that is under way.
DROP INDEX delivery_leased;
CREATE INDEX delivery_leased ON delivery (account_id, lease_until)
	WHERE lease_until > 0 AND (sweep_at > 0 OR state IN ('queued', 'checking', 'sending', 'accepted', 'unknown'));
