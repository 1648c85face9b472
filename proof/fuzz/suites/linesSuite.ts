import type { Random } from '../../../functions/simulate/random.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import type { Handler } from '../../../shared/messaging/settleMessage.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { hostileRequest } from '../generate/hostileRequest.ts';
import { hostileBody } from '../generate/hostileBody.ts';
import { hostileText } from '../generate/hostileText.ts';
import { randomOf } from '../generate/randomOf.ts';
import { judgeLine } from '../judge/judgeLine.ts';
import type { Suite } from '../verdict.ts';
import { CONSUMERS, createWorld, type PlantedBug } from '../world.ts';

/**
 * Sends texts that end up in the log: requests, messages, and errors that quote them. Then it judges the log
 * line.
 */
export const createLinesSuite =
  (bug: PlantedBug = {}): Suite =>
  (seed, index) => {
    const random = randomOf(seed, index);
    const consumer = random.pick(CONSUMERS);
    const body = hostileBody(random.pick(['order', 'payment']), random);
    const request = hostileRequest(consumer, body.data, random);
    const headers = { ...request.headers, traceparent: hostileTraceparent(random) };
    const outcome = random.chance(0.5) ? undefined : hostileOutcome(random);
    return {
      how: `${consumer}: ${request.how}, ${body.how}`,
      payload: request.payload,
      check: async (payload) => {
        const world = createWorld({
          ...bug,
          ...(outcome === undefined ? {} : { wrapHandler: () => outcome }),
        });
        const { method } = request;
        const { status } = await world.push(consumer, { method, headers, rawBody: request.wrap(payload) });
        const verdict = { outcome: `${consumer} ${status}`, isMalformed: status !== 204 };
        if (world.lines.length !== 1)
          return { ...verdict, violation: `wrote ${world.lines.length} log lines, expected 1` };
        const violation = judgeLine(world.lines[0] ?? '', {
          consumer,
          status,
          traceparent: headers.traceparent,
        });
        return violation === undefined ? verdict : { ...verdict, violation };
      },
    };
  };

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

const hostileTraceparent = (random: Random): string | string[] | undefined => {
  const text = hostileText(random);
  return random.pick<string | string[] | undefined>([
    undefined,
    `00-${TRACE_ID}-b7ad6b7169203331-01`,
    `00-${TRACE_ID}-b7ad6b7169203331-01${text}x`,
    `x${text}00-${TRACE_ID}-b7ad6b7169203331-01`,
    `00-${TRACE_ID}-b7ad6b7169203331-01\n`,
    [`00-${TRACE_ID}-b7ad6b7169203331-01`, text],
    text,
  ]);
};

/** A handler whose texts come from an outsider, as in a store or a client that quotes what it got. */
const hostileOutcome = (random: Random): Handler => {
  const text = hostileText(random);
  const cause = new Error(hostileText(random));
  cause.name = hostileText(random);
  return random.pick<Handler>([
    async () => ack(text),
    async () => ack(text, {}, { reason: text, findings: ['conflict', 'rivals'], isClockRefused: true }),
    async () => {
      throw new PermanentError(text, { cause });
    },
    async () => {
      throw new TransientError(text, { cause });
    },
    async () => {
      throw Object.assign(new TypeError(text, { cause }), {
        severity: text,
        time: text,
        stack: `${text}\n at ${text}`,
      });
    },
    async () => {
      // oxlint-disable-next-line typescript/only-throw-error -- a library might throw a text
      throw text;
    },
  ]);
};
