-- Lists of runs go on from a place instead of counting from the beginning, are
-- filtered by period and by the states of deliveries, and their digests hold sums
-- by cost centre: those that are there are made again when they are asked for.

-- +goose Up
CREATE INDEX run_period ON run (last_year, last_number, run_at DESC, id DESC);
CREATE INDEX delivery_state ON delivery (state, run_id);
DELETE FROM run_digest;
