import { tree, type TextFile } from './tree.ts';

/** The pages that people read. */
export const docFiles: readonly TextFile[] = tree.filter(({ path }) =>
  /^(?:(?:README|CONTRIBUTING|CHANGELOG)|docs\/.+|(?:proof|examples)\/README|\.github\/.+)\.md$/.test(path),
);
