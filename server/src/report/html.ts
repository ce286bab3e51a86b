import { origins, proofs, type Exposure } from '../facts/hba/exposure.ts';
import { knownRules } from '../policy/catalog.ts';
import { severities, type Severity } from '../rules/rule.ts';
import { style } from './html-style.ts';
import { relativePath } from '../paths.ts';
import { countBySeverity, type ExposedFile, type Report } from './report.ts';
import type { ReportedFile, ReportedFinding } from './reported.ts';
import { plural, summary } from './text.ts';
import { html } from './xml.ts';

/**
 * One page that needs nothing else: no script, no picture, no font. In VS Code it takes the colours of the theme.
 * `nonce`: what the page's policy lets its style have; without it the page brings a policy of its own.
 */
export function* htmlReport(report: Report, nonce?: string): Generator<string> {
  const policy = nonce === undefined ? "default-src 'none'; style-src 'unsafe-inline'" : `default-src 'none'; style-src 'nonce-${nonce}'`;
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PostgreSQL security report</title>
<style${nonce === undefined ? '' : ` nonce="${nonce}"`}>${style}</style>
</head>
<body>
<header>
<h1>PostgreSQL security</h1>
<p>${html(summary(report))}${report.crashed ? ' <strong>Something inside failed, so findings may be missing.</strong>' : ''}</p>
</header>
<main>
`;
  const counts = countsOf(report);
  yield* [severitySection(report), familySection(counts), exposureSection(report), ruleSection(counts), shortened(report)];
  for (const { file, shown } of shownOf(report)) yield fileSection(report, file, shown);
  yield* [skippedSection(report), scopeSection(report), '</main>\n</body>\n</html>\n'];
}

/** More problems make a page that browsers are slow to show and nobody reads. */
const mostShown = 10_000;

function shortened(report: Report): string {
  const total = countBySeverity(report).reduce((sum, [, count]) => sum + count, 0);
  return total <= mostShown ? '' : `<section>\n<p><strong>The ${mostShown} gravest of ${total} problems follow.</strong> All of them are in the other formats, such as SARIF, JSON and CSV.</p>\n</section>\n`;
}

/** The gravest findings, as many as a page can show. */
function* shownOf(report: Report): Generator<{ readonly file: ReportedFile; readonly shown: readonly ReportedFinding[] }> {
  let room = mostShown;
  const left = new Map(countBySeverity(report).map(([severity, count]) => {
    const most = Math.min(count, room);
    room -= most;
    return [severity, most];
  }));
  for (const file of report.reported) {
    const shown = file.findings.filter(({ severity }) => {
      const more = left.get(severity)!;
      left.set(severity, more - 1);
      return more > 0;
    });
    if (shown.length > 0) yield { file, shown };
  }
}

type RuleCounts = ReadonlyMap<string, ReadonlyMap<Severity, number>>;

/** How often each rule has found something, by severity. */
function countsOf(report: Report): RuleCounts {
  const counts = new Map<string, Map<Severity, number>>();
  for (const { findings } of report.reported) {
    for (const { rule, severity } of findings) {
      const known = counts.get(rule) ?? new Map<Severity, number>();
      counts.set(rule, known.set(severity, (known.get(severity) ?? 0) + 1));
    }
  }
  return counts;
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, one) => total + one, 0);
}

function severitySection(report: Report): string {
  const counts = new Map(countBySeverity(report));
  const tiles = severities.map((severity) => `<li class="tile ${severity}${counts.has(severity) ? '' : ' none'}"><strong>${counts.get(severity) ?? 0}</strong> ${severity}</li>`);
  return `<section aria-label="Findings by severity">\n<ul class="tiles">${tiles.join('')}</ul>\n</section>\n`;
}

const familyNames: Readonly<Record<string, string>> = {
  hba: 'Who gets in', ident: 'Name maps', conf: 'Settings', cluster: 'Files together', sql: 'SQL', meta: 'Suppressions',
};

/** One bar for each family, cut by severity. */
function familySection(counts: RuleCounts): string {
  const families = [...new Set(knownRules.map(({ id }) => id.split('/')[0]!))];
  const rows = families.map((family) => {
    const found = [...counts].filter(([rule]) => rule.startsWith(`${family}/`)).map(([, bySeverity]) => bySeverity);
    const parts = severities.map((severity) => ({ severity, count: sum(found.map((one) => one.get(severity) ?? 0)) })).filter(({ count }) => count > 0);
    return { family, parts, total: sum(parts.map(({ count }) => count)) };
  }).filter(({ total }) => total > 0);
  if (rows.length === 0) return '';
  const longest = Math.max(...rows.map(({ total }) => total));
  const bars = rows.map(({ family, parts, total }) => {
    let x = 0;
    const drawn = parts.map(({ severity, count }) => {
      const width = 100 * count / longest;
      const part = `<rect class="${severity}" x="${x.toFixed(2)}%" y="0" width="${width.toFixed(2)}%" height="100%"><title>${count} ${severity}</title></rect>`;
      x += width;
      return part;
    });
    const said = parts.map(({ severity, count }) => `${count} ${severity}`).join(', ');
    return `<tr><th scope="row">${html(familyNames[family] ?? family)}</th><td><svg role="img" aria-label="${html(said)}" width="100%" height="18">${drawn.join('')}</svg></td><td class="number">${total}</td><td class="small">${html(said)}</td></tr>`;
  });
  return `<section>\n<h2>Where the problems are</h2>\n<table class="bars" aria-label="Problems by family and severity"><tbody>\n${bars.join('\n')}\n</tbody></table>\n</section>\n`;
}

const mostExposed = 500;

function exposureSection(report: Report): string {
  if (report.exposed.length === 0) return '';
  const tables = report.exposed.slice(0, mostExposed).map((file) => exposureTable(report, file)).join('');
  const left = report.exposed.length - mostExposed;
  const more = left > 0 ? `<p><strong>${plural(left, 'more file')} ${left === 1 ? 'is' : 'are'} not shown.</strong> <code>pgrampart who</code> answers for each.</p>\n` : '';
  return `<section>\n<details${report.exposed.length <= 5 ? ' open' : ''}><summary><h2>Who gets in</h2> <span class="small">${plural(report.exposed.length, 'file')}</span></summary>\n${tables}${more}</details>\n</section>\n`;
}

/** Where clients come from against what they have to show; each cell names the lines of the file. */
function exposureTable(report: Report, { path, version, entries }: ExposedFile): string {
  const head = proofs.map((proof) => `<th scope="col">${proofTitles[proof]}</th>`).join('');
  const rows = origins.filter((origin) => entries.some(({ from }) => from === origin)).map((origin) => {
    const cells = proofs.map((proof) => {
      const found = entries.filter(({ from, shows }) => from === origin && shows === proof);
      return found.length === 0 ? '<td></td>' : cellOf(found);
    });
    return `<tr><th scope="row">${origin}</th>${cells.join('')}</tr>`;
  });
  const list = entries.map(({ line, text, plain }) => `<li value="${line}">${html(text)}${plain ? ' <em>(may go unencrypted)</em>' : ''}</li>`).join('\n');
  return `<h3>${html(relativePath(report.root, path))} <span class="small">PostgreSQL ${version}</span></h3>
<div class="wide"><table class="exposure" aria-label="Where clients come from and what they have to show"><thead><tr><th scope="col">from ↓ shows →</th>${head}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>
<details><summary>${plural(entries.length, 'record')} in words</summary><ol>
${list}
</ol></details>
`;
}

function cellOf(found: readonly Exposure[]): string {
  const danger = dangerOf(found[0]!);
  return `<td class="${danger}">${danger === 'fine' ? '' : `<span class="badge">${danger}</span> `}${plural(found.length, 'record')}<br><span class="small">${linesText(found)}</span></td>`;
}

const proofTitles = { nothing: 'nothing', weak: 'weak proof (md5, password, ident)', password: 'password', 'certificate or ticket': 'certificate, ticket or account' } as const;

/** The more people come from there and the less they have to show, the redder. */
function dangerOf({ from, shows }: Exposure): Severity | 'fine' {
  const near = from === 'this machine' || from === 'socket';
  if (shows === 'nothing') return near ? 'medium' : from === 'anywhere' || from === 'public networks' ? 'critical' : 'high';
  if (shows === 'weak') return near ? 'low' : 'medium';
  if (shows === 'password' && (from === 'anywhere' || from === 'public networks')) return 'low';
  return 'fine';
}

const mostLines = 12;

function linesText(found: readonly Exposure[]): string {
  const lines = found.slice(0, mostLines).map(({ line }) => line).join(', ');
  return `${found.length === 1 ? 'line' : 'lines'} ${lines}${found.length > mostLines ? ' …' : ''}`;
}

function ruleSection(counts: RuleCounts): string {
  if (counts.size === 0) return '';
  const totals = [...counts].map(([rule, bySeverity]) => [rule, sum(bySeverity.values())] as const);
  const top = totals.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, 10);
  const rows = top.map(([rule, count]) => `<tr><td class="number">${count}</td><th scope="row"><code>${html(rule)}</code></th><td>${html(titles.get(rule) ?? '')}</td></tr>`);
  return `<section>\n<h2>Most frequent</h2>\n<table aria-label="Most frequent rules"><tbody>\n${rows.join('\n')}\n</tbody></table>\n</section>\n`;
}

const titles = new Map(knownRules.map(({ id, title }) => [id, title]));

function fileSection(report: Report, file: ReportedFile, shown: readonly ReportedFinding[]): string {
  const items = shown.map((finding) => {
    const { line, before, marked, after } = finding.excerpt;
    const related = finding.related.map((place) => `<li>${html(relativePath(report.root, place.path))}:${place.start.line} ${html(place.message)}</li>`);
    return `<li class="finding">
<p><span class="badge ${finding.severity}">${finding.severity}</span> ${html(finding.message)} <code class="small">${html(finding.rule)}</code></p>
<pre><span class="place">${line}:${finding.start.column}</span>  ${html(before)}<mark>${html(marked)}</mark>${html(after)}</pre>
${related.length > 0 ? `<ul class="small">${related.join('')}</ul>\n` : ''}${finding.fixes[0] ? `<p class="small">Fix: ${html(finding.fixes[0].title)}</p>\n` : ''}</li>`;
  });
  const path = relativePath(report.root, file.path);
  const total = file.findings.length;
  return `<section>\n<details open><summary><h2>${html(path)}</h2> <span class="small">${total > items.length ? `${items.length} of ` : ''}${plural(total, 'problem')}</span></summary>\n<ul class="findings">\n${items.join('\n')}\n</ul>\n</details>\n</section>\n`;
}

function skippedSection(report: Report): string {
  if (report.skipped.length === 0) return '';
  const items = report.skipped.map(({ path, reason }) => `<li>${html(relativePath(report.root, path))}: ${html(reason)}</li>`);
  return `<section>\n<details><summary><h2>Skipped</h2> <span class="small">${items.length}</span></summary>\n<ul>\n${items.join('\n')}\n</ul>\n</details>\n</section>\n`;
}

function scopeSection(report: Report): string {
  const rows = [['Folder', report.root], ['Files looked at', String(report.files)], ['Silenced by comments', String(report.counts.suppressed)], ['Accepted in the baseline', String(report.counts.accepted)], ['Day', report.today], ['pgrampart', report.version]];
  return `<section class="small">\n<h2>About this report</h2>\n<table aria-label="About this report"><tbody>\n${rows.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${html(value!)}</td></tr>`).join('\n')}\n</tbody></table>\n</section>\n`;
}
