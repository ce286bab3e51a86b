import * as vscode from 'vscode';

interface Pipeline extends vscode.QuickPickItem {
  /** `origin`: where git finds pgrampart. `tag`: the version that runs. */
  readonly text: (origin: string, tag: string) => string;
}

/** Asks which service it is for, and puts on the clipboard what runs pgrampart there. */
export async function copyCiSnippet(context: vscode.ExtensionContext): Promise<void> {
  const chosen = await vscode.window.showQuickPick(pipelines, { placeHolder: vscode.l10n.t('Where pgrampart is to run') });
  if (chosen === undefined) return;
  const { version, repository } = context.extension.packageJSON as { readonly version: string; readonly repository?: { readonly url: string } };
  await vscode.env.clipboard.writeText(chosen.text(repository?.url ?? exampleOrigin, `v${version}`));
  const place = repository ? '' : ` ${vscode.l10n.t('Write the address of the pgrampart repository in place of {0}.', exampleOrigin)}`;
  void vscode.window.showInformationMessage(`${vscode.l10n.t('The configuration for {0} is on the clipboard; it belongs into {1}.', chosen.label, chosen.description ?? '')}${place}`);
}

const exampleOrigin = 'https://git.example.com/pgrampart.git';

const npx = (origin: string, tag: string) => `npx --yes --package "git+${origin}#${tag}" pgrampart scan`;

const pipelines: readonly Pipeline[] = [
  {
    label: 'GitHub Actions',
    description: '.github/workflows/pgrampart.yml',
    text: (origin, tag) => `name: PostgreSQL security
on: [push, pull_request]
permissions:
  contents: read
  security-events: write
jobs:
  pgrampart:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 22
      - run: ${npx(origin, tag)} --format github --format sarif=pgrampart.sarif
      - uses: github/codeql-action/upload-sarif@v3
        if: always()
        with:
          sarif_file: pgrampart.sarif
`,
  },
  {
    label: 'GitLab CI/CD',
    description: '.gitlab-ci.yml',
    text: (origin, tag) => `pgrampart:
  image: node:22
  script:
    - ${npx(origin, tag)} --format pretty --format gitlab-sast=gl-sast-report.json --format gitlab-codequality=gl-code-quality-report.json
  artifacts:
    when: always
    reports:
      sast: gl-sast-report.json
      codequality: gl-code-quality-report.json
`,
  },
  {
    label: 'pre-commit',
    description: '.pre-commit-config.yaml',
    text: (origin, tag) => `repos:
  - repo: ${origin}
    rev: ${tag}
    hooks:
      - id: pgrampart
`,
  },
];
