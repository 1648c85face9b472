import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { hostileRequest } from '../generate/hostileRequest.ts';
import { hostileBody } from '../generate/hostileBody.ts';
import type { Label } from '../generate/grammarBody.ts';
import { randomOf } from '../generate/randomOf.ts';
import { judgeIds } from '../judge/judgeMessage.ts';
import { type JudgedPush, judgePush } from '../judge/judgePush.ts';
import { judgeReports } from '../judge/judgeReports.ts';
import { judgeStatus } from '../judge/judgeStatus.ts';
import { firstOf, type Suite, type Verdict } from '../verdict.ts';
import { CONSUMERS, createWorld, type PlantedBug, pushMessage, type World } from '../world.ts';
import { bucketsOf, describeBuckets, keepsOrder, keepsPayment, showsOrder, showsPayment } from './buckets.ts';
import { type Expected, expectedBuckets } from './expectedBuckets.ts';
import { followDeadLetters } from './followDeadLetters.ts';
import { SCENES_OF_EACH, sceneMessages } from './scenes.ts';

/**
 * Pushes bodies to a consumer, and checks the answer, the tables, the dead letters and the log line. Then it
 * pushes each dead letter to `onDlq`.
 */
export const createPushSuite =
  (bug?: PlantedBug): Suite =>
  (seed, index) => {
    const random = randomOf(seed, index);
    const consumer = random.pick(CONSUMERS);
    const scene = random.integer(0, SCENES_OF_EACH - 1);
    const kind = consumer === 'onOrder' || (consumer === 'onDlq' && random.chance(0.5)) ? 'order' : 'payment';
    const body = hostileBody(kind, random);
    const request = hostileRequest(consumer, body.data, random);
    const { method, headers, payload: original, wrap } = request;

    return {
      how: `${consumer}, scene ${scene}: ${request.how}, ${body.how}`,
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
  readonly scene: number;
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
  judged.spec.origin === (kind === 'order' ? 'orders_data' : 'payments_data') &&
  (judged.spec.consumer !== 'onDlq' || judgeReports(judged.attributes)?.length === 0);

const checkPush = async (pushCase: PushCase, bug: PlantedBug | undefined): Promise<Verdict> => {
  const { consumer, scene, request, judged, label } = pushCase;
  const world = createWorld(bug);
  const accepted = judged?.status === 204 ? judged : undefined;
  const expected = accepted && expectedBuckets(consumer, accepted, scene);
  if (expected !== undefined) {
    for (const message of sceneMessages(expected.scene, expected.subject)) await pushMessage(world, message);
  }
  const linesBefore = world.lines.length;
  const publishedBefore = world.published.length;

  const { status, error } = await world.push(consumer, request);
  const lines = world.lines.slice(linesBefore);
  const buckets = bucketsOf(world, publishedBefore);
  const state = describeBuckets(buckets);
  const violation =
    firstOf(
      [![204, 400, 405, 413].includes(status), `answered ${status}, which is never right: ${lines.join('')}`],
      [
        judged !== undefined && status !== judged.status,
        `answered ${status} (${error}), expected ${judged?.status}`,
      ],
      [
        label !== undefined && expected !== undefined && (label === 'valid') === expected.isMalformed,
        `the body was made ${label}, but the judge disagrees`,
      ],
      [status !== 204 && buckets.published.length > 0, 'refused, but a dead letter was published'],
      [
        status === 204 && expected !== undefined && state !== expected.state,
        `acked, with this end state: ${state}; expected: ${expected?.state}`,
      ],
      [lines.length !== 1, `wrote ${lines.length} log lines, expected 1`],
      [lines.some((line) => line.includes('"severity":"ERROR"')), `logged an error: ${lines.join('')}`],
    ) ??
    (accepted === undefined || expected === undefined
      ? undefined
      : (wrongContent(world, expected) ??
        wrongLine(lines[0] ?? '{}', expected, accepted.data) ??
        (await followDeadLetters(world, publishedBefore, expected.badFields))));
  const isMalformed = expected?.isMalformed ?? true;
  const outcome = `${consumer} ${status}${status === 204 ? (isMalformed ? ' dead letter' : ' joined') : ''}`;
  return violation === undefined ? { outcome, isMalformed } : { outcome, isMalformed, violation };
};

/** What the ledger keeps and the row shows must be what was sent. */
const wrongContent = (world: World, { scene, order, payment }: Expected): string | undefined =>
  firstOf(
    [order !== undefined && !keepsOrder(world, order), 'the ledger has other contents than were sent'],
    [payment !== undefined && !keepsPayment(world, payment), 'the ledger has other contents than were sent'],
    [
      order !== undefined && scene !== 'a rival version' && !showsOrder(world, order),
      'the row does not show the newest version as it was sent',
    ],
    [
      payment !== undefined && scene === 'the order' && !showsPayment(world, payment),
      'the row does not show the only payment as it was sent',
    ],
    [
      payment !== undefined &&
        scene === 'a paid order' &&
        judgeStatus(payment.paymentStatus) !== 'paid' &&
        showsPayment(world, payment),
      'the row does not show the payment that succeeded',
    ],
  );

/** The outcome line must say how the message ended, and which ids it has. */
const wrongLine = (line: string, expected: Expected, data: Uint8Array): string | undefined => {
  const { outcome, findings, order_id, payment_id }: Record<string, unknown> = JSON.parse(line);
  const { orderId, paymentId } = judgeIds(data);
  const isPayment = expected.payment !== undefined || expected.order === undefined;
  return firstOf(
    [outcome !== expected.outcome, `the line says ${String(outcome)}, expected ${expected.outcome}`],
    [
      JSON.stringify(findings) !== JSON.stringify(expected.findings),
      `the line names ${JSON.stringify(findings)}, expected ${expected.findings.join()}`,
    ],
    [order_id !== (orderId?.toString() ?? null), 'the line has not kept the order id'],
    [isPayment && payment_id !== (paymentId?.toString() ?? null), 'the line has not kept the payment id'],
  );
};
