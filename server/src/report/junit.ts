import { relativePath } from '../paths.ts';
import { type Report } from './report.ts';
import { rowsOf } from './rows.ts';
import { xml } from './xml.ts';

/** JUnit's XML: a file is a suite, a finding a failed case; without findings there is one case that passed. */
export function junitReport(report: Report): string {
  const rows = rowsOf(report);
  const suites = report.reported.map(({ document }) => relativePath(report.root, document.path)).map((path) => {
    const own = rows.filter((row) => row.path === path);
    const cases = own.map(({ start, finding }) => `    <testcase name="${xml(`${finding.rule} at ${start.line}:${start.column}`)}" classname="${xml(path)}" file="${xml(path)}" line="${start.line}">
      <failure type="${finding.severity}" message="${xml(finding.message)}">${xml(`${path}:${start.line}:${start.column} ${finding.message}`)}</failure>
    </testcase>\n`);
    return `  <testsuite name="${xml(path)}" tests="${own.length}" failures="${own.length}" errors="0" skipped="0">\n${cases.join('')}  </testsuite>\n`;
  });
  const passed = `  <testsuite name="pgrampart" tests="1" failures="0" errors="0" skipped="0">\n    <testcase name="no problems in ${report.files} files" classname="pgrampart"/>\n  </testsuite>\n`;
  const tests = Math.max(rows.length, 1);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="pgrampart" tests="${tests}" failures="${rows.length}" errors="0">\n${suites.join('') || passed}</testsuites>\n`;
}
