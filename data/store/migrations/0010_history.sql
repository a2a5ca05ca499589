-- The history: rows that are only ever added, each of which carries a hash over
-- itself and the row before it, and the seal of the last one.

-- +goose Up
CREATE TABLE history (
	number      BIGINT NOT NULL PRIMARY KEY,
	happened_at BIGINT NOT NULL,
	made_by     TEXT   NOT NULL, -- empty is the program by itself
	kind        TEXT   NOT NULL,
	subject     BIGINT NOT NULL,
	part        BIGINT NOT NULL,
	detail      BYTEA  NOT NULL,
	step        TEXT   NOT NULL, -- SHA-256 of the attempts that the row tells of, or empty
	receipt     TEXT   NOT NULL, -- SHA-256 of the receipt as it was then, or empty
	hash        TEXT   NOT NULL  -- SHA-256 of the hash before and of all of the above
);
CREATE INDEX history_at ON history (happened_at);

-- The last row, sealed, so that rows cannot be cut off the end unseen.
CREATE TABLE history_head (
	id     BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	number BIGINT NOT NULL,
	hash   TEXT   NOT NULL,
	sealed BYTEA  NOT NULL
);
