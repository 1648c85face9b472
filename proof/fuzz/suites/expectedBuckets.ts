import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { judgeIds, judgeOrder, judgePayment } from '../judge/judgeMessage.ts';
import type { JudgedPush } from '../judge/judgePush.ts';
import { judgeReports } from '../judge/judgeReports.ts';
import { type Buckets, describeBuckets } from './buckets.ts';
import { type Scene, SCENES, sceneMessages, type Subject, toldIn } from './scenes.ts';

type Accepted = Extract<JudgedPush, { status: 204 }>;

/** The only right end of a message that was pushed into a scene. */
export interface Expected {
  readonly scene: Scene;
  readonly subject: Subject;
  readonly isMalformed: boolean;
  /** As `describeBuckets` writes it. */
  readonly state: string;
  /** The word of the outcome line. */
  readonly outcome: string;
  /** The findings that the outcome line names. */
  readonly findings: readonly string[];
  /** What people are told, by the error of the dead letter. */
  readonly badFields: readonly string[];
  readonly order?: Order;
  readonly payment?: Payment;
}

const CLOCK_AHEAD_MAX_MS = 300_000;

/**
 * The right end of a message (I1).
 * @param drawn a number that draws the scene.
 * @returns undefined when more than one end is right.
 */
export const expectedBuckets = (
  consumer: ConsumerFunction,
  accepted: Accepted,
  drawn: number,
): Expected | undefined => {
  const { data, attributes, spec, publishedAtMs } = accepted;
  const reports = consumer === 'onDlq' ? judgeReports(attributes) : [];
  const judged = spec.origin === 'orders_data' ? judgeOrder(data) : judgePayment(data);
  if (publishedAtMs === undefined || reports === undefined || judged.kind === 'either') return undefined;

  const isValid = judged.kind === 'valid';
  const { orderId = 1n } = isValid ? judged.message : judgeIds(data);
  const payment = isValid && 'paymentId' in judged.message ? judged.message : undefined;
  const order = isValid && 'item' in judged.message ? judged.message : undefined;
  const atMs = eventTime(isValid ? judged.occurredAtMs : undefined, publishedAtMs);
  const scene = SCENES[spec.origin][drawn] ?? 'nothing';
  const subject = { orderId, atMs, payment };

  const before = sceneMessages(scene, subject);
  const orders = before.some(({ topic }) => topic === 'orders_data') ? 1 : 0;
  const there: Buckets = { orders, ledger: before.length, recorded: [], published: [] };
  const told = (reasons: readonly string[]): Pick<Buckets, 'recorded' | 'published'> =>
    consumer === 'onDlq'
      ? { recorded: reasons, published: [] }
      : { recorded: [], published: reasons.length === 0 ? [] : [reasons.join(',')] };
  const ends = (buckets: Partial<Buckets>, outcome: string, more: Partial<Expected> = {}): Expected => ({
    scene,
    subject,
    isMalformed: judged.kind === 'invalid',
    state: describeBuckets({ ...there, ...buckets }),
    outcome,
    findings: [],
    badFields: [],
    ...more,
  });

  if (reports.length > 0) return ends(told(reports), 'recorded');
  if (judged.kind === 'invalid') return ends(told(['invalid']), 'invalid', { badFields: judged.badFields });
  const reasons = toldIn(scene, subject);
  const isHere = orders === 1 || order !== undefined;
  const isPaid = before.some(({ topic }) => topic === 'payments_data') || payment !== undefined;
  return ends(
    { orders: isHere ? 1 : 0, ledger: before.length + 1, ...told(reasons) },
    isHere ? (isPaid ? 'matched' : 'stored') : 'parked',
    {
      findings: reasons.filter((reason) => reason !== 'unmatched'),
      ...(order === undefined ? {} : { order }),
      ...(payment === undefined ? {} : { payment }),
    },
  );
};

const eventTime = (occurredAtMs: number | undefined, publishedAtMs: number): number =>
  occurredAtMs !== undefined && occurredAtMs <= publishedAtMs + CLOCK_AHEAD_MAX_MS
    ? occurredAtMs
    : publishedAtMs;
