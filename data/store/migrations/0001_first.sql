-- The first schema. Everything here runs on SQLite and on PostgreSQL: ids are
-- BIGINT and come from the table counter, times are milliseconds since 1970 in
-- UTC with 0 for never, truth is 0 or 1, bytes are sealed (see seal.go), and
-- maps are JSON as TEXT.

-- +goose Up
CREATE TABLE counter (
	name  TEXT   NOT NULL PRIMARY KEY,
	value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES
	('company', 0), ('account', 0), ('mapping', 0), ('run', 0), ('delivery', 0);

CREATE TABLE setting (
	name  TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);

CREATE TABLE company (
	id             BIGINT NOT NULL PRIMARY KEY,
	source         TEXT   NOT NULL,
	source_id      TEXT   NOT NULL,
	number         TEXT   NOT NULL,
	name           TEXT   NOT NULL,
	debtor         TEXT   NOT NULL,
	country        TEXT   NOT NULL,
	currency       TEXT   NOT NULL,
	four_weekly    BIGINT NOT NULL CHECK (four_weekly IN (0, 1)),
	test_company   BIGINT NOT NULL CHECK (test_company IN (0, 1)),
	debtor_blocked BIGINT NOT NULL CHECK (debtor_blocked IN (0, 1)),
	search         TEXT   NOT NULL, -- the name folded, for finding
	UNIQUE (source, source_id)
);

CREATE TABLE account (
	id         BIGINT NOT NULL PRIMARY KEY,
	target     TEXT   NOT NULL,
	name       TEXT   NOT NULL,
	settings   TEXT   NOT NULL,
	state      TEXT   NOT NULL CHECK (state IN ('new', 'authorised', 'expired')),
	identity   TEXT   NOT NULL,
	checked_at BIGINT NOT NULL,
	problem    TEXT   NOT NULL
);

CREATE TABLE credential (
	account_id BIGINT NOT NULL PRIMARY KEY REFERENCES account (id),
	sealed     BYTEA  NOT NULL
);

CREATE TABLE reference_data (
	account_id     BIGINT NOT NULL REFERENCES account (id),
	administration TEXT   NOT NULL,
	fetched_at     BIGINT NOT NULL,
	data           TEXT   NOT NULL,
	PRIMARY KEY (account_id, administration)
);

CREATE TABLE mapping (
	id             BIGINT NOT NULL PRIMARY KEY,
	company_id     BIGINT NOT NULL REFERENCES company (id),
	account_id     BIGINT NOT NULL REFERENCES account (id),
	target         TEXT   NOT NULL,
	administration TEXT   NOT NULL,
	admin_name     TEXT   NOT NULL,
	read_only      BIGINT NOT NULL CHECK (read_only IN (0, 1)),
	cost_centre    TEXT   NOT NULL,
	cost_unit      TEXT   NOT NULL,
	options        TEXT   NOT NULL,
	start_year     BIGINT NOT NULL,
	start_number   BIGINT NOT NULL,
	UNIQUE (company_id, target, administration)
);
CREATE INDEX mapping_account ON mapping (account_id);

CREATE TABLE run (
	id           BIGINT NOT NULL PRIMARY KEY,
	company_id   BIGINT NOT NULL REFERENCES company (id),
	source_id    TEXT   NOT NULL,
	year         BIGINT NOT NULL,
	number       BIGINT NOT NULL,
	first_year   BIGINT NOT NULL,
	first_number BIGINT NOT NULL,
	last_year    BIGINT NOT NULL,
	last_number  BIGINT NOT NULL,
	description  TEXT   NOT NULL,
	reference    TEXT   NOT NULL,
	run_at       BIGINT NOT NULL,
	locked       BIGINT NOT NULL CHECK (locked IN (0, 1)),
	gone         BIGINT NOT NULL CHECK (gone IN (0, 1)),
	changed      BIGINT NOT NULL CHECK (changed IN (0, 1)),
	content      TEXT   NOT NULL, -- the snapshot's, here to recognise a journal that came before
	search       TEXT   NOT NULL  -- description and reference folded, for finding
);
CREATE UNIQUE INDEX run_source ON run (company_id, source_id) WHERE source_id <> '';
CREATE UNIQUE INDEX run_content ON run (company_id, content) WHERE content <> '';
CREATE INDEX run_number ON run (company_id, year, number);
-- The first two hold all that a search looks at, so that it never reads the rows
-- that it does not show.
CREATE INDEX run_newest ON run (run_at DESC, id DESC, company_id, year, search);
CREATE INDEX run_company ON run (company_id, run_at DESC, id DESC, year, search);
CREATE INDEX run_year ON run (year, run_at DESC, id DESC);

CREATE TABLE snapshot (
	run_id   BIGINT NOT NULL PRIMARY KEY REFERENCES run (id),
	hash     TEXT   NOT NULL,
	format   TEXT   NOT NULL,
	taken_at BIGINT NOT NULL,
	content  TEXT   NOT NULL,
	raw      BYTEA  NOT NULL,
	journal  BYTEA  NOT NULL
);

-- A delivery names its mapping and account without a foreign key: both may be
-- removed once it waits for nothing, and it stays.
CREATE TABLE delivery (
	id             BIGINT NOT NULL PRIMARY KEY,
	run_id         BIGINT NOT NULL REFERENCES run (id),
	mapping_id     BIGINT NOT NULL,
	company_id     BIGINT NOT NULL REFERENCES company (id),
	account_id     BIGINT NOT NULL,
	target         TEXT   NOT NULL,
	administration TEXT   NOT NULL,
	year           BIGINT NOT NULL,
	period         BIGINT NOT NULL,
	revision       BIGINT NOT NULL,
	key            TEXT   NOT NULL CHECK (key <> ''),
	reference      TEXT   NOT NULL,
	state          TEXT   NOT NULL CHECK (state IN ('queued', 'checking', 'sending', 'accepted',
		'booked', 'refused', 'unknown', 'marked', 'nothing_to_book', 'withdrawn')),
	approval       TEXT   NOT NULL CHECK (approval IN ('', 'none', 'waiting', 'given')),
	number         TEXT   NOT NULL,
	evidence       TEXT   NOT NULL,
	problem_code   TEXT   NOT NULL,
	problem        BYTEA  NOT NULL,
	person         BIGINT NOT NULL CHECK (person IN (0, 1)),
	fence          BIGINT NOT NULL CHECK (fence >= 0),
	lease_until    BIGINT NOT NULL,
	not_before     BIGINT NOT NULL,
	sent_at        BIGINT NOT NULL,
	sends          BIGINT NOT NULL CHECK (sends >= 0),
	misses         BIGINT NOT NULL CHECK (misses >= 0),
	entry_hash     TEXT   NOT NULL,
	created_at     BIGINT NOT NULL,
	updated_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX delivery_key ON delivery (key);
CREATE INDEX delivery_run ON delivery (run_id);
-- The guard against doubling: one live delivery of a period of a run.
CREATE UNIQUE INDEX delivery_live ON delivery (run_id, target, administration, year, period)
	WHERE state NOT IN ('refused', 'withdrawn');
-- What the sender looks at is only what waits, however much has been sent.
CREATE INDEX delivery_due ON delivery (account_id, not_before, id)
	WHERE state IN ('queued', 'checking', 'sending', 'accepted', 'unknown') AND person = 0;
CREATE INDEX delivery_leased ON delivery (account_id, lease_until)
	WHERE state IN ('queued', 'checking', 'sending', 'accepted', 'unknown') AND lease_until > 0;
CREATE INDEX delivery_waiting ON delivery (mapping_id, account_id)
	WHERE state IN ('queued', 'checking', 'sending', 'accepted', 'unknown');

CREATE TABLE entry (
	delivery_id BIGINT NOT NULL PRIMARY KEY REFERENCES delivery (id),
	sealed      BYTEA  NOT NULL
);

CREATE TABLE attempt (
	delivery_id  BIGINT NOT NULL REFERENCES delivery (id),
	number       BIGINT NOT NULL CHECK (number > 0),
	happened_at  BIGINT NOT NULL,
	fence        BIGINT NOT NULL,
	from_state   TEXT   NOT NULL,
	to_state     TEXT   NOT NULL,
	event        TEXT   NOT NULL,
	problem_code TEXT   NOT NULL,
	note         BYTEA  NOT NULL,
	PRIMARY KEY (delivery_id, number)
);

CREATE TABLE receipt (
	delivery_id BIGINT NOT NULL PRIMARY KEY REFERENCES delivery (id),
	number      TEXT   NOT NULL,
	booked_at   BIGINT NOT NULL,
	approval    TEXT   NOT NULL CHECK (approval IN ('', 'none', 'waiting', 'given')),
	entry_hash  TEXT   NOT NULL,
	proof       BYTEA  NOT NULL
);
CREATE INDEX receipt_booked ON receipt (booked_at);
