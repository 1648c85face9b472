import type { Random } from '../../functions/simulate/random.ts';
import type { OpenedStore } from '../../shared/store/openOperationsStore.ts';
import { drawCrash } from './pubSubModel.ts';
import { resume } from './task.ts';
import type { Task, World } from './world.ts';

const BEGINS_MS = { min: 0, max: 8_000 } as const;
const AGAIN_MS = { min: 10, max: 5_000 } as const;

/** An operator, and what the commands work on. */
export interface Operator {
  readonly world: World;
  readonly store: OpenedStore;
  readonly random: Random;
}

export const operationOf = (operationId: string) => ({
  operationId,
  operator: 'an operator',
  because: 'the person asked for it',
});

/** Runs a command in a process of its own. One that fails or crashes is run again, until it is done. */
export const scheduleCommand = (
  { world, random }: Operator,
  name: string,
  command: () => Promise<unknown>,
): void => {
  const { scheduler } = world;
  const again = (): void => {
    scheduler.at(scheduler.nowMs() + random.integer(AGAIN_MS.min, AGAIN_MS.max), run);
  };
  const run = (): void => {
    const task: Task = {
      world,
      name,
      random,
      clockSkewMs: 0,
      ...drawCrash(world, random),
      onCrash: again,
      calls: 0,
      isDead: false,
      sawFault: false,
    };
    resume(task, () => {
      command().then(
        () => world.trace(() => `${task.name} is done`),
        () => again(),
      );
    });
  };
  scheduler.at(scheduler.nowMs() + random.integer(BEGINS_MS.min, BEGINS_MS.max), run);
};
