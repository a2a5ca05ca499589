-- What a person has seen of a run that changed or is gone, and who saw it: the task
-- about it is done until something else happens.

-- +goose Up
ALTER TABLE run ADD COLUMN changed_seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN gone_seen BIGINT NOT NULL DEFAULT 0;

CREATE TABLE acknowledgement (
	run_id  BIGINT NOT NULL REFERENCES run (id),
	kind    TEXT   NOT NULL CHECK (kind IN ('changed', 'gone')),
	at      BIGINT NOT NULL,
	made_by TEXT   NOT NULL
);
CREATE INDEX acknowledgement_run ON acknowledgement (run_id);
