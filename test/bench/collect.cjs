// Loaded into a process that is measured: on SIGUSR2 it collects its garbage and says so, so that what it keeps can be told from what it has not cleared yet.
const { writeFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
process.on('SIGUSR2', () => {
  collect();
  setTimeout(() => {
    collect();
    // The pages that have become free are given back by another thread.
    setTimeout(() => writeFileSync(process.env.PGRAMPART_COLLECTED, JSON.stringify(process.memoryUsage())), 500);
  }, 200);
});
