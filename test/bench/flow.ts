import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { forgetReplaced, splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { longTexts } from '../robust/long-texts.ts';

export interface FlowMeasured {
  readonly lines: number;
  /** Keystrokes before those that are measured. */
  readonly warmUp: number;
  readonly sinks: number;
  /** Milliseconds from the text of one keystroke to all findings about dynamic SQL, fastest first. */
  readonly times: readonly number[];
  /** The same for reading the text alone. */
  readonly reading: readonly number[];
}

const warmUp = 30;
const keystrokes = 60;

/** Types into the middle of a routine of 1,000 lines, of which every 20 lines run a statement; what was typed over is let go of, as the server does. */
export async function measureFlow(): Promise<FlowMeasured> {
  await loadPostgresFromDisk();
  const text = routine(1_000);
  const at = text.indexOf('v_count', text.length / 2) + 'v_count'.length;
  const times: number[] = [];
  const reading: number[] = [];
  let sinks = 0;
  let before = '';
  for (let i = 0; i < warmUp + keystrokes; i++) {
    const typed = text.slice(0, at) + 'x'.repeat(i) + text.slice(at);
    const start = performance.now();
    const file = splitStatements(typed);
    for (const { written } of file.statements) written.body?.plpgsql;
    const read = performance.now();
    sinks = findDynamicSql(file).length;
    forgetReplaced(before, { start: at, end: at });
    before = typed;
    if (i < warmUp) continue;
    reading.push(read - start);
    times.push(performance.now() - start);
  }
  const byTime = (a: number, b: number) => a - b;
  return { lines: 1_000, warmUp, sinks, times: times.sort(byTime), reading: reading.sort(byTime) };
}

/** Seconds of the processor for what is made to take long, longest first; better of two looks at texts of their own, so that nothing is remembered. */
export async function measureLongTexts(): Promise<{ what: string; characters: number; seconds: number }[]> {
  await loadPostgresFromDisk();
  const measured = longTexts.map(([what, text]) => ({
    what, characters: text.length,
    seconds: Math.min(...['x1', 'x2'].map((name) => {
      const own = text.replaceAll(/\bx\b/g, name);
      const before = process.cpuUsage();
      findDynamicSql(splitStatements(own));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    })),
  }));
  return measured.sort((a, b) => b.seconds - a.seconds);
}

export function routine(lines: number): string {
  const blocks = Array.from({ length: lines / 20 }, (_, n) => `
  -- step ${n}
  SELECT count(*), max(o.label) INTO v_count, v_label
    FROM app.orders o
   WHERE o.customer = p_customer AND o.batch = ${n};
  IF v_count > 0 THEN
    v_sql := 'UPDATE app.orders_' || ${n};
    v_sql := v_sql || ' SET label = ' || quote_literal(v_label);
    IF p_filter IS NOT NULL THEN
      v_sql := v_sql || format(' WHERE %I = %L', p_filter, p_value);
    ELSE
      v_sql := v_sql || ' WHERE customer = ''' || p_customer || '''';
    END IF;
    EXECUTE v_sql;
  ELSIF v_count = 0 THEN
    RAISE NOTICE 'nothing in batch %', ${n};
  END IF;
  v_total := v_total + v_count;
  PERFORM pg_notify('orders', v_total::text);`);
  return `CREATE FUNCTION app.run(p_customer text, p_filter text, p_value text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_sql text; v_label text; v_count bigint; v_total bigint := 0;
BEGIN${blocks.join('\n')}
  RETURN v_total;
END $$;
`;
}
