-- A function that runs with its owner's rights and looks names up wherever the caller says.
CREATE FUNCTION app.close_account(account bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    DELETE FROM app.accounts WHERE app.accounts.id = account;
END
$$;
