import { describe, expect, it } from 'vitest';
import { applyExceptions, type Finding } from './applyExceptions.ts';
import { TESTS_BY_SUBJECT } from './exceptions.ts';
import { tree } from './tree.ts';

/** The folders of test/ that mirror the source. The others are named after a kind of test. */
const MIRRORED =
  /^test\/(?<source>(?:bench|cdktf|cli|functions|local|proof|shared)\/.*?)(?:\.slow)?\.test\.ts$/;

/** The tests that mirror neither a file nor a folder. */
const unmirrored = (paths: readonly string[]): readonly Finding[] =>
  paths.flatMap((path) => {
    const source = MIRRORED.exec(path)?.groups?.source;
    if (source === undefined) return [];
    const isThere = paths.some(
      (other) => other === `${source}.ts` || other === `${source}.mjs` || other.startsWith(`${source}/`),
    );
    const fault = `${path}:1: mirrors no source: there is neither ${source}.ts nor a folder ${source}/`;
    return isThere ? [] : [{ key: path, fault }];
  });

describe('a test', () => {
  it.each([
    ['a file', 'test/shared/store/migrate.test.ts', 'shared/store/migrate.ts'],
    ['a file, slowly', 'test/proof/chaos/main.slow.test.ts', 'proof/chaos/main.ts'],
    ['a folder', 'test/local/cassandra.test.ts', 'local/cassandra/maven.ts'],
  ])('mirrors %s', (_what, test, source) => {
    expect(unmirrored([test, source])).toEqual([]);
  });

  it.each(['test/integration/crash.test.ts', 'test/support/builders.ts'])('need not mirror: %s', (path) => {
    expect(unmirrored([path])).toEqual([]);
  });

  it('is noticed when its source has moved', () => {
    expect(unmirrored(['test/shared/eventId.test.ts', 'shared/eventIdOf.ts'])).toEqual([
      {
        key: 'test/shared/eventId.test.ts',
        fault: expect.stringContaining('test/shared/eventId.test.ts:1: mirrors no source'),
      },
    ]);
  });
});

describe('every test', () => {
  it('mirrors a source, or is on the list', () => {
    const findings = unmirrored(tree.map(({ path }) => path));

    expect(applyExceptions(findings, 'TESTS_BY_SUBJECT', TESTS_BY_SUBJECT)).toEqual([]);
  });
});
