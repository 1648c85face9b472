import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFifo } from '../../../../local/pubsub/server/fifo.ts';

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('add'), weight: fc.nat({ max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('dropFirst'), weight: fc.constant(0) }) },
  fc.record({ kind: fc.constant('removeWhere'), weight: fc.nat({ max: 3 }) }),
);

it('has what came and did not go, in the order in which it came', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const fifo = createFifo<{ readonly weight: number }>();
      let expected: { readonly weight: number }[] = [];
      for (const { kind, weight } of steps) {
        const item = { weight };
        const meant = kind === 'removeWhere' ? expected.filter((one) => one.weight === weight) : [];
        const removed = kind === 'removeWhere' ? fifo.removeWhere((one) => one.weight === weight) : [];
        expected = expected.filter((one) => !meant.includes(one));
        if (kind === 'add') {
          fifo.add(item);
          expected.push(item);
        } else if (kind === 'dropFirst' && expected.length > 0) {
          fifo.dropFirst();
          expected.shift();
        }
        expect(removed).toEqual(meant);
        expect([fifo.count(), fifo.first(), fifo.all()]).toEqual([expected.length, expected[0], expected]);
      }
    }),
  );
});
