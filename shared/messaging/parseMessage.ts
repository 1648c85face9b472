import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import { PermanentError } from '../errors.ts';
import { BODY_BYTES_MAX, decodeUtf8 } from '../bodyText.ts';
import { JsonNumber, parseJsonLosslessly } from './json.ts';
import { measureBrackets } from './measureBrackets.ts';

/** The largest id: the largest value of Cassandra's `bigint`. */
export const ID_MAX = 2n ** 63n - 1n;
/**
 * Leading zeros, then at most as many digits as `ID_MAX` has. To read a million takes a tenth of a second.
 */
const WHOLE_NUMBER = /^0*(?:0|[1-9]\d{0,18})$/;
/** Far above the texts of any producer, and far below what a row should hold. */
const TEXT_CHARACTERS_MAX = 2_000;
/**
 * The deepest nesting that is read. Beyond it, the space that is left on the stack would decide: the same
 * message could be valid in one call and invalid in another (I4).
 */
const NESTING_MAX = 100;
const NUMBER_SHOWN_CHARACTERS_MAX = 12;

const ID_ALLOWED = `a whole number from 0 to ${ID_MAX}, as a number or as a string of digits`;
const QUANTITY_ALLOWED = `a whole number from 1 to ${ID_MAX}`;
const PRICE_ALLOWED = 'a finite number, 0 or more';
const TEXT_ALLOWED = `a string of at most ${TEXT_CHARACTERS_MAX} characters`;
const CARD_LAST_FOUR_ALLOWED = 'a string of exactly four digits';

/** What a field may hold. `read` returns undefined for anything else. */
interface Rule<T> {
  readonly allowed: string;
  readonly read: (raw: unknown) => T | undefined;
}

const rule = <T>(allowed: string, read: Rule<T>['read']): Rule<T> => ({ allowed, read });

const toWholeNumber = (digits: string, min: bigint): bigint | undefined => {
  if (!WHOLE_NUMBER.test(digits)) return undefined;
  const value = BigInt(digits);
  return value >= min && value <= ID_MAX ? value : undefined;
};

const id = rule(ID_ALLOWED, (raw) => {
  if (raw instanceof JsonNumber) return toWholeNumber(raw.source, 0n);
  return typeof raw === 'string' ? toWholeNumber(raw, 0n) : undefined;
});
const quantity = rule(QUANTITY_ALLOWED, (raw) =>
  raw instanceof JsonNumber ? toWholeNumber(raw.source, 1n) : undefined,
);
const price = rule(PRICE_ALLOWED, (raw) =>
  // -0 passes the comparison but would be stored as -0. Adding 0 turns it into 0.
  raw instanceof JsonNumber && Number.isFinite(raw.value) && raw.value >= 0 ? raw.value + 0 : undefined,
);
const text = rule(TEXT_ALLOWED, (raw) =>
  typeof raw === 'string' && raw.length <= TEXT_CHARACTERS_MAX ? raw.toWellFormed() : undefined,
);
const cardLastFour = rule(CARD_LAST_FOUR_ALLOWED, (raw) =>
  typeof raw === 'string' && /^[0-9]{4}$/.test(raw) ? raw : undefined,
);

/** A body that cannot be read as an order, or as a payment. It never will be. */
export class MalformedBodyError extends PermanentError {
  /** One sentence for each thing that is wrong. None quotes a text of the body (I8). */
  readonly problems: readonly string[];

  constructor(...problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/**
 * Reads the order in a message body. It ignores fields that it does not know.
 * @param data a JSON object in UTF-8, at most 1 MiB.
 * @throws MalformedBodyError that names each bad field, what it got (never the text itself) and what is
 * allowed.
 */
export const parseOrder = (data: Uint8Array): Order =>
  parseBody(data, (field) => ({
    orderId: field('order_id', id),
    customerId: field('customer_id', id),
    item: field('item', text),
    quantity: field('quantity', quantity),
    price: field('price', price),
    shippingAddress: field('shipping_address', text),
    orderStatus: field('order_status', text),
    creationDate: field('creation_date', text),
  }));

/**
 * Reads the payment in a message body. It ignores fields that it does not know.
 * @param data a JSON object in UTF-8, at most 1 MiB.
 * @throws MalformedBodyError that names each bad field, what it got (never the text itself) and what is
 * allowed.
 */
export const parsePayment = (data: Uint8Array): Payment =>
  parseBody(data, (field) => ({
    paymentId: field('payment_id', id),
    orderId: field('order_id', id),
    paymentMethod: field('payment_method', text),
    cardLastFour: field('card_last_four', cardLastFour),
    paymentStatus: field('payment_status', text),
    paymentDatetime: field('payment_datetime', text),
  }));

type ReadField = <T>(name: string, rule: Rule<T>) => T;

const parseBody = <T>(data: Uint8Array, readFields: (field: ReadField) => T): T => {
  const json = parseJsonObject(data);
  const problems: string[] = [];
  const result = readFields((name, { allowed, read }) => {
    const raw = json[name];
    const value = read(raw);
    if (value === undefined) problems.push(`${name}: expected ${allowed}, got ${describe(raw)}`);
    // Nobody sees a value that is missing, because all problems are thrown together below.
    return value as NonNullable<typeof value>;
  });
  if (problems.length > 0) throw new MalformedBodyError(...problems);
  return result;
};

const parseJsonObject = (data: Uint8Array): Readonly<Record<string, unknown>> => {
  if (data.byteLength === 0) throw new MalformedBodyError('body: expected a JSON object, got no data');
  if (data.byteLength > BODY_BYTES_MAX) {
    throw new MalformedBodyError(`body: expected at most ${BODY_BYTES_MAX} bytes, got ${data.byteLength}`);
  }
  const source = decodeUtf8(data);
  if (source === undefined) throw new MalformedBodyError('body: expected UTF-8 text, got other bytes');
  const { depth } = measureBrackets(source);
  if (depth > NESTING_MAX) {
    throw new MalformedBodyError(
      `body: expected a JSON object, got one nested ${depth} deep, above the limit of ${NESTING_MAX}`,
    );
  }
  let json: unknown;
  try {
    json = parseJsonLosslessly(source);
  } catch {
    // The engine's message quotes the text, which may hold a card number (I8). So it is not the cause.
    throw new MalformedBodyError(
      `body: expected a JSON object, got ${data.byteLength} bytes that are not JSON`,
    );
  }
  if (!isObject(json)) throw new MalformedBodyError(`body: expected a JSON object, got ${describe(json)}`);
  return json;
};

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json) && !(json instanceof JsonNumber);

/**
 * Says what a field got, in words that cannot carry a card number. Of a text or a long number, it gives only
 * the length.
 * `'4111'` → `'a string of 4 characters'`.
 */
const describe = (raw: unknown): string => {
  if (raw === undefined) return 'nothing';
  if (raw instanceof JsonNumber) {
    const { source } = raw;
    return source.length <= NUMBER_SHOWN_CHARACTERS_MAX ? source : `a number of ${source.length} characters`;
  }
  if (typeof raw === 'string') return `a string of ${raw.length} characters`;
  if (Array.isArray(raw)) return 'an array';
  if (raw === null || typeof raw === 'boolean') return String(raw);
  return 'an object';
};
