import { isUtf8 } from 'node:buffer';
import type { Order } from '../../../shared/domain/order.ts';
import type { Payment } from '../../../shared/domain/payment.ts';
import { type Json, judgeJson, NumberToken, TOO_DEEP } from './judgeJson.ts';

const BODY_BYTES_MAX = 1_048_576;
const ID_MAX = 9_223_372_036_854_775_807n;
const TEXT_MAX = 2_000;
const DEPTH_MAX = 100;

/** What a body is. The rules are written from the documentation, without the product's parsers. */
export type Judgement<T> =
  | { readonly kind: 'valid'; readonly message: T }
  | { readonly kind: 'invalid'; readonly badFields: readonly string[] };

type Rule = (raw: Json | undefined) => unknown;

const wholeNumber = (digits: string, min: bigint): bigint | undefined => {
  const value = /^[0-9]+$/.test(digits) && digits.length < 5_000 ? BigInt(digits) : undefined;
  if (value === undefined) return /^0+$/.test(digits) && min === 0n ? 0n : undefined;
  return value >= min && value <= ID_MAX ? value : undefined;
};

const id: Rule = (raw) => {
  if (raw instanceof NumberToken) return wholeNumber(raw.source, 0n);
  return typeof raw === 'string' ? wholeNumber(raw, 0n) : undefined;
};
const quantity: Rule = (raw) => (raw instanceof NumberToken ? wholeNumber(raw.source, 1n) : undefined);
const price: Rule = (raw) => {
  if (!(raw instanceof NumberToken)) return undefined;
  const value = Number(raw.source);
  return value < 0 || value === Number.POSITIVE_INFINITY ? undefined : Math.abs(value);
};
const text: Rule = (raw) =>
  typeof raw === 'string' && raw.length <= TEXT_MAX ? raw.toWellFormed() : undefined;
const fourDigits: Rule = (raw) => (typeof raw === 'string' && /^[0-9]{4}$/.test(raw) ? raw : undefined);

const ORDER: Readonly<Record<string, readonly [keyof Order, Rule]>> = {
  order_id: ['orderId', id],
  customer_id: ['customerId', id],
  item: ['item', text],
  quantity: ['quantity', quantity],
  price: ['price', price],
  shipping_address: ['shippingAddress', text],
  order_status: ['orderStatus', text],
  creation_date: ['creationDate', text],
};
const PAYMENT: Readonly<Record<string, readonly [keyof Payment, Rule]>> = {
  payment_id: ['paymentId', id],
  order_id: ['orderId', id],
  payment_method: ['paymentMethod', text],
  card_last_four: ['cardLastFour', fourDigits],
  payment_status: ['paymentStatus', text],
  payment_datetime: ['paymentDatetime', text],
};

export const judgeOrder = (data: Uint8Array): Judgement<Order> => judge<Order>(data, ORDER);
export const judgePayment = (data: Uint8Array): Judgement<Payment> => judge<Payment>(data, PAYMENT);

const judge = <T>(
  data: Uint8Array,
  rules: Readonly<Record<string, readonly [keyof T, Rule]>>,
): Judgement<T> => {
  const invalid = { kind: 'invalid', badFields: ['body'] } as const;
  if (data.byteLength > BODY_BYTES_MAX || !isUtf8(data)) return invalid;
  const judged = judgeJson(Buffer.from(data).toString('utf8'));
  if (judged === TOO_DEEP || judged === undefined || judged.depth > DEPTH_MAX) return invalid;
  if (!(judged.value instanceof Map)) return invalid;
  const fields = judged.value;
  const read = Object.entries(rules).map(
    ([field, [name, rule]]) => [field, name, rule(fields.get(field))] as const,
  );
  const badFields = read.filter(([, , value]) => value === undefined).map(([field]) => field);
  if (badFields.length > 0) return { kind: 'invalid', badFields };
  const message = Object.fromEntries(read.map(([, name, value]) => [name, value])) as T;
  return { kind: 'valid', message };
};
