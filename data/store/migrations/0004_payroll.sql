-- What an office decides for companies and mappings, as JSON; what is known of a
-- run since its snapshot was taken; and what waits for a person before it can
-- become a run.

-- +goose Up
ALTER TABLE company ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE mapping ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';
ALTER TABLE snapshot ADD COLUMN asked TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
UPDATE run SET created_at = (SELECT taken_at FROM snapshot WHERE run_id = run.id);
ALTER TABLE run ADD COLUMN locked_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN hold TEXT NOT NULL DEFAULT '' CHECK (hold IN ('', 'same', 'replaced'));
ALTER TABLE run ADD COLUMN other_id BIGINT NOT NULL DEFAULT 0;

-- A payroll file that no company is known for, or that could not be read.
CREATE TABLE inbox (
	id          BIGINT NOT NULL PRIMARY KEY,
	name        TEXT   NOT NULL,
	hash        TEXT   NOT NULL UNIQUE,
	layout      TEXT   NOT NULL,
	received_at BIGINT NOT NULL,
	raw         BYTEA  NOT NULL,
	header      BYTEA  NOT NULL
);
INSERT INTO counter (name, value) VALUES ('inbox', 0);

-- What was chosen once for files of a layout: its columns, and the company of
-- such files.
CREATE TABLE layout (
	id         TEXT   NOT NULL PRIMARY KEY,
	columns    TEXT   NOT NULL,
	company_id BIGINT NOT NULL
);
