-- The key of each run's journals and entries, itself sealed. What was written
-- before has none and is sealed with the key of the data folder. When a run's
-- time is over its key goes, and erased_at says when.

-- +goose Up
CREATE TABLE journal_key (
	run_id BIGINT NOT NULL PRIMARY KEY REFERENCES run (id),
	sealed BYTEA  NOT NULL
);
ALTER TABLE run ADD COLUMN erased_at BIGINT NOT NULL DEFAULT 0;
