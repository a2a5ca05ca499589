-- A search for a text within a year finds all it looks at in the index, as the
-- searches in all runs and in those of a company do.

-- +goose Up
DROP INDEX run_year;
CREATE INDEX run_year ON run (year, run_at DESC, id DESC, company_id, search);
