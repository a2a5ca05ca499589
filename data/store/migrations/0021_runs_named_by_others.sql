-- Whether another run names one, asked for each run that is removed.

-- +goose Up
CREATE INDEX run_other ON run (other_id) WHERE other_id > 0;
