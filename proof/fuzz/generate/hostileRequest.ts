import { gzipSync } from 'node:zlib';
import type { Random } from '../../../functions/simulate/random.ts';
import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { ATTRIBUTE_NAMES } from './attributeNames.ts';
import { hostileText } from './hostileText.ts';
import { mutateBytes } from './mutateBytes.ts';

const OWN: Readonly<Record<ConsumerFunction, readonly [string, ...string[]]>> = {
  onOrder: ['orders_data-sub'],
  onPayment: ['payments_data-sub'],
  onDlq: ['dlq_orders_data-sub', 'dlq_payments_data-sub'],
};

/** A request. Its body is `wrap(payload)`, so a shrink can make the payload smaller. */
interface MadeRequest {
  readonly how: string;
  readonly method: string;
  readonly headers: PushRequest['headers'];
  readonly payload: Buffer;
  readonly wrap: (payload: Buffer) => Buffer;
  /** Whether the message arrives whole, so that the label of its body holds. */
  readonly isWhole: boolean;
}

/**
 * A push to a consumer. Three of four are as Pub/Sub sends them, with any attributes; the others are broken.
 */
export const hostileRequest = (consumer: ConsumerFunction, data: Buffer, random: Random): MadeRequest => {
  const fields = envelopeFields(consumer, random);
  const headers = { traceparent: random.chance(0.2) ? hostileText(random) : undefined };
  const whole = {
    how: 'a push',
    method: 'POST',
    headers,
    payload: data,
    wrap: (payload: Buffer) => Buffer.from(JSON.stringify(fields(payload))),
    isWhole: true,
  };
  if (random.chance(0.75)) return whole;
  const broken = (how: string, payload: Buffer): MadeRequest => ({
    ...whole,
    how,
    payload,
    wrap: (raw) => raw,
    isWhole: false,
  });
  switch (random.integer(0, 5)) {
    case 0:
      return { ...whole, how: 'another method', method: otherMethod(random), isWhole: false };
    case 1:
      return broken('the body alone', data);
    case 2:
      return broken('an odd envelope', oddEnvelope(fields(data), random));
    case 3:
      return broken('invalid base64', oddBase64(fields(data), random));
    case 4:
      return broken('an envelope with a bad field', badField(fields(data), random));
    default: {
      const other = Buffer.from(JSON.stringify(fields(Buffer.from('{}'))));
      return broken('a mutated envelope', mutateBytes(whole.wrap(data), other, random));
    }
  }
};

const otherMethod = (random: Random): string =>
  random.pick(['GET', 'PUT', 'post', 'POST\n', hostileText(random)]);

interface Envelope {
  readonly subscription: string;
  readonly deliveryAttempt?: number;
  readonly message: Readonly<Record<string, unknown>>;
}

/** The attributes in which a packed body is named. */
const ENCODINGS = ['tally_body_encoding', 'content-encoding'] as const;

const envelopeFields = (consumer: ConsumerFunction, random: Random): ((data: Buffer) => Envelope) => {
  const subscription = `projects/p/subscriptions/${random.chance(0.95) ? random.pick(OWN[consumer]) : otherSubscription(random)}`;
  const attributes = hostileAttributes(consumer, random);
  const isCalledPacked = ENCODINGS.some((name) => attributes?.[name] === 'gzip');
  const isPacked = isCalledPacked && random.chance(0.8);
  const spelling = random.integer(0, 2);
  const attempt = random.pick([undefined, 0, 1, 100, 2_147_483_647]);
  return (data) => ({
    subscription,
    ...(attempt === undefined ? {} : { deliveryAttempt: attempt }),
    message: {
      ...(data.length === 0 ? {} : { data: (isPacked ? gzipSync(data) : data).toString('base64') }),
      ...(attributes === undefined ? {} : { attributes }),
      ...(spelling === 1 ? {} : { messageId: '7001', publishTime: '2024-01-21T10:00:00.123456789Z' }),
      ...(spelling === 0 ? {} : { message_id: '7001', publish_time: '2024-01-21T10:00:00.123Z' }),
    },
  });
};

const otherSubscription = (random: Random): string =>
  random.pick([
    'orders_data-sub',
    'dlq_payments_data-sub',
    'staging-orders_data-sub',
    'eventarc-europe-west1-trigger',
    hostileText(random),
  ]);

const NAMES: readonly [string, ...string[]] = [
  ...ATTRIBUTE_NAMES,
  'CloudPubSubDeadLetterSourceDeliveryCount',
  'googclient_schemaencoding',
];

const REASONS = [
  'invalid',
  'unmatched',
  'conflict',
  'changed',
  'rivals',
  'unmatched,conflict',
  'changed,too_many',
  'conflict,conflict',
  'conflict,Invalid',
  'Invalid',
  '',
] as const;

/** The attribute of a finding: as Tally writes it, or with a fault. */
const findingText = (random: Random): string => {
  const finding = {
    id: '0123456789abcdef'.repeat(2),
    since: '2024-01-21T09:59:00.000Z',
    error: random.pick(['order 1 is paid by 2 payments: 1, 2', hostileText(random)]),
  };
  if (random.chance(0.6)) return JSON.stringify(finding);
  return random.pick([
    hostileText(random),
    JSON.stringify({
      ...finding,
      id: random.pick(['', 'f'.repeat(31), 'F'.repeat(32), `${'f'.repeat(32)}\n`]),
    }),
    JSON.stringify({
      ...finding,
      since: random.pick(['', '1969-12-31T23:59:59Z', 'yesterday', '2024-01-21']),
    }),
    JSON.stringify({ ...finding, error: random.pick<unknown>([null, 1, {}]) }),
    JSON.stringify([finding]),
    `{"__proto__":${JSON.stringify(finding)}}`,
    'null',
  ]);
};

const hostileAttributes = (
  consumer: ConsumerFunction,
  random: Random,
): Record<string, string> | undefined => {
  if (random.chance(consumer === 'onDlq' ? 0.1 : 0.6)) return undefined;
  const attributes: Record<string, string> = {};
  if (random.chance(0.7)) {
    const reason = random.pick(REASONS);
    attributes['tally_reason'] = reason;
    for (const named of reason.split(',')) {
      if (random.chance(0.8)) attributes[`tally_finding_${named}`] = findingText(random);
    }
  }
  if (random.chance(0.1)) attributes[random.pick(ENCODINGS)] = 'gzip';
  for (let left = random.integer(0, 4); left > 0; left -= 1) {
    const name = random.chance(0.8) ? random.pick(NAMES) : hostileText(random).slice(0, 256);
    if (name === 'tally_reason') continue;
    attributes[name] = random.chance(0.3)
      ? random.pick([
          '2024-01-21T09:00:00Z',
          '0',
          '17',
          'gzip',
          '1970-01-01T00:00:00Z',
          '9999-12-31T23:59:59Z',
        ])
      : hostileText(random);
  }
  return attributes;
};

const oddEnvelope = (envelope: Envelope, random: Random): Buffer => {
  const { message, ...rest } = envelope;
  const texts = [
    JSON.stringify({ ...rest, message: [message] }),
    JSON.stringify({ ...rest, message: null }),
    JSON.stringify([envelope]),
    JSON.stringify(message),
    JSON.stringify({ ...rest, ...message }),
    `{"__proto__":${JSON.stringify(envelope)}}`,
    `${JSON.stringify(envelope).slice(0, -1)},"__proto__":{"polluted":true}}`,
    `${JSON.stringify(envelope).slice(0, -1)},"message":null}`,
    `{"message":null,${JSON.stringify(envelope).slice(1)}`,
    `\ufeff${JSON.stringify(envelope)}`,
    JSON.stringify({
      ...rest,
      message: { ...message, attributes: manyAttributes(1_000 + random.integer(0, 1), random) },
    }),
    JSON.stringify({ ...envelope, more: Array.from({ length: 995 + random.integer(0, 4) }, () => ({})) }),
    JSON.stringify(JSON.stringify(envelope)),
    '',
    `${'{"message":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  ];
  return Buffer.from(random.pick(['', ...texts]));
};

const manyAttributes = (count: number, random: Random): object => {
  const value = random.pick<unknown>(['', 'a', 1]);
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, value]));
};

const oddBase64 = (envelope: Envelope, random: Random): Buffer => {
  const data = typeof envelope.message.data === 'string' ? envelope.message.data : 'QUJD';
  const texts = [
    data.slice(0, -1),
    `${data}=`,
    `${data}====`,
    data.replaceAll('=', ''),
    `${data.slice(0, 5)}\n${data.slice(5)}`,
    `${data.slice(0, 4)}====${data.slice(4)}`,
    data.replaceAll('+', '-').replaceAll('/', '_'),
    ` ${data}`,
    'QQ==QQ==',
    'QR==',
    '=',
    '\u0100\u0100\u0100\u0100',
  ];
  return Buffer.from(
    JSON.stringify({ ...envelope, message: { ...envelope.message, data: random.pick(['=', ...texts]) } }),
  );
};

const FIELD_NAMES: readonly [string, ...string[]] = [
  'data',
  'attributes',
  'messageId',
  'message_id',
  'publishTime',
  'publish_time',
];
const FIELD_VALUES: readonly unknown[] = [
  null,
  1,
  -1,
  1.5,
  true,
  [],
  {},
  { a: 1 },
  { __proto__: null, a: null },
  [['a', 'b']],
  '',
  'x'.repeat(101),
  '7 1',
  '\n',
  '2024-02-30',
  '0',
  '2024-13-01T00:00:00Z',
  '2024-01-21T10:00:00z',
];

const badField = (envelope: Envelope, random: Random): Buffer => {
  const value = random.pick([null, ...FIELD_VALUES]);
  if (random.chance(0.2)) return Buffer.from(JSON.stringify({ ...envelope, deliveryAttempt: value }));
  if (random.chance(0.1)) return Buffer.from(JSON.stringify({ ...envelope, subscription: value }));
  const message = { ...envelope.message, [random.pick(FIELD_NAMES)]: value };
  return Buffer.from(JSON.stringify({ ...envelope, message }));
};
