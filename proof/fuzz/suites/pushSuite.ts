import type { Payment } from '../../../shared/domain/payment.ts';
import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { hostileRequest } from '../generate/hostileRequest.ts';
import { hostileBody } from '../generate/hostileBody.ts';
import type { Label } from '../generate/grammarBody.ts';
import { randomOf } from '../generate/randomOf.ts';
import { judgePayment } from '../judge/judgeMessage.ts';
import { type JudgedPush, judgePush } from '../judge/judgePush.ts';
import { firstOf, type Suite, type Verdict } from '../verdict.ts';
import { CONSUMERS, createWorld, type PlantedBug, type Published, pushOn, type World } from '../world.ts';
import { bucketsOf, describeBuckets, keepsPayment, showsOrder } from './buckets.ts';
import { type Accepted, type Expected, expectedBuckets, SCENES, type Scene } from './expectedBuckets.ts';
import { order, payment, stamp } from '../../referenceMessages.ts';

/**
 * Pushes bodies to a consumer, and checks the answer, the tables, the dead letter and the log line. A dead
 * letter is then pushed to `onDlq`.
 */
export const createPushSuite =
  (bug?: PlantedBug): Suite =>
  (seed, index) => {
    const random = randomOf(seed, index);
    const consumer = random.pick(CONSUMERS);
    const scene = random.pick(SCENES);
    const kind = consumer === 'onOrder' || (consumer === 'onDlq' && random.chance(0.5)) ? 'order' : 'payment';
    const body = hostileBody(kind, random);
    const request = hostileRequest(consumer, body.data, random);
    const { method, headers, payload: original, wrap } = request;

    return {
      how: `${consumer}, ${scene} before it: ${request.how}, ${body.how}`,
      payload: original,
      check: async (payload) => {
        const rawBody = wrap(payload);
        const judged = judgePush(consumer, method, rawBody);
        const label =
          payload === original && request.isWhole && isOwnKind(judged, kind) ? body.label : undefined;
        return checkPush({ consumer, scene, request: { method, headers, rawBody }, judged, label }, bug);
      },
    };
  };

interface PushCase {
  readonly consumer: ConsumerFunction;
  readonly scene: Scene;
  readonly request: PushRequest & { readonly rawBody: Buffer };
  readonly judged: JudgedPush | undefined;
  readonly label: Label;
}

/**
 * Whether the label of the body holds: no attribute and no subscription decides about the message before its
 * body.
 */
const isOwnKind = (judged: JudgedPush | undefined, kind: 'order' | 'payment'): boolean =>
  judged?.status === 204 &&
  (judged.spec.consumer !== 'onDlq' ||
    (judged.attributes.get('dead_letter_reason') !== 'invalid' &&
      judged.attributes.get('dead_letter_reason') !== 'conflict' &&
      judged.spec.origin === (kind === 'order' ? 'orders_data' : 'payments_data')));

const checkPush = async (pushCase: PushCase, bug: PlantedBug | undefined): Promise<Verdict> => {
  const { consumer, scene, request, judged, label } = pushCase;
  const world = createWorld(bug);
  const accepted = judged?.status === 204 ? judged : undefined;
  // An order has no scene: if the store had the order already, an order that was not stored would go unseen.
  const played = accepted?.spec.origin === 'orders_data' ? 'nothing' : scene;
  const expected = accepted === undefined ? undefined : expectedBuckets(consumer, accepted, played);
  if (accepted !== undefined) await setScene(world, accepted, played);

  const { status, error } = await world.push(consumer, request);
  const state = describeBuckets(bucketsOf(world));
  const violation =
    firstOf(
      [
        ![204, 400, 405, 413].includes(status),
        `answered ${status}, which is never right: ${world.lines.join('')}`,
      ],
      [
        judged !== undefined && status !== judged.status,
        `answered ${status} (${error}), expected ${judged?.status}`,
      ],
      [
        label !== undefined && (label === 'valid') === expected?.isMalformed,
        `the body was made ${label}, but the judge disagrees`,
      ],
      [status !== 204 && bucketsOf(world).published.length > 0, 'refused, but a dead letter was published'],
      [
        status === 204 && expected !== undefined && state !== expected.state,
        `acked, with this end state: ${state}; expected: ${expected?.state}`,
      ],
      [expected !== undefined && !holdsContent(world, expected), 'stored with other contents than were sent'],
      [world.lines.length !== 1, `wrote ${world.lines.length} log lines, expected 1`],
      [
        world.lines.some((line) => line.includes('"severity":"ERROR"')),
        `logged an error: ${world.lines.join('')}`,
      ],
    ) ?? (accepted === undefined ? undefined : await followDeadLetter(world));
  const isMalformed = expected?.isMalformed ?? true;
  const outcome = `${consumer} ${status}${status === 204 ? (isMalformed ? ' dead letter' : ' joined') : ''}`;
  return violation === undefined ? { outcome, isMalformed } : { outcome, isMalformed, violation };
};

/** Puts the order of the message into the tables, and for a paid order another payment as well. */
const setScene = async ({ store }: World, { data }: Accepted, scene: Scene): Promise<void> => {
  if (scene === 'nothing') return;
  const judged = judgePayment(data);
  const { orderId, paymentId }: Pick<Payment, 'orderId' | 'paymentId'> =
    judged.kind === 'valid' ? judged.message : { orderId: 1n, paymentId: 1001n };
  await store.recordOrder(order({ orderId }), stamp(1));
  if (scene === 'paid order') {
    await store.recordPayment(
      payment({ orderId, paymentId: paymentId === 0n ? 1n : paymentId - 1n }),
      stamp(2),
    );
  }
};

const holdsContent = (world: World, { order: sentOrder, payment: sentPayment }: Expected): boolean =>
  (sentOrder === undefined || showsOrder(world, sentOrder)) &&
  (sentPayment === undefined || keepsPayment(world, sentPayment));

/** How many rows a dead letter leaves. A conflict leaves two, because its payment is parked as well. */
const rowsOf = ({ attributes }: Published): number => (attributes?.dead_letter_reason === 'conflict' ? 2 : 1);

/**
 * Pushes the published dead letter to `onDlq`. It must be recorded under its event id, with the bytes that
 * were sent.
 */
const followDeadLetter = async (world: World): Promise<string | undefined> => {
  const [letter] = world.published;
  if (letter === undefined) return undefined;
  const { status } = await pushOn(world, letter);
  const eventId = letter.attributes?.event_id ?? '';
  const { deadLetters } = world.store.tables;
  const rows = deadLetters.keys().filter((key) => key.includes(`/${eventId}/`));
  const payload = deadLetters.read(rows[0] ?? '')?.payload;
  return firstOf(
    [status !== 204, `its dead letter was answered ${status}: ${world.lines.at(-1)}`],
    [rows.length !== rowsOf(letter), `its dead letter ended in ${rows.length} rows of its event`],
    [
      letter.attributes?.body_encoding === undefined &&
        !(payload instanceof Uint8Array && Buffer.compare(payload, letter.data) === 0),
      'its dead letter was recorded with other bytes',
    ],
  );
};
