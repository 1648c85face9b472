import type { Suite } from '../verdict.ts';
import type { PlantedBug } from '../world.ts';
import { createParseSuite, type Parsers } from './parseSuite.ts';
import { createPushSuite } from './pushSuite.ts';
import { createSimulateSuite } from './simulateSuite.ts';

/** Of ten bodies, seven are pushed to a consumer, two go to a parser only, and one goes to `simulate`. */
export const createBodiesSuite = (bug?: PlantedBug, parsers?: Parsers): Suite => {
  const push = createPushSuite(bug);
  const parse = createParseSuite(parsers);
  const simulate = createSimulateSuite();
  return (seed, index) => {
    const place = index % 10;
    const suite = place < 7 ? push : place < 9 ? parse : simulate;
    return suite(seed, index);
  };
};
