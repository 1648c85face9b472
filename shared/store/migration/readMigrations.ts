import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { statementsOf } from './statementsOf.ts';

const FILE_NAME = /^\d{4}_[a-z0-9_]+\.cql$/;

/** A file of `cql/`. */
export interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly statements: readonly string[];
}

/**
 * Reads the files of a folder, in the order of their names.
 * @throws Error for a name that has no place in the order. Such a file would never be applied, and nobody
 * would notice that.
 */
export const readMigrations = async (folder: string): Promise<readonly Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cql')).toSorted();
  const misnamed = names.filter((name) => !FILE_NAME.test(name));
  if (misnamed.length > 0)
    throw new Error(`cql/${misnamed.join(', ')}: expected a name such as 0004_lower_case_words.cql`);
  return Promise.all(
    names.map(async (name) => {
      const cql = await readFile(join(folder, name), 'utf8');
      const checksum = createHash('sha256').update(cql).digest('hex');
      return { name, checksum, statements: statementsOf(cql) };
    }),
  );
};
