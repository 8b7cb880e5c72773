-- What customers say about e-mail. Columns of their own, so that no update of a customer through the API touches them.

-- SUBSCRIBED, UNSUBSCRIBED, or nothing said yet.
ALTER TABLE customers ADD COLUMN email_choice TEXT;
-- When that was said last.
ALTER TABLE customers ADD COLUMN email_chosen_at BIGINT;
-- When e-mails were called welcome for the first time; it stays, so that this is told once.
ALTER TABLE customers ADD COLUMN email_confirmed_at BIGINT;
