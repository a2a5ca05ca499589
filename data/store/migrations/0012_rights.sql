-- Who may do what, as one JSON document: it is always read and written whole.

-- +goose Up
CREATE TABLE rights (
	id   BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	data TEXT   NOT NULL
);
