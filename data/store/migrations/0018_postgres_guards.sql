-- PostgreSQL only: what sqlite_guards is there. The second line behind data/store,
-- which never writes such statements.

-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '%', TG_ARGV[0];
END $$;
-- +goose StatementEnd
CREATE TRIGGER attempt_never_changes BEFORE UPDATE ON attempt
	FOR EACH ROW EXECUTE FUNCTION refuse('an attempt never changes');
CREATE TRIGGER attempt_never_goes BEFORE DELETE ON attempt
	FOR EACH ROW EXECUTE FUNCTION refuse('an attempt is kept');
CREATE TRIGGER delivery_never_goes BEFORE DELETE ON delivery
	FOR EACH ROW EXECUTE FUNCTION refuse('a delivery is kept');
CREATE TRIGGER delivery_fence_rises BEFORE UPDATE OF fence ON delivery
	FOR EACH ROW WHEN (NEW.fence < OLD.fence) EXECUTE FUNCTION refuse('a fence never falls');
