-- Reports whose SQL is put together while they run.

-- The search text becomes part of the statement: ' OR true -- shows every customer.
CREATE FUNCTION shop.find_customers(search text) RETURNS SETOF shop.customers
    LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT * FROM shop.customers WHERE full_name = ''' || search || '''';
END
$$;

-- %s puts the name in as it is; an identifier wants %I.
CREATE FUNCTION shop.count_rows(table_name text) RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    result bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM shop.%s', table_name) INTO result;
    RETURN result;
END
$$;

-- %L brings its own quotes; inside of other quotes they end the literal instead of protecting it.
CREATE FUNCTION shop.orders_with_status(wanted text) RETURNS SETOF shop.orders
    LANGUAGE plpgsql
AS $$
DECLARE
    found shop.orders;
BEGIN
    FOR found IN EXECUTE format('SELECT * FROM shop.orders WHERE status = ''%L''', wanted) LOOP
        RETURN NEXT found;
    END LOOP;
END
$$;

-- The honest way: values as parameters, identifiers with %I, and a constant is no danger.
CREATE FUNCTION shop.orders_since(column_name text, since timestamptz) RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    condition constant text := ' WHERE placed_at >= $1';
    result bigint;
BEGIN
    EXECUTE format('SELECT count(%I) FROM shop.orders', column_name) || condition INTO result USING since;
    RETURN result;
END
$$;
