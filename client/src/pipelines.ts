/** A service that runs commands when something changes. */
export interface Pipeline {
  readonly label: string;
  /** The file that says what it runs. */
  readonly description: string;
  /** `origin`: where git finds pgrampart. `tag`: the version that runs. */
  readonly text: (origin: string, tag: string) => string;
}

/** Stands for the address of the repository where nothing tells it. */
export const exampleOrigin = 'https://git.example.com/pgrampart.git';

const npx = (origin: string, tag: string) => `npx --yes --package "git+${origin}#${tag}" pgrampart scan`;

export const pipelines: readonly Pipeline[] = [
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
