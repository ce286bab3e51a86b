import { CancellationTokenSource, type CancellationToken, type Connection, type WorkDoneProgressReporter } from 'vscode-languageserver';
import type { Client } from './client.ts';
import type { ScanParams, ScanResult } from './protocol.ts';
import type { Scanner } from './scan.ts';

/** Runs a scan under a progress of the editor; both the request and the progress can be cancelled. */
export async function answerScan(connection: Connection, client: Client, scanner: Scanner, roots: readonly string[], params: ScanParams, token: CancellationToken): Promise<ScanResult> {
  const stop = new CancellationTokenSource();
  token.onCancellationRequested(() => stop.cancel());
  const progress = await startProgress(connection, client, params, stop);
  progress.begin('Scanning for PostgreSQL security problems', 0, undefined, true);
  try {
    return await scanner.scan(roots, { report: seldom(progress), found: params.found ?? '{0} found' }, stop.token);
  } finally {
    progress.done();
    stop.dispose();
  }
}

async function startProgress(connection: Connection, client: Client, params: ScanParams, stop: CancellationTokenSource): Promise<WorkDoneProgressReporter> {
  if (params.workDoneToken !== undefined || !client.createsProgress) return connection.window.attachWorkDoneProgress(params.workDoneToken);
  const progress = await connection.window.createWorkDoneProgress();
  progress.token.onCancellationRequested(() => stop.cancel());
  return progress;
}

/** Ten messages a second are all that an eye can follow. */
function seldom(progress: WorkDoneProgressReporter): (percentage: number, message: string) => void {
  let next = 0;
  return (percentage, message) => {
    const now = performance.now();
    if (now < next && percentage < 100) return;
    next = now + 100;
    progress.report(percentage, message);
  };
}
