-- The tables of the web shop. Nothing in this file is wrong.
BEGIN;

CREATE SCHEMA shop;
COMMENT ON SCHEMA shop IS 'Orders, customers; it''s all here';

CREATE TABLE shop.customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL UNIQUE,
    full_name  text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE shop.orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES shop.customers,
    status      text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent')),
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX ON shop.orders (customer_id, placed_at DESC);

COPY shop.customers (email, full_name) FROM stdin;
ada@shop.example	Ada Beispiel
o'hara@shop.example	Róisín O'Hara
\.

COMMIT;
