import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** Seconds of processor time over all cores; only where /proc tells. */
  readonly cpu: number | undefined;
  /** Bytes of memory at most; only where /proc tells. */
  readonly peak: number | undefined;
  readonly status: number | null;
}

/** Clock ticks per second in /proc, which every Linux on x64 and arm64 has. */
const ticks = 100;

/** Runs a program to its end, its output thrown away. */
export async function measure(command: string, args: readonly string[]): Promise<Measured> {
  const cpuBefore = childrenCpu();
  const start = performance.now();
  const child = spawn(command, args, { stdio: 'ignore' });
  let peak: number | undefined;
  const timer = setInterval(() => { peak = peakOf(child.pid) ?? peak; }, 5);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  }).finally(() => clearInterval(timer));
  const seconds = (performance.now() - start) / 1000;
  const cpuAfter = childrenCpu();
  return { seconds, cpu: cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore, peak, status };
}

function peakOf(pid: number | undefined): number | undefined {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Processor time of all children that have ended. */
function childrenCpu(): number | undefined {
  const fields = read('/proc/self/stat').replace(/^.*\) /s, '').split(' ');
  return fields.length < 15 ? undefined : (Number(fields[13]) + Number(fields[14])) / ticks;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
