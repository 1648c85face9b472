import { PROTOCOL_BUGS } from './protocolBugs.ts';
import { FOLD_BUGS } from './foldBugs.ts';
import { EDGE_BUGS } from './edgeBugs.ts';
import { REPORT_BUGS } from './reportBugs.ts';
import type { PlantedBug } from './plantedBug.ts';

export type { PlantedBug };

/** The bugs that the simulation must catch. Each breaks a promise. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...PROTOCOL_BUGS,
  ...FOLD_BUGS,
  ...EDGE_BUGS,
  ...REPORT_BUGS,
];
