import { isUtf8 } from 'node:buffer';
import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { type Json, type JsonObject, judgeJson, NumberToken, TOO_DEEP } from './judgeJson.ts';
import { judgeTime } from './judgeTime.ts';

const BODY_BYTES_MAX = 1_048_576;
const ID_MAX = 9_223_372_036_854_775_807n;
const TEXT_MAX = 2_000;
const DEPTH_MAX = 100;
const YEAR_2000_MS = 946_684_800_000;
/** The last millisecond that a JavaScript date can hold. */
const DATE_MAX_MS = 8_640_000_000_000_000;

/** What a body is. The rules are written from the documentation, without the product's parsers. */
type Judgement<T> =
  | {
      readonly kind: 'valid';
      readonly message: T;
      /** The producer's own time in milliseconds; undefined when the message has none. */
      readonly occurredAtMs: number | undefined;
    }
  | { readonly kind: 'invalid'; readonly badFields: readonly string[]; readonly ids: JudgedIds }
  /** The body has a time on which calendars differ, so both answers may be right. */
  | { readonly kind: 'either' };

/** The ids of a body that can be read, whatever else is wrong with it. */
interface JudgedIds {
  readonly orderId?: bigint | undefined;
  readonly paymentId?: bigint | undefined;
}

/** `BAD` when the field may not hold the value, and `EITHER` when nobody can say. */
type Rule = (raw: Json | undefined) => unknown;
const BAD = Symbol('bad');
const EITHER = Symbol('either');

const wholeNumber = (digits: string, min: bigint): bigint | typeof BAD => {
  if (!/^[0-9]+$/.test(digits)) return BAD;
  if (digits.length >= 5_000) return /^0+$/.test(digits) && min === 0n ? 0n : BAD;
  const value = BigInt(digits);
  return value >= min && value <= ID_MAX ? value : BAD;
};

/** The whole number from `min` on: 7, 7.0, 7.00 or "7", but not "7.0", 7e0 or -0. */
const whole =
  (min: bigint): Rule =>
  (raw) => {
    if (typeof raw === 'string') return wholeNumber(raw, min);
    if (!(raw instanceof NumberToken)) return BAD;
    const [digits = '', fraction] = raw.source.split('.');
    return fraction === undefined || /^0+$/.test(fraction) ? wholeNumber(digits, min) : BAD;
  };
const id = whole(0n);

const price: Rule = (raw) => {
  const isDecimal = typeof raw === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(raw);
  if (!isDecimal && !(raw instanceof NumberToken)) return BAD;
  const value = Number(isDecimal ? raw : (raw as NumberToken).source);
  return value < 0 || value === Number.POSITIVE_INFINITY ? BAD : Math.abs(value);
};
const text: Rule = (raw) => (typeof raw === 'string' && raw.length <= TEXT_MAX ? raw.toWellFormed() : BAD);
const fourDigits: Rule = (raw) => (typeof raw === 'string' && /^[0-9]{4}$/.test(raw) ? raw : BAD);

const occurredAt: Rule = (raw) => {
  const milliseconds = whole(0n)(raw);
  if (typeof milliseconds === 'bigint') return inRange(Number(milliseconds));
  const judged = typeof raw === 'string' ? judgeTime(raw) : BAD;
  if (judged === undefined) return EITHER;
  return typeof judged === 'number' ? inRange(judged) : BAD;
};
const inRange = (ms: number): number | typeof BAD => (ms >= YEAR_2000_MS && ms <= DATE_MAX_MS ? ms : BAD);

/** What a field that may be missing holds: absent, null and an empty text mean that it is not there. */
const optional =
  (rule: Rule): Rule =>
  (raw) =>
    raw === undefined || raw === null || raw === '' ? undefined : rule(raw);

type Rules<T> = Readonly<Record<string, readonly [keyof T | 'occurredAtMs', Rule]>>;

const ORDER: Rules<Order> = {
  order_id: ['orderId', id],
  customer_id: ['customerId', optional(id)],
  item: ['item', text],
  quantity: ['quantity', whole(1n)],
  price: ['price', price],
  shipping_address: ['shippingAddress', text],
  order_status: ['orderStatus', text],
  creation_date: ['creationDate', text],
  occurred_at: ['occurredAtMs', optional(occurredAt)],
};
const PAYMENT: Rules<Payment> = {
  payment_id: ['paymentId', id],
  order_id: ['orderId', id],
  payment_method: ['paymentMethod', text],
  card_last_four: ['cardLastFour', optional(fourDigits)],
  payment_status: ['paymentStatus', text],
  payment_datetime: ['paymentDatetime', text],
  occurred_at: ['occurredAtMs', optional(occurredAt)],
};

export const judgeOrder = (data: Uint8Array): Judgement<Order> => judge<Order>(data, ORDER);
export const judgePayment = (data: Uint8Array): Judgement<Payment> => judge<Payment>(data, PAYMENT);

const judge = <T>(data: Uint8Array, rules: Rules<T>): Judgement<T> => {
  const fields = fieldsOf(data);
  if (fields === undefined) return { kind: 'invalid', badFields: ['body'], ids: {} };
  const read = Object.entries(rules).map(
    ([field, [name, rule]]) => [field, name, rule(fields.get(field))] as const,
  );
  const badFields = read.filter(([, , value]) => value === BAD).map(([field]) => field);
  if (badFields.length > 0) return { kind: 'invalid', badFields, ids: idsOf(fields) };
  if (read.some(([, , value]) => value === EITHER)) return { kind: 'either' };
  const values = Object.fromEntries(read.map(([, name, value]) => [name, value]));
  const { occurredAtMs, ...message } = values as { readonly occurredAtMs: number | undefined };
  return { kind: 'valid', message: message as T, occurredAtMs };
};

/** The ids that a dead letter of the body must keep. */
export const judgeIds = (data: Uint8Array): JudgedIds => {
  // Of a larger body its first mebibyte is kept, which may hold a whole object.
  const fields = fieldsOf(data.subarray(0, BODY_BYTES_MAX));
  return fields === undefined ? {} : idsOf(fields);
};

const idsOf = (fields: JsonObject): JudgedIds => {
  const idOf = (field: string): bigint | undefined => {
    const value = id(fields.get(field));
    return typeof value === 'bigint' ? value : undefined;
  };
  return { orderId: idOf('order_id'), paymentId: idOf('payment_id') };
};

const fieldsOf = (data: Uint8Array): JsonObject | undefined => {
  if (data.byteLength > BODY_BYTES_MAX || !isUtf8(data)) return undefined;
  const decoded = Buffer.from(data).toString('utf8');
  const judged = judgeJson(decoded.startsWith('\ufeff') ? decoded.slice(1) : decoded);
  if (judged === TOO_DEEP || judged === undefined || judged.depth > DEPTH_MAX) return undefined;
  return judged.value instanceof Map ? judged.value : undefined;
};
