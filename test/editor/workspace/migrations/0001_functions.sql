-- A function that runs with its owner's rights and looks names up wherever the caller says.
CREATE FUNCTION app.close_account(id bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    DELETE FROM accounts WHERE accounts.id = close_account.id;
END
$$;
