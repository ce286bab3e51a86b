import { type Report } from './report.ts';
import { filesOf } from './rows.ts';
import { xml } from './xml.ts';

/** JUnit's XML: a file is a suite, a finding a failed case; without findings there is one case that passed. Valid by the schemas of Ant and of Jenkins, which know no place of a case. */
export function* junitReport(report: Report): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
  let id = 0;
  for (const suite of suitesOf(report)) yield suiteText(suite, id++, report);
  yield '</testsuites>\n';
}

interface Suite {
  readonly name: string;
  readonly failures: number;
  readonly cases: readonly string[];
}

function* suitesOf(report: Report): Generator<Suite> {
  if (report.reported.length === 0) {
    yield { name: 'pgrampart', failures: 0, cases: [`    <testcase name="no problems in ${report.files} files" classname="pgrampart" time="0"/>\n`] };
  }
  for (const { path, rows } of filesOf(report)) {
    const cases = rows.map(({ start, severity, rule, message }) => `    <testcase name="${xml(`${rule} at ${start.line}:${start.column}`)}" classname="${xml(path)}" time="0">
      <failure type="${severity}" message="${xml(message)}">${xml(`${path}:${start.line}:${start.column} ${message}`)}</failure>
    </testcase>\n`);
    yield { name: path, failures: rows.length, cases };
  }
}

function suiteText({ name, failures, cases }: Suite, id: number, report: Report): string {
  return `  <testsuite id="${id}" name="${xml(name)}" package="${xml(name)}" timestamp="${report.today}T00:00:00" hostname="localhost" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="0">
    <properties/>
${cases.join('')}    <system-out/>
    <system-err/>
  </testsuite>\n`;
}
