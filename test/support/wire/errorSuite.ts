import { describe, expect, it } from 'vitest';
import { hasCassandra } from '../cassandra/testKeyspace.ts';
import type { CqlErrorName } from './cqlErrors.ts';
import { OPCODE } from './cqlFrame.ts';
import { setUpWireCases } from './wireCase.ts';
import { failAfter, failBefore, forgetStatement } from './wireFaults.ts';
import type { WireStack } from './wireStack.ts';
import { WIRE_STEPS } from './wireSteps.ts';

/** Errors of a cluster that could not answer now. */
const WORLD: readonly CqlErrorName[] = [
  'serverError',
  'unavailable',
  'overloaded',
  'bootstrapping',
  'truncate',
  'writeTimeout',
  'readTimeout',
  'readFailure',
  'writeFailure',
];
/** What a cluster says of a statement that is wrong: somebody has to look. */
const BUGS: readonly CqlErrorName[] = ['protocolError', 'syntax', 'unauthorized', 'invalid', 'config'];

const SIDES = [
  ['instead of being run', failBefore],
  ['after it took effect', failAfter],
] as const;

const casesOf = (names: readonly CqlErrorName[]) =>
  WIRE_STEPS.flatMap((step) =>
    names.flatMap((error) => SIDES.map(([side, fail]) => ({ at: step.name, step, error, side, fail }))),
  );

/**
 * Errors of Cassandra's at the statements of every path.
 * @param every which of the cases run: all of them for 1, the first and then each thirteenth for 13.
 */
export const describeErrors = (every: number): void => {
  const slice = <T>(cases: readonly T[]): T[] => cases.filter((_, index) => index % every === 0);
  describe.skipIf(!hasCassandra)('an error of Cassandra’s', () => {
    const { start, strikeOnce, expectAsIfNothingHappened, nextOrderId } = setUpWireCases();
    let shared: Promise<WireStack> | undefined;
    const sharedStack = () => {
      shared ??= start();
      return shared;
    };

    it.for(slice(casesOf(WORLD)))(
      '$error in answer to $at $side is a fault of the world: the message is nacked, and nothing is harmed',
      async ({ step, error, fail }) => {
        const line = await strikeOnce(await sharedStack(), step, fail(error));

        expect(line).toMatchObject({ settlement: 'retry', reason: 'transient', severity: 'WARNING' });
      },
    );

    it.for(slice(casesOf(BUGS)))(
      '$error in answer to $at $side is a bug: the message is nacked, and an error is logged',
      async ({ step, error, fail }) => {
        const line = await strikeOnce(await sharedStack(), step, fail(error));

        expect(line).toMatchObject({ settlement: 'retry', reason: 'bug', severity: 'ERROR' });
        expect(line.error).toContain(error);
      },
    );

    it('closes no connection', async () => {
      const { proxy } = await sharedStack();

      expect(proxy.connections()).toEqual({ open: 1, ever: 2 });
    });

    it.for(slice(WIRE_STEPS.map((step) => ({ at: step.name, step }))))(
      'that says it has forgotten $at makes the driver prepare it again, and the message is acked',
      async ({ step }) => {
        const stack = await sharedStack();
        const orderId = nextOrderId();
        for (const message of step.before(orderId)) await stack.push(message);
        const prepares = stack.proxy.lay({
          hits: ({ opcode }) => opcode === OPCODE.prepare,
          strike: ({ client, forward }) => forward(({ bytes }) => client.write(bytes)),
        });
        const laid = stack.proxy.lay({ hits: step.hits, strike: forgetStatement });

        const status = await stack.push(step.message(orderId));
        prepares.lift();

        expect({ status, struck: laid.struck(), prepares: prepares.struck() }).toEqual({
          status: 204,
          struck: 1,
          prepares: 1,
        });
        await expectAsIfNothingHappened(step, orderId);
      },
    );

    it.for(
      slice([
        ...WORLD.map((error) => ({ error, reason: 'transient' })),
        ...BUGS.map((error) => ({ error, reason: 'bug' })),
      ]),
    )(
      '$error in answer to a PREPARE nacks the message ($reason), and the next message prepares again',
      async ({ error, reason }) => {
        const stack = await start();
        const [onOrderWrites] = WIRE_STEPS;
        if (onOrderWrites === undefined) throw new Error('there are no steps');
        const preparing = {
          ...onOrderWrites,
          hits: ({ opcode }: { readonly opcode: number }) => opcode === OPCODE.prepare,
        };

        const line = await strikeOnce(stack, preparing, failBefore(error));

        expect(line).toMatchObject({ settlement: 'retry', reason });
      },
    );
  });
};
