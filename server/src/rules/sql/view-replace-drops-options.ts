import { shownRelation } from '../../facts/sql/rls.ts';
import { optionFixes } from '../../facts/sql/view-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Replacing the view drops its security options',
  why: 'CREATE OR REPLACE VIEW keeps owner and privileges but not the options: what is not named again is gone. A view that read its tables with the '
    + 'rights of whoever asks reads them with those of its owner afterwards, and nothing says so.',
  fixing: 'Writes the option into the statement again.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/sql-createview.html'],
  since: 15,
  examples: [
    {
      bad: 'CREATE VIEW app.v WITH (security_invoker = true) AS SELECT * FROM app.doc;\nCREATE OR REPLACE VIEW «app.v» AS SELECT id FROM app.doc;\n',
      fixed: 'CREATE VIEW app.v WITH (security_invoker = true) AS SELECT * FROM app.doc;\nCREATE OR REPLACE VIEW app.v WITH (security_invoker = true) AS SELECT id FROM app.doc;\n',
    },
    {
      path: 'V2__v.sql', files: { 'V1__v.sql': 'CREATE VIEW v WITH (security_barrier) AS SELECT * FROM doc;\n' },
      bad: 'CREATE OR REPLACE VIEW «v» AS SELECT id FROM doc;\n', fixed: 'CREATE OR REPLACE VIEW v WITH (security_barrier = true) AS SELECT id FROM doc;\n',
    },
    { good: 'CREATE VIEW v WITH (security_invoker = true) AS SELECT * FROM doc;\nCREATE OR REPLACE VIEW v AS SELECT id FROM doc;\nALTER VIEW v SET (security_invoker = true);\n' },
    { good: 'CREATE VIEW v WITH (security_invoker = true) AS SELECT * FROM doc;\nDROP VIEW v;\nCREATE VIEW v AS SELECT id FROM doc;\n', because: 'A new view, which may be meant so.' },
    { good: 'CREATE VIEW v AS SELECT * FROM doc;\nCREATE OR REPLACE VIEW v AS SELECT id FROM doc;\n' },
  ],
  *check(facts) {
    for (const view of facts.objects.relations) {
      const dropped = view.droppedOptions.find((option) => option === 'security_invoker' || option === 'security_barrier');
      if (!dropped || !view.query || !facts.here(view.query)) continue;
      yield {
        at: view.query.at,
        ...(view.reads.length === 0 && { severity: 'low' as const }),
        message: dropped === 'security_invoker'
          ? `${shownRelation(view)} reads its tables with the rights of its owner from here on: security_invoker is gone`
          : `${shownRelation(view)} no longer checks its own condition first: security_barrier is gone`,
        fixes: optionFixes(view, dropped, `Keep ${dropped}`),
      };
    }
  },
});
