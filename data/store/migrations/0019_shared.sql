-- What a database knows of itself and of no other: the locked key of an office's
-- database, and whether everything was moved into it or away from it. It is never
-- moved along.

-- +goose Up
CREATE TABLE shared (
	name  TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
);
