import type { Task } from './world.ts';

let current: Task | undefined;

/**
 * The task whose code is running. Between two steps of the scheduler only one task runs, so the store and the
 * publisher can ask here who calls them.
 */
export const currentTask = (): Task | undefined => current;

/** Lets the code of a task go on, unless its process is gone. */
export const resume = (task: Task, run: () => void): void => {
  if (task.isDead) return;
  current = task;
  task.world.scheduler.resumed();
  run();
};

/** From here on no task's code is running. */
export const leaveTask = (): void => {
  current = undefined;
};

export interface Answer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes a call of a task. `start` makes the call, and the world answers it later. The process may crash at
 * the call; then the answer reaches nobody.
 */
export const callOut = <T>(task: Task, start: (answer: Answer<T>) => void): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  if (task.isDead) return promise;
  task.calls += 1;
  const crashes = task.calls === task.crashesAtCall;
  if (crashes && task.crashesBeforeCall) {
    crash(task);
    return promise;
  }
  start({
    resolve: (value) => resume(task, () => resolve(value)),
    reject: (error) => {
      task.sawFault = true;
      resume(task, () => reject(error));
    },
  });
  if (crashes) crash(task);
  return promise;
};

const crash = (task: Task): void => {
  task.world.trace(() => `${task.name} crashes`);
  task.isDead = true;
  task.onCrash();
};
