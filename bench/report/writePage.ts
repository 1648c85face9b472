import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PAGE = join(import.meta.dirname, '../../docs/performance.md');
const MEASURED = /(?<=^<!-- measured -->\n)[\s\S]*(?=^<!-- \/measured -->$)/m;

/**
 * Puts the measured part into `docs/performance.md`. What people wrote around it stays.
 * @throws Error when the page has lost its markers.
 */
export const writePage = async (measured: string): Promise<void> => {
  const page = await readFile(PAGE, 'utf8');
  if (!MEASURED.test(page))
    throw new Error('docs/performance.md: expected "<!-- measured -->" and "<!-- /measured -->"');
  await writeFile(
    PAGE,
    page.replace(MEASURED, () => `${measured}\n`),
  );
};
