/** How a table or a schema is called that describes objects. */
export const catalogName = /^(pg_|information_schema$)/;
