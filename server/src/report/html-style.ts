/** Colours come from the theme of VS Code where there is one, and from the system elsewhere; every colour goes with a word. */
export const style = `
:root {
  color-scheme: light dark;
  --text: var(--vscode-foreground, light-dark(#1f2328, #e6e6e6));
  --page: var(--vscode-editor-background, light-dark(#ffffff, #1b1d21));
  --quiet: var(--vscode-descriptionForeground, light-dark(#59636e, #a0a7b0));
  --line: var(--vscode-panel-border, light-dark(#d1d9e0, #3d434b));
  --code: var(--vscode-textCodeBlock-background, light-dark(#f3f5f8, #262a30));
  --critical: light-dark(#8b0f2a, #ff6b81);
  --high: light-dark(#c8372d, #f4837a);
  --medium: light-dark(#9a6700, #e3b341);
  --low: light-dark(#1f6fb2, #79b8f2);
  --info: light-dark(#59636e, #a0a7b0);
  --fine: light-dark(#1a7f37, #57ab5a);
}
.vscode-dark, .vscode-high-contrast { color-scheme: dark; } .vscode-light, .vscode-high-contrast-light { color-scheme: light; }
body { margin: 0 auto; padding: 1.5rem; max-width: 70rem; background: var(--page); color: var(--text);
  font: 14px/1.5 var(--vscode-font-family, system-ui, sans-serif); }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 1.5rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
summary { cursor: pointer; } summary h2 { display: inline; } section > details { margin-top: 1.6em; }
.small { color: var(--quiet); font-size: .9em; } .number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font-family: var(--vscode-editor-font-family, ui-monospace, monospace); }
code { color: inherit; background: none; padding: 0; }
pre { background: var(--code); padding: .4rem .6rem; margin: .25rem 0; overflow-x: auto; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: none; color: inherit; font-weight: bold; text-decoration: underline wavy var(--high); text-underline-offset: 3px; }
.place { color: var(--quiet); }
ul { padding-left: 1.2rem; } .tiles, .findings { list-style: none; padding: 0; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; }
.tile { flex: 1 1 5.5rem; border: 1px solid var(--line); border-left-width: 6px; border-radius: 4px; padding: .4rem .8rem; }
.tile strong { font-size: 1.7rem; display: block; line-height: 1.2; } .tile.none { color: var(--quiet); }
table { border-collapse: collapse; } th, td { padding: .25rem .7rem; text-align: left; vertical-align: top; font-weight: normal; }
.bars { width: 100%; } .bars th { white-space: nowrap; } .bars td:nth-child(2) { width: 55%; vertical-align: middle; }
.exposure th, .exposure td { border: 1px solid var(--line); } .exposure thead th { color: var(--quiet); }
.exposure { width: 100%; table-layout: fixed; } .exposure th:first-child { width: 9rem; } .exposure td[class] { border-left-width: 5px; }
h3, td code { overflow-wrap: anywhere; } .wide { overflow-x: auto; }
@media (max-width: 40rem) { body { padding: .75rem; } th, td { padding: .25rem .4rem; } .exposure { min-width: 34rem; } .exposure th:first-child { width: 6rem; } .bars td:nth-child(2) { width: 25%; } }
.finding { margin: .8rem 0; } .finding p { margin: .2rem 0; }
.badge { display: inline-block; border: 1px solid; border-radius: 4px; padding: 0 .4rem; font-size: .85em; font-weight: bold; }
.critical { --color: var(--critical); } .high { --color: var(--high); } .medium { --color: var(--medium); } .low { --color: var(--low); } .info { --color: var(--info); } .fine { --color: var(--fine); }
.badge { color: var(--color); } .tile, .exposure td[class] { border-left-color: var(--color); } rect { fill: var(--color); }
@media (forced-colors: active) { rect { fill: CanvasText; stroke: Canvas; } .tile, .badge { border-color: CanvasText; } }
@media print { body { max-width: none; padding: 0; } summary { break-after: avoid; } .finding { break-inside: avoid; } details::details-content { content-visibility: visible; height: auto; } }
`;
