import { describe, it } from 'vitest';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { DEMO_TIMEOUT_MS, expectRight } from '../support/commands/runDemo.ts';

describe.skipIf(!hasCassandra)('the reference’s own traffic', () => {
  it(
    'in scenario A ends with 80 orders paid, 420 payments parked and nothing lost',
    { timeout: DEMO_TIMEOUT_MS },
    () => expectRight('A'),
  );
});
