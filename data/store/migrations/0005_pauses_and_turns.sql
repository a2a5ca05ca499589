-- What keeps deliveries from being taken although they are due (pause), and whose
-- turn it is among those that are (turn).

-- +goose Up
CREATE TABLE pause (
	kind       TEXT   NOT NULL CHECK (kind IN ('person', 'offline', 'account')),
	account_id BIGINT NOT NULL, -- 0 is all accounts
	since      BIGINT NOT NULL,
	until_at   BIGINT NOT NULL, -- 0 is until it is ended
	tries      BIGINT NOT NULL,
	problem    TEXT   NOT NULL,
	PRIMARY KEY (account_id, kind)
);

-- Every account and company that ever had a delivery together. The one that was
-- served longest ago comes first, so that a long queue of one company does not
-- hold up a short one of another.
CREATE TABLE turn (
	account_id BIGINT NOT NULL,
	company_id BIGINT NOT NULL,
	served     BIGINT NOT NULL, -- rises with every claim; 0 is never
	PRIMARY KEY (account_id, company_id)
);
CREATE INDEX turn_served ON turn (served);
INSERT INTO turn (account_id, company_id, served)
	SELECT DISTINCT account_id, company_id, 0 FROM delivery;

DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery (account_id, company_id, not_before, id)
	WHERE state IN ('queued', 'checking', 'sending', 'accepted', 'unknown') AND person = 0;
