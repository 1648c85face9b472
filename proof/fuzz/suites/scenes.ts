import type { Payment } from '../../../shared/domain/payment.ts';
import type { InputTopic } from '../../../shared/topology.ts';
import { mayPayAll } from '../judge/judgeStatus.ts';
import { orderBytes, paymentBytes } from '../../referenceMessages.ts';
import type { PushedMessage } from '../world.ts';

/** What is there already of the order that a message is about. A number draws one. */
export const SCENES = {
  orders_data: [
    'nothing',
    'a waiting payment',
    'two waiting payments',
    'an older version',
    'a rival version',
  ],
  payments_data: ['nothing', 'a waiting payment', 'the order', 'a paid order', 'another card'],
} as const;
export type Scene = (typeof SCENES)[InputTopic][number];
export const SCENES_OF_EACH = 5;

/** The valid message that a scene is about. */
export interface Subject {
  readonly orderId: bigint;
  /** When it happened, as far as it can be believed. */
  readonly atMs: number;
  readonly payment?: Payment | undefined;
}

/** Another event of the order counts as older when it was published a second before. */
const BEFORE_MS = 1_000;

/** The messages of a scene, in the order in which they came. */
export const sceneMessages = (
  scene: Scene,
  { orderId, atMs, payment }: Subject,
): readonly PushedMessage[] => {
  const order_id = String(orderId);
  const order = (publishedAtMs: number): PushedMessage => ({
    topic: 'orders_data',
    publishedAtMs,
    data: orderBytes({ order_id, item: '"a rival"' }),
  });
  const paid = (changes: Record<string, string>): PushedMessage => ({
    topic: 'payments_data',
    publishedAtMs: atMs - BEFORE_MS,
    data: paymentBytes({ order_id, ...changes }),
  });
  switch (scene) {
    case 'nothing':
      return [];
    case 'a waiting payment':
      return [paid({ payment_id: otherId(payment) })];
    case 'two waiting payments':
      return [paid({}), paid({ payment_id: otherId(payment) })];
    case 'an older version':
      return [order(atMs - BEFORE_MS)];
    case 'a rival version':
      return [order(atMs)];
    case 'the order':
      return [order(atMs)];
    case 'a paid order':
      return [order(atMs), paid({ payment_id: otherId(payment), payment_status: '"Captured"' })];
    case 'another card':
      return [order(atMs), paid(sameWithAnotherCard(payment))];
  }
};

const otherId = (payment: Payment | undefined): string => (payment?.paymentId === 0n ? '1' : '0');

const sameWithAnotherCard = (payment: Payment | undefined): Record<string, string> => ({
  card_last_four: payment?.cardLastFour === '9999' ? '"0001"' : '"9999"',
  ...(payment === undefined
    ? {}
    : {
        payment_id: String(payment.paymentId),
        payment_method: JSON.stringify(payment.paymentMethod),
        payment_status: JSON.stringify(payment.paymentStatus),
      }),
});

/** What people must be told about a valid message in its scene. */
export const toldIn = (scene: Scene, { payment }: Subject): readonly string[] => {
  if (payment === undefined) return scene === 'a rival version' ? ['rivals'] : [];
  const isSecond = scene === 'a paid order' || scene === 'a waiting payment';
  return [
    ...(scene === 'nothing' || scene === 'a waiting payment' ? ['unmatched'] : []),
    ...(isSecond && mayPayAll(payment) ? ['conflict'] : []),
    ...(scene === 'another card' && payment.cardLastFour !== undefined ? ['changed'] : []),
  ];
};
