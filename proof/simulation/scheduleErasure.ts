import { createHash } from 'node:crypto';
import type { Random } from '../../functions/simulate/random.ts';
import type { DecisionEntry } from '../../shared/domain/ledgerEntry.ts';
import { accept } from '../../shared/protocol/accept.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Erasure } from './oracle.ts';
import { drawCrash } from './pubSubModel.ts';
import { resume } from './task.ts';
import type { Task, World } from './world.ts';

const BEGINS_MS = { min: 0, max: 8_000 } as const;
const AGAIN_MS = { min: 10, max: 5_000 } as const;

/**
 * An operator erases a person's data in an order, with a command of its own process. A command that fails or
 * crashes is run again, until it is done.
 */
export const scheduleErasure = (world: World, store: Store, erasure: Erasure, random: Random): void => {
  const { scheduler } = world;
  const entry = toEntry(erasure);

  const again = (): void => {
    scheduler.at(scheduler.nowMs() + random.integer(AGAIN_MS.min, AGAIN_MS.max), run);
  };
  const run = (): void => {
    const task: Task = {
      world,
      name: `the erasure of order ${erasure.orderId}`,
      random,
      clockSkewMs: 0,
      ...drawCrash(world, random),
      onCrash: again,
      calls: 0,
      isDead: false,
      sawFault: false,
    };
    resume(task, () => {
      accept(entry, { store, tell: refuseToTell }).then(
        () => world.trace(() => `${task.name} is done`),
        () => again(),
      );
    });
  };
  scheduler.at(random.integer(BEGINS_MS.min, BEGINS_MS.max), run);
};

const toEntry = ({ orderId, publishedAtMs }: Erasure): DecisionEntry => ({
  kind: 'decision',
  decision: 'erased',
  orderId,
  publishedAtMs,
  atMs: publishedAtMs,
  eventId: createHash('sha256').update(`erase ${orderId} ${publishedAtMs}`).digest('hex').slice(0, 32),
  ref: '',
  because: 'the person asked for it',
  decidedBy: 'an operator',
});

const refuseToTell = (): Promise<void> => Promise.reject(new Error('an erasure tells nothing'));
