import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../proof/runner/figuresOf.ts';

/** The last lines of `npm run coverage` and `npm run mutation`. */
const COVERAGE = `
 % Coverage report from v8
-------------------|---------|----------|---------|---------|-------------------
File               | % Stmts | % Branch | % Funcs | % Lines | Uncovered Line #s
-------------------|---------|----------|---------|---------|-------------------
All files          |   99.71 |      100 |     100 |   99.66 |
 functions/onOrder |     100 |      100 |     100 |     100 |
  decide.ts        |     100 |      100 |     100 |     100 |
-------------------|---------|----------|---------|---------|-------------------
`;
const MUTATION = `
----------------|------------------|----------|-----------|------------|----------|----------|
                | % Mutation score |          |           |            |          |          |
File            |  total | covered | # killed | # timeout | # survived | # no cov | # errors |
----------------|--------|---------|----------|-----------|------------|----------|----------|
All files       |  98.40 |   98.40 |     1100 |         7 |         18 |        0 |        0 |
 functions      |  97.01 |   97.01 |      130 |         0 |          4 |        0 |        0 |
----------------|--------|---------|----------|-----------|------------|----------|----------|
12:00:00 (1) INFO MutationTestExecutor Done in 31 minutes.
`;

describe('the figures of a part', () => {
  it.each([
    ['its last line, where that is JSON', 'so far\n{"bugs":52,"caught":52}\n', { bugs: 52, caught: 52 }],
    [
      'the totals of the table of coverage',
      COVERAGE,
      { '% Stmts': 99.71, '% Branch': 100, '% Funcs': 100, '% Lines': 99.66 },
    ],
    [
      'the totals of the table of mutation, though a line follows',
      MUTATION,
      {
        total: 98.4,
        covered: 98.4,
        '# killed': 1100,
        '# timeout': 7,
        '# survived': 18,
        '# no cov': 0,
        '# errors': 0,
      },
    ],
    [
      'those of a table in colours',
      COVERAGE.replaceAll('99.71', '\u001b[33m99.71\u001b[39m'),
      figuresOf(COVERAGE),
    ],
    ['else its last line', 'first\n\nlast\n\n', 'last'],
    ['that line, where it is JSON without names', '[1,2]\n', '[1,2]'],
    ['nothing, where it printed nothing', '', ''],
  ])('are %s', (_what, output, figures) => {
    expect(figuresOf(output)).toEqual(figures);
  });
});
