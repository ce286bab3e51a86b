import { type Report } from './report.ts';
import { filesOf } from './rows.ts';
import { xml } from './xml.ts';

/** JUnit's XML: a file is a suite, a finding a failed case; without findings there is one case that passed. Valid by the schemas of Ant and of Jenkins, which know no place of a case. */
export function junitReport(report: Report): string {
  const files = filesOf(report);
  const suites = files.map(({ path, rows }) => ({
    name: path, failures: rows.length,
    cases: rows.map(({ start, finding }) => `    <testcase name="${xml(`${finding.rule} at ${start.line}:${start.column}`)}" classname="${xml(path)}" time="0">
      <failure type="${finding.severity}" message="${xml(finding.message)}">${xml(`${path}:${start.line}:${start.column} ${finding.message}`)}</failure>
    </testcase>\n`),
  }));
  const passed = { name: 'pgrampart', failures: 0, cases: [`    <testcase name="no problems in ${report.files} files" classname="pgrampart" time="0"/>\n`] };
  const written = (files.length > 0 ? suites : [passed]).map(({ name, failures, cases }, id) =>
    `  <testsuite id="${id}" name="${xml(name)}" package="${xml(name)}" timestamp="${report.today}T00:00:00" hostname="localhost" tests="${cases.length}" failures="${failures}" errors="0" skipped="0" time="0">
    <properties/>
${cases.join('')}    <system-out/>
    <system-err/>
  </testsuite>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${written.join('')}</testsuites>\n`;
}
