import { currentTask, resume } from './task.ts';
import { EPOCH_MS } from './epochMs.ts';

interface Timer {
  isCleared: boolean;
}

/**
 * Puts `setTimeout` and `Date.now` on the simulated clock while `run` lasts. The endpoint has a time limit,
 * which must pass in simulated time, and no run may depend on the real time.
 */
export const withSimulatedTimers = async <T>(run: () => Promise<T>): Promise<T> => {
  const { setTimeout: realSet, clearTimeout: realClear } = globalThis;
  const realNow = Date.now;
  Date.now = () => currentTask()?.world.pubsubMs() ?? EPOCH_MS;
  const set = (callback: () => void, delayMs = 0): Timer => {
    const task = currentTask();
    if (task === undefined) throw new Error('a timer was set while no task was running');
    const { scheduler } = task.world;
    const timer: Timer = { isCleared: false };
    scheduler.at(scheduler.nowMs() + delayMs, () => {
      if (!timer.isCleared) resume(task, callback);
    });
    return timer;
  };
  const clear = (timer: Timer | undefined): void => {
    if (timer !== undefined) timer.isCleared = true;
  };
  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  try {
    return await run();
  } finally {
    Date.now = realNow;
    Object.assign(globalThis, { setTimeout: realSet, clearTimeout: realClear });
  }
};
