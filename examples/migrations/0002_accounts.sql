-- Functions that do for the application what its role may not do itself.

-- Whoever calls this decides where "customers" is looked up: a temporary table of that name is found first.
CREATE FUNCTION shop.close_account(account bigint) RETURNS void
    LANGUAGE plpgsql
    SECURITY DEFINER
AS $$
BEGIN
    DELETE FROM orders WHERE customer_id = account;
    DELETE FROM customers WHERE id = account;
END
$$;

-- A path is set, but temporary objects still come first.
CREATE FUNCTION shop.rename_account(account bigint, new_name text) RETURNS void
    LANGUAGE sql
    SECURITY DEFINER
    SET search_path = shop, public
AS $$
    UPDATE customers SET full_name = new_name WHERE id = account;
$$;

-- The path is safe, the rights are taken away from everybody and given to the one role that needs them.
CREATE FUNCTION shop.count_accounts() RETURNS bigint
    LANGUAGE sql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, shop, pg_temp
AS $$
    SELECT count(*) FROM shop.customers;
$$;
REVOKE ALL ON FUNCTION shop.count_accounts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.count_accounts() TO shop_app;

-- Repaired later in the same file, so there is nothing to say here either.
CREATE FUNCTION shop.newest_account() RETURNS bigint
    LANGUAGE sql
    STABLE
    SECURITY DEFINER
AS 'SELECT max(id) FROM shop.customers';
ALTER FUNCTION shop.newest_account() SET search_path = pg_catalog, shop, pg_temp;
REVOKE ALL ON FUNCTION shop.newest_account() FROM PUBLIC;
