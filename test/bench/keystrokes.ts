// A part of `npm run bench` in a process of its own: what a keystroke in a routine costs, and texts that are made to take long.
import { at, ratio } from './figures.ts';
import { measureFlow, measureLongTexts } from './flow.ts';

console.log('Dynamic SQL after a keystroke: every finding, beside reading the same text alone  (aim: p50 10 ms)');
let typed = 0;
for (let round = 0; round < 5; round++) {
  const { lines, sinks, times, reading, warmUp } = await measureFlow();
  const which = `keystrokes ${typed + warmUp + 1} to ${typed += warmUp + times.length} of a process`;
  console.log(`  a routine of ${lines} lines, ${sinks} statements, ${which}  p50 ${at(times, 0.5).toFixed(1)} ms  p95 ${at(times, 0.95).toFixed(1)} ms ${ratio(at(times, 0.5), at(reading, 0.5)).padStart(7)}  reading ${at(reading, 0.5).toFixed(1)} ms`);
}
const long = await measureLongTexts();
console.log(`  ${long.length} texts made to take long, the worst in seconds of the processor  (aim 1 s)`);
for (const { what, characters, seconds } of long.slice(0, 5)) console.log(`    ${what.padEnd(45)} ${(characters / 1000).toFixed(0).padStart(5)} KB  ${seconds.toFixed(2)} s`);
