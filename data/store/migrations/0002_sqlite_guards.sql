-- SQLite only. These triggers are the second line behind data/store, which
-- never writes such statements; PostgreSQL takes the rights away instead
-- (REVOKE UPDATE, DELETE).

-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER attempt_never_changes BEFORE UPDATE ON attempt
BEGIN
	SELECT RAISE(ABORT, 'an attempt never changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attempt_never_goes BEFORE DELETE ON attempt
BEGIN
	SELECT RAISE(ABORT, 'an attempt is kept');
END;
-- +goose StatementEnd

-- A key is unique for ever only as long as no delivery goes.
-- +goose StatementBegin
CREATE TRIGGER delivery_never_goes BEFORE DELETE ON delivery
BEGIN
	SELECT RAISE(ABORT, 'a delivery is kept');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER delivery_fence_rises BEFORE UPDATE OF fence ON delivery
WHEN NEW.fence < OLD.fence
BEGIN
	SELECT RAISE(ABORT, 'a fence never falls');
END;
-- +goose StatementEnd
