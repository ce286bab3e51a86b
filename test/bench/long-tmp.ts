import { measureLongTexts } from './flow.ts';
const long = await measureLongTexts();
for (const { what, characters, seconds } of long.slice(0, 12)) console.log(what.padEnd(45), (characters / 1000).toFixed(0).padStart(5), 'KB', seconds.toFixed(2));
