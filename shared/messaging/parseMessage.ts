import type { Order } from '../domain/order.ts';
import type { Payment } from '../domain/payment.ts';
import { PermanentError } from '../errors.ts';
import { BODY_BYTES_MAX, decodeUtf8, withoutByteOrderMark } from '../bodyText.ts';
import { explainBytes } from './explainBytes.ts';
import { JsonNumber, parseJsonLosslessly } from './json.ts';
import { measureBrackets } from './measureBrackets.ts';
import { parseTime } from './parseTime.ts';
import type { Subject } from './settlement.ts';

/** The largest id: the largest value of Cassandra's `bigint`. */
export const ID_MAX = 2n ** 63n - 1n;
/**
 * Leading zeros, then at most as many digits as `ID_MAX` has. To read a million takes a tenth of a second.
 */
const WHOLE_NUMBER = /^0*(?:0|[1-9]\d{0,18})$/;
/** pandas and others write a whole number of a column with gaps as a fraction: 7502.0. */
const EMPTY_FRACTION = /\.0+$/;
const DECIMAL = /^\d+(?:\.\d+)?$/;
/** An earlier `occurred_at` was sent in seconds, a later one is beyond what a date can hold. */
const OCCURRED_AT_MIN_MS = Date.UTC(2000);
const OCCURRED_AT_MAX_MS = 8.64e15;
/** Far above the texts of any producer, and far below what a row should hold. */
const TEXT_CHARACTERS_MAX = 2_000;
/**
 * The deepest nesting that is read. Beyond it, the space that is left on the stack would decide: the same
 * message could be valid in one call and invalid in another (I4).
 */
const NESTING_MAX = 100;
const NUMBER_SHOWN_CHARACTERS_MAX = 12;

const ID_ALLOWED = `a whole number from 0 to ${ID_MAX}, as a number or as a string of digits`;
const QUANTITY_ALLOWED = `a whole number from 1 to ${ID_MAX}, as a number or as a string of digits`;
const PRICE_ALLOWED = 'a finite number, 0 or more, as a number or as plain decimal text';
const TEXT_ALLOWED = `a string of at most ${TEXT_CHARACTERS_MAX} characters`;
const CARD_LAST_FOUR_ALLOWED = 'a string of exactly four digits, or nothing';
const OCCURRED_AT_ALLOWED = 'a time from the year 2000 on, in RFC 3339 or in milliseconds, or nothing';

/** What a field may hold. `read` returns undefined for anything else. */
interface Rule<T> {
  readonly allowed: string;
  readonly isNumber: boolean;
  readonly read: (raw: unknown) => T | undefined;
}

const rule = <T>(allowed: string, read: Rule<T>['read']): Rule<T> => ({ allowed, isNumber: false, read });
const numeric = <T>(allowed: string, read: Rule<T>['read']): Rule<T> => ({ allowed, isNumber: true, read });

/** The text of a number or of a string; undefined for anything else. `JsonNumber('7502.0')` → `'7502'`. */
const digitsOf = (raw: unknown): string | undefined => {
  if (raw instanceof JsonNumber) return raw.source.replace(EMPTY_FRACTION, '');
  return typeof raw === 'string' ? raw : undefined;
};

const toWholeNumber = (raw: unknown, min: bigint): bigint | undefined => {
  const digits = digitsOf(raw);
  if (digits === undefined || !WHOLE_NUMBER.test(digits)) return undefined;
  const value = BigInt(digits);
  return value >= min && value <= ID_MAX ? value : undefined;
};

const toPrice = (raw: unknown): number | undefined => {
  const value = raw instanceof JsonNumber ? raw.value : isDecimal(raw) ? Number(raw) : Number.NaN;
  // -0 passes the comparison but would be stored as -0. Adding 0 turns it into 0.
  return Number.isFinite(value) && value >= 0 ? value + 0 : undefined;
};

const isDecimal = (raw: unknown): boolean => typeof raw === 'string' && DECIMAL.test(raw);

const toOccurredAtMs = (raw: unknown): number | undefined => {
  const digits = digitsOf(raw) ?? '';
  const timeMs = WHOLE_NUMBER.test(digits) ? Number(digits) : parseTime(digits);
  return timeMs !== undefined && timeMs >= OCCURRED_AT_MIN_MS && timeMs <= OCCURRED_AT_MAX_MS
    ? timeMs
    : undefined;
};

const id = numeric(ID_ALLOWED, (raw) => toWholeNumber(raw, 0n));
const quantity = numeric(QUANTITY_ALLOWED, (raw) => toWholeNumber(raw, 1n));
const price = numeric(PRICE_ALLOWED, toPrice);
const text = rule(TEXT_ALLOWED, (raw) =>
  typeof raw === 'string' && raw.length <= TEXT_CHARACTERS_MAX ? raw.toWellFormed() : undefined,
);
const cardLastFour = rule(CARD_LAST_FOUR_ALLOWED, (raw) =>
  typeof raw === 'string' && /^[0-9]{4}$/.test(raw) ? raw : undefined,
);
const customerId = numeric(`${ID_ALLOWED}, or nothing`, id.read);
const occurredAt = rule(OCCURRED_AT_ALLOWED, toOccurredAtMs);

/** A body that cannot be read as an order, or as a payment. It never will be. */
export class MalformedBodyError extends PermanentError {
  /** One sentence for each thing that is wrong. None quotes a text of the body (I8). */
  readonly problems: readonly string[];
  /** The ids that can be read, whatever else is wrong. */
  readonly subject: Subject;

  constructor(problems: readonly string[], subject: Subject = {}) {
    super(problems.join('; '));
    this.problems = problems;
    this.subject = subject;
  }
}

/** An order or a payment, and when its producer says that it happened. */
interface Timed {
  /** Milliseconds since the epoch; undefined when the message has no `occurred_at`. */
  readonly occurredAtMs: number | undefined;
}

/**
 * Reads the order in a message body. It ignores fields that it does not know.
 * @param data a JSON object in UTF-8, at most 1 MiB.
 * @throws MalformedBodyError that names each bad field, what it got (never the text itself) and what is
 * allowed.
 */
export const parseOrder = (data: Uint8Array): Timed & { readonly order: Order } => parseBody(data, readOrder);

const readOrder = ({ required, optional }: FieldReader): Timed & { readonly order: Order } => ({
  order: {
    orderId: required('order_id', id),
    customerId: optional('customer_id', customerId),
    item: required('item', text),
    quantity: required('quantity', quantity),
    price: required('price', price),
    shippingAddress: required('shipping_address', text),
    orderStatus: required('order_status', text),
    creationDate: required('creation_date', text),
  },
  occurredAtMs: optional('occurred_at', occurredAt),
});

/**
 * Reads the payment in a message body. It ignores fields that it does not know.
 * @param data a JSON object in UTF-8, at most 1 MiB.
 * @throws MalformedBodyError that names each bad field, what it got (never the text itself) and what is
 * allowed.
 */
export const parsePayment = (data: Uint8Array): Timed & { readonly payment: Payment } =>
  parseBody(data, readPayment);

const readPayment = ({ required, optional }: FieldReader): Timed & { readonly payment: Payment } => ({
  payment: {
    paymentId: required('payment_id', id),
    orderId: required('order_id', id),
    paymentMethod: required('payment_method', text),
    cardLastFour: optional('card_last_four', cardLastFour),
    paymentStatus: required('payment_status', text),
    paymentDatetime: required('payment_datetime', text),
  },
  occurredAtMs: optional('occurred_at', occurredAt),
});

interface MessageField {
  readonly name: string;
  readonly isRequired: boolean;
  /** What it may hold, in words. */
  readonly allowed: string;
  /** It is usually written as a number of JSON, without quotes. */
  readonly isNumber: boolean;
}

/**
 * The fields of a message, in their order. Nothing is listed twice: the functions that read a message are
 * asked which fields they read.
 */
export const fieldsOf = (kind: 'order' | 'payment'): readonly MessageField[] => {
  const fields: MessageField[] = [];
  const listed =
    (isRequired: boolean) =>
    (name: string, { allowed, isNumber }: Rule<unknown>) => {
      fields.push({ name, isRequired, allowed, isNumber });
      // Nobody looks at the message that is put together here: there is none.
      return undefined as never;
    };
  const reader: FieldReader = { required: listed(true), optional: listed(false) };
  if (kind === 'order') readOrder(reader);
  else readPayment(reader);
  return fields;
};

/**
 * Reads the ids of a body, whatever else is wrong with it. It finds none in a body that is not JSON.
 * @param data as in `parseOrder`.
 */
export const readSubject = (data: Uint8Array): Subject => {
  const json = readJsonObject(data);
  return typeof json === 'string' ? {} : subjectOf(json);
};

type JsonObject = Readonly<Record<string, unknown>>;

const subjectOf = (json: JsonObject): Subject => ({
  orderId: id.read(json['order_id']),
  paymentId: id.read(json['payment_id']),
});

interface FieldReader {
  readonly required: <T>(name: string, rule: Rule<T>) => T;
  /** Undefined when the field is absent, null or an empty text. */
  readonly optional: <T>(name: string, rule: Rule<T>) => T | undefined;
}

const parseBody = <T>(data: Uint8Array, readFields: (reader: FieldReader) => T): T => {
  const json = readJsonObject(data);
  if (typeof json === 'string') throw new MalformedBodyError([json]);
  const problems: string[] = [];
  const required: FieldReader['required'] = (name, { allowed, read }) => {
    const raw = json[name];
    const value = read(raw);
    if (value === undefined) problems.push(`${name}: expected ${allowed}, got ${describe(raw)}`);
    // Nobody sees a value that is missing, because all problems are thrown together below.
    return value as NonNullable<typeof value>;
  };
  const optional: FieldReader['optional'] = (name, fieldRule) =>
    [undefined, null, ''].some((unset) => json[name] === unset) ? undefined : required(name, fieldRule);
  const result = readFields({ required, optional });
  if (problems.length > 0) throw new MalformedBodyError(problems, subjectOf(json));
  return result;
};

/** The object of a body, or one sentence that says why there is none. */
const readJsonObject = (data: Uint8Array): JsonObject | string => {
  if (data.byteLength === 0) return 'body: expected a JSON object, got no data';
  if (data.byteLength > BODY_BYTES_MAX) {
    return `body: expected at most ${BODY_BYTES_MAX} bytes, got ${data.byteLength}`;
  }
  const decoded = decodeUtf8(data);
  if (decoded === undefined) return `body: expected a JSON object in UTF-8, got ${explainBytes(data)}`;
  const source = withoutByteOrderMark(decoded);
  const { depth } = measureBrackets(source);
  if (depth > NESTING_MAX) {
    return `body: expected a JSON object, got one nested ${depth} deep, above the limit of ${NESTING_MAX}`;
  }
  let json: unknown;
  try {
    json = parseJsonLosslessly(source);
  } catch {
    // The engine's message quotes the text, which may hold a card number (I8). So it is not passed on.
    return `body: expected a JSON object, got ${explainBytes(data)}`;
  }
  return isObject(json) ? json : `body: expected a JSON object, got ${describe(json)}`;
};

const isObject = (json: unknown): json is JsonObject =>
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
