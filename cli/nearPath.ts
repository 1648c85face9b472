import { relative } from 'node:path';

/** A path as a person types it: relative to the folder where the command runs, if it is in there. */
export const nearPath = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
};
