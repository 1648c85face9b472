import type { Suite } from '../verdict.ts';
import { createBodiesSuite } from './bodiesSuite.ts';
import { createCardsSuite } from './cardsSuite.ts';
import { createLinesSuite } from './linesSuite.ts';

export const SUITE_NAMES = ['bodies', 'lines', 'cards'] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];

/** The suites, by their names on the command line. */
export const SUITES: Readonly<Record<SuiteName, () => Suite>> = {
  bodies: () => createBodiesSuite(),
  lines: () => createLinesSuite(),
  cards: () => createCardsSuite(),
};
