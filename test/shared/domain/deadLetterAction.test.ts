import { expect, it } from 'vitest';
import { toDeadLetterAction } from '../../../shared/store/rows.ts';
import { deadLetterAction } from '../../support/messages/records.ts';

const read = (action: string) =>
  toDeadLetterAction({
    reason: 'unmatched',
    acted_at: new Date(deadLetterAction().actedAtMs),
    operation_id: 'op-1',
    action,
    operator: 'ann',
    because: null,
    redrives: null,
    detail: null,
  });

it.each(['redriven', 'edited', 'discarded', 'erased'] as const)('can be read from a row: %s', (kind) => {
  expect(read(kind)).toEqual(deadLetterAction({ kind, because: '', redrives: undefined, detail: '' }));
});

it('cannot be read from a row that says something else', () => {
  expect(() => read('')).toThrow(/action/);
});
