import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultSettingsSchema } from '../../local/pubsub/server/faults.ts';
import { KNOWN_DIFFERENCES } from '../contract/pubsub/knownDifferences.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const page = readFileSync(join(PROJECT_FOLDER, 'docs/local-pubsub.md'), 'utf8');
const tests = globSync('test/{contract,local,integration}/**/*.ts', { cwd: PROJECT_FOLDER })
  .map((file) => readFileSync(join(PROJECT_FOLDER, file), 'utf8'))
  .join('\n');

/** The cells of the table under a heading, its head left out. */
const tableUnder = (heading: string): readonly (readonly string[])[] => {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) => row.slice(2, -2).split(' | '));
};
const rows = (heading: string) =>
  tableUnder(heading).map((cells): [string, string] => [cells[0] ?? '', cells.at(-1) ?? '']);

describe('docs/local-pubsub.md', () => {
  it.for([...rows('Emulated'), ...rows('Not emulated'), ...rows('Faults on request')])(
    'names a test that exists: %s',
    ([, proof]) => {
      const title = /^`(.+)`$/.exec(proof)?.[1];

      expect(proof === 'not tested' || tests.includes(`'${title}'`)).toBe(true);
    },
  );

  it('has the contract’s own table of differences', () => {
    const expected = Object.entries(KNOWN_DIFFERENCES).map(([name, { production, emulator }]) => [
      `\`${name}\``,
      production,
      emulator,
    ]);

    const shown = tableUnder("Different from Google's emulator").map((cells) =>
      cells.map((cell, column) => (column === 2 ? cell.replaceAll('`', '') : cell)),
    );

    expect(shown).toEqual(expected);
  });

  it('names every fault', () => {
    const named = rows('Faults on request').flatMap(([fields]) => fields.replaceAll('`', '').split(', '));

    expect(named.toSorted()).toEqual(Object.keys(faultSettingsSchema.shape).toSorted());
  });
});
