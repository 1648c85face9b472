import { describeLitmusWorlds } from '../../support/proof/litmusSuite.ts';

describeLitmusWorlds([
  [2, 0, 30],
  [1, 1, 15],
]);
