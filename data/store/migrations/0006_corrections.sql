-- Corrections after sending: what a delivery is for and which one it follows,
-- the journals that a run had later, and what comparing with the targets gave.

-- +goose Up
ALTER TABLE delivery ADD COLUMN kind TEXT NOT NULL DEFAULT ''
	CHECK (kind IN ('', 'difference', 'reversal', 'exchange'));
ALTER TABLE delivery ADD COLUMN corrects BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN journal_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN made_by TEXT NOT NULL DEFAULT '';

-- The guard against doubling: one live delivery of a period of a run, and one
-- live one that follows each of them.
DROP INDEX delivery_live;
CREATE UNIQUE INDEX delivery_live ON delivery (run_id, target, administration, year, period, corrects)
	WHERE state NOT IN ('refused', 'withdrawn');
CREATE INDEX delivery_books ON delivery (target, administration);
CREATE INDEX delivery_follows ON delivery (corrects) WHERE corrects > 0;
CREATE INDEX delivery_exchange ON delivery (id) WHERE kind = 'exchange';

-- The journals that a run had after the one it was created with, from 1. The
-- first stays in snapshot.
CREATE TABLE run_journal (
	run_id   BIGINT NOT NULL REFERENCES run (id),
	number   BIGINT NOT NULL CHECK (number > 0),
	hash     TEXT   NOT NULL,
	format   TEXT   NOT NULL,
	taken_at BIGINT NOT NULL,
	content  TEXT   NOT NULL,
	raw      BYTEA  NOT NULL,
	journal  BYTEA  NOT NULL,
	PRIMARY KEY (run_id, number)
);
CREATE INDEX run_journal_content ON run_journal (content);

CREATE TABLE reconciliation (
	id      BIGINT NOT NULL PRIMARY KEY,
	done_at BIGINT NOT NULL,
	sealed  BYTEA  NOT NULL
);
INSERT INTO counter (name, value) VALUES ('reconciliation', 0);
