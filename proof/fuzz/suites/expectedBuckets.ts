import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { assertNever } from '../../../shared/errors.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { type Judgement, judgeOrder, judgePayment } from '../judge/judgeMessage.ts';
import type { JudgedPush } from '../judge/judgePush.ts';
import { type Buckets, describeBuckets } from './buckets.ts';

/** What the tables have about the order before the message comes. */
export const SCENES = ['nothing', 'order', 'paid order'] as const;
export type Scene = (typeof SCENES)[number];

export type Accepted = Extract<JudgedPush, { status: 204 }>;

export interface Expected {
  readonly isMalformed: boolean;
  /** The only right state, as `describeBuckets` writes it. */
  readonly state: string;
  readonly order?: Order;
  readonly payment?: Payment;
}

const NOTHING: Buckets = { orders: 0, ledger: 0, recorded: [], published: [] };

/** The bucket in which a message must end (I1), together with what the scene put there before. */
export const expectedBuckets = (consumer: ConsumerFunction, accepted: Accepted, scene: Scene): Expected => {
  const before = { ...NOTHING, orders: scene === 'nothing' ? 0 : 1, ledger: scene === 'paid order' ? 1 : 0 };
  switch (consumer) {
    case 'onOrder':
      return ofOrder(judgeOrder(accepted.data), { ...NOTHING, published: ['invalid'] });
    case 'onPayment':
      return ofPayment(
        judgePayment(accepted.data),
        paymentBuckets(before, scene),
        published(before, 'invalid'),
      );
    case 'onDlq':
      return ofDeadLetter(accepted, before);
    default:
      return assertNever(consumer);
  }
};

const published = (buckets: Buckets, reason: string): Buckets => ({ ...buckets, published: [reason] });
const recorded = (buckets: Buckets, reason: string): Buckets => ({ ...buckets, recorded: [reason] });
const kept = (buckets: Buckets): Buckets => ({ ...buckets, ledger: buckets.ledger + 1 });

const paymentBuckets = (before: Buckets, scene: Scene): Buckets => {
  if (scene === 'nothing') return published(before, 'unmatched');
  return scene === 'order' ? kept(before) : published(kept(before), 'conflict');
};

const ofDeadLetter = ({ data, attributes, spec }: Accepted, before: Buckets): Expected => {
  const invalid = recorded(before, 'invalid');
  const isForwarded = attributes.has('CloudPubSubDeadLetterSourceSubscription');
  const reason = isForwarded ? undefined : attributes.get('dead_letter_reason');
  if (reason === 'invalid') return { isMalformed: true, state: describeBuckets(invalid) };
  if (spec.origin === 'payments_data') {
    const reasons = reason === 'conflict' ? ['conflict', 'unmatched'] : ['unmatched'];
    return ofPayment(judgePayment(data), { ...kept(before), recorded: reasons }, invalid);
  }
  return ofOrder(judgeOrder(data), recorded(NOTHING, 'invalid'));
};

const ofOrder = (judgement: Judgement<Order>, invalid: Buckets): Expected => {
  if (judgement.kind === 'invalid') return { isMalformed: true, state: describeBuckets(invalid) };
  const state = describeBuckets({ ...NOTHING, orders: 1 });
  return { isMalformed: false, state, order: judgement.message };
};

const ofPayment = (judgement: Judgement<Payment>, valid: Buckets, invalid: Buckets): Expected => {
  if (judgement.kind === 'invalid') return { isMalformed: true, state: describeBuckets(invalid) };
  const isKept = valid.ledger > 0 && !valid.published.includes('unmatched');
  const state = describeBuckets(valid);
  return isKept ? { isMalformed: false, state, payment: judgement.message } : { isMalformed: false, state };
};
