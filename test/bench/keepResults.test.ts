import { expect, it } from 'vitest';
import { keepResults } from '../../bench/keepResults.ts';
import { atMost } from '../../bench/report/result.ts';

const resultOf = (title: string, control: number) => ({
  sections: [{ title, notes: [], columns: [], rows: [] }],
  targets: [atMost(title, 1, 2)],
  controls: [control],
});

it('adds up what all parts have found', async () => {
  const { result, failure } = await keepResults(async (keep) => {
    keep(resultOf('counts', 1));
    keep(resultOf('starts', 1.02));
  });

  expect(result.sections.map(({ title }) => title)).toEqual(['counts', 'starts']);
  expect(result.targets.map(({ name }) => name)).toEqual(['counts', 'starts']);
  expect(result.controls).toEqual([1, 1.02]);
  expect(failure).toBeUndefined();
});

it('keeps what was found before a part failed, and why it failed', async () => {
  const { result, failure } = await keepResults(async (keep) => {
    keep(resultOf('counts', 1));
    throw new Error('Cassandra ended');
  });

  expect(result.sections.map(({ title }) => title)).toEqual(['counts']);
  expect(failure?.message).toBe('Cassandra ended');
});
