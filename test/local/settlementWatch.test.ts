import { expect, it } from 'vitest';
import { createSettlementWatch } from '../../local/settlementWatch.ts';

it.each(['{ code: 7, details: "half a line of a stack', '{', '{"message":"other"}', 'Listening'])(
  'a line of a function that is no outcome is passed over: %s',
  (line) => {
    const watch = createSettlementWatch();

    watch.onLine('onOrder', line);

    expect(watch.counts()).toEqual({ inputs: 0, deadLettered: 0, deadLettersSettled: 0 });
  },
);
