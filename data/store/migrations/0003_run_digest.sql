-- What lists and forms need of a run's journal, so that they need not open it.
-- It is written with the run; for runs of older programs it is made when it is
-- first asked for.

-- +goose Up
CREATE TABLE run_digest (
	run_id BIGINT NOT NULL PRIMARY KEY REFERENCES run (id),
	sealed BYTEA  NOT NULL
);
