import type { StoryName } from './storyOf.ts';
import { createFlowRandom, type Random } from './random.ts';
import { type SimulateRequest, STORIES } from './requestFields.ts';

/** A message follows another one after 1 to this many steps: a payment its order, a copy its original. */
export const FOLLOW_STEPS_MAX = 20;

/** What a real shop does with one order. */
export interface Flow {
  /** How many versions of the order are in one publish request. */
  readonly versions: number;
  readonly isGuest: boolean;
  readonly isCardless: boolean;
  readonly isPaidTwice: boolean;
  /** What happens to its payment unless it is paid twice. */
  readonly story: StoryName;
  /** How many steps the second message of a story follows the first. */
  readonly followingSteps: number;
}

/** Draws what happens to an order. The same request and order always give the same. */
export const drawFlow = (orderId: number, request: SimulateRequest): Flow => {
  const random = createFlowRandom(request.seed, orderId);
  return {
    versions: random.chance(request.versions) ? request.versionsPerOrder : 1,
    isGuest: random.chance(request.guests),
    isCardless: random.chance(request.cardless),
    isPaidTwice: random.chance(request.doublePaid),
    story: drawStory(random, request),
    followingSteps: random.integer(1, FOLLOW_STEPS_MAX),
  };
};

const drawStory = (random: Random, request: SimulateRequest): StoryName => {
  let fate = random.next();
  for (const story of STORIES) {
    if (fate < request[story]) return story;
    fate -= request[story];
  }
  return 'paidOnce';
};
