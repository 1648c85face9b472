import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../proof/runner/figuresOf.ts';

/** The end of the output of `npm run coverage` and `npm run mutation`. */
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
    [
      'its last line, if that is a JSON object',
      'so far\n{"bugs":52,"caught":52}\n',
      { bugs: 52, caught: 52 },
    ],
    [
      'the totals of the table of coverage',
      COVERAGE,
      { '% Stmts': 99.71, '% Branch': 100, '% Funcs': 100, '% Lines': 99.66 },
    ],
    [
      'the totals of the table of mutation, also with a line after it',
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
      'the totals of a table with colours',
      COVERAGE.replaceAll('99.71', '\u001b[33m99.71\u001b[39m'),
      figuresOf(COVERAGE),
    ],
    ['otherwise its last line', 'first\n\nlast\n\n', 'last'],
    ['its last line, if that is JSON but not an object', '[1,2]\n', '[1,2]'],
    ['an empty text, if it printed nothing', '', ''],
  ])('are %s', (_what, output, figures) => {
    expect(figuresOf(output)).toEqual(figures);
  });
});
