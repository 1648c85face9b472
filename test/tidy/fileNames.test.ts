import { basename } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { applyExceptions, type Finding } from './applyExceptions.ts';
import { FILES_BY_SUBJECT } from './exceptions.ts';
import { findExports } from './findExports.ts';
import { codeFiles, type TextFile } from './tree.ts';

/** Files that have the same name in every folder, because they have the same role there. */
const ROLES = ['config.ts', 'decide.ts', 'handler.ts', 'index.ts', 'limits.ts', 'main.ts', 'worker.ts'];

/** Tests, and what the compiler or a tool reads, are named after something else. */
const isElsewhere = (path: string): boolean =>
  path.startsWith('test/') || /\.d\.ts$|\.config\.\w+$/.test(path) || ROLES.includes(basename(path));

/** The same for `memoryStore`, `MemoryStore` and `MEMORY_STORE`. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/**
 * A file that exports nothing of its own name: `store.ts` has to export `store`, `Store`, `STORE` or
 * `createStore`, `cli/audit.ts` may export `auditCommand`, and a file of routes `findRoutes`.
 */
const misnamed = ({ path, text }: TextFile): readonly Finding[] => {
  const exported = findExports(text);
  if (isElsewhere(path) || exported.length === 0) return [];
  const base = basename(path).replace(/\.\w+$/, '');
  const allowed = [
    base,
    `create${base}`,
    ...(path.startsWith('cli/') ? [`${base}Command`] : []),
    ...(path.startsWith('console/server/routes/') ? [`${base}Routes`] : []),
  ].map(plain);
  if (exported.some(({ name }) => allowed.includes(plain(name)))) return [];
  const names = exported.map(({ name }) => name).join(', ');
  return [{ key: path, fault: `${path}:1: exports ${names}, but nothing that is called ${base}` }];
};

const found = (path: string, text: string) => misnamed({ path, text });

describe('the name of a file', () => {
  it.each([
    ['a function', 'shared/openStore.ts', 'export const openStore = () => {};'],
    ['a class', 'cdktf/Topics.ts', 'export class Topics {}'],
    ['a constant in capitals', 'proof/plantedBugs.ts', 'export const PLANTED_BUGS = [];'],
    ['a type', 'shared/store.ts', 'export interface Row {}\nexport interface Store {}'],
    ['a type that is made there', 'local/broker.ts', 'export interface Broker {}\nexport const makeOne = 1;'],
    ['what it creates', 'local/broker.ts', 'export const createBroker = () => {};'],
    ['its routes', 'console/server/routes/find.ts', 'export const findRoutes = () => [];'],
    ['its command', 'cli/audit.ts', 'export const auditCommand = () => {};'],
    ['its role', 'functions/onOrder/handler.ts', 'export const createOnOrder = () => {};'],
    ['nothing, which is all that it exports', 'proof/run.ts', 'console.log(1);'],
  ])('may be that of %s', (_what, path, text) => {
    expect(found(path, text)).toEqual([]);
  });

  it.each([
    ['an export that it does not have', 'shared/deadlines.ts', 'export const HANDLE_MS = 1, other = 2;'],
    ['an export without its verb', 'shared/eventId.ts', 'export const eventIdOf = () => {};'],
    ['a command outside cli/', 'shared/audit.ts', 'export const auditCommand = () => {};'],
  ])('may not be that of %s', (_what, path, text) => {
    expect(found(path, text)).toEqual([{ key: path, fault: expect.stringContaining(`${path}:1: exports `) }]);
  });
});

describe('every file', () => {
  it('is named after its main export, or holds several things by subject and is on the list', () => {
    const faults = applyExceptions(codeFiles.flatMap(misnamed), 'FILES_BY_SUBJECT', FILES_BY_SUBJECT);

    expect(faults).toEqual([]);
  });
});
