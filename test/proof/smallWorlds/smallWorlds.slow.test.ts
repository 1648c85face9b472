import { SMALL_WORLD_NAMES, SMALL_WORLDS } from '../../../proof/smallWorlds/smallWorlds.ts';
import { describeSmallWorlds } from '../../support/proof/smallWorldSuite.ts';

describeSmallWorlds(SMALL_WORLD_NAMES.map((name) => [name, SMALL_WORLDS[name].faultsMax ?? 1, 1]));
