import { REPLICAS, type State } from './state.ts';
import {
  crash,
  deliver,
  fail,
  keepUnread,
  proceed,
  publish,
  type Rules,
  reach,
  spend,
} from './transitions.ts';

export type Step = () => State | Promise<State>;

/**
 * What can happen next. Some steps commute with everything that others do until they are seen: that a handler begins, that a
 * message is published, that a write arrives which no handler reads. Those are taken at once, with the faults that can strike
 * them, and nothing else is: every other order of the same steps ends in a state that this one reaches too.
 */
export const stepsFrom = (state: State, rules: Rules): Step[] =>
  beginnings(state, rules) ??
  publishes(state, rules) ??
  unreadWrites(state, rules) ??
  otherSteps(state, rules);

const beginnings = (state: State, rules: Rules): Step[] | undefined => {
  const index = state.messages.findIndex(({ status }) => status === 0);
  if (index === -1) return undefined;
  const once = () => deliver(state, index, rules);
  if (state.faultsLeft === 0) return [once];
  // The second of two deliveries may stand still for as long as it likes: later ones are among these.
  return [once, async () => deliver(await deliver(spend(state), index, rules), index, rules)];
};

const publishes = (state: State, rules: Rules): Step[] | undefined => {
  for (const [index, running] of state.handlers.entries()) {
    if (running === undefined) continue;
    const { calls, results } = rules.handlers.nodeAt(running.node);
    for (const [call, asked] of calls.entries()) {
      if (asked.kind !== 'publish' || results[call] !== undefined) continue;
      const done = () => publish(state, index, call, asked.message, 'done', rules);
      if (state.faultsLeft === 0) return [done];
      return [
        done,
        () => publish(spend(state), index, call, asked.message, 'failed', rules),
        () => proceed(spend(state), index, call, 'failed', rules),
        () => crash(spend(state), index),
      ];
    }
  }
  return undefined;
};

const unreadWrites = (state: State, rules: Rules): Step[] | undefined => {
  const index = state.operations.findIndex(({ isWrite, number }) => isWrite && rules.isUnread(number));
  const operation = state.operations[index];
  if (operation === undefined) return undefined;
  const done = () => keepUnread(state, index, 'done', rules);
  if (state.faultsLeft === 0) return [done];
  return [
    done,
    // A timeout: it has arrived, or never will.
    () => keepUnread(spend(state), index, 'failed', rules),
    () => fail(spend(state), index, rules),
    () => crash(spend(state), operation.asker),
  ];
};

const otherSteps = (state: State, rules: Rules): Step[] => {
  const steps: Step[] = [];
  const hasFault = state.faultsLeft > 0;
  for (const [index, operation] of state.operations.entries()) {
    for (let replica = 0; replica < REPLICAS; replica += 1) {
      if ((operation.pending & (1 << replica)) !== 0) steps.push(() => reach(state, index, replica, rules));
    }
    // A timeout: what has not arrived may arrive yet, or never.
    if (hasFault && operation.asker !== -1) steps.push(() => fail(spend(state), index, rules));
  }
  if (!hasFault) return steps;
  for (const [index, running] of state.handlers.entries()) {
    if (running !== undefined) steps.push(() => crash(spend(state), index));
  }
  return steps;
};
