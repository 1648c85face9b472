import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { MalformedBodyError, parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import type { Handler, Tell } from '../../../shared/messaging/settleMessage.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import type { Log } from '../../../shared/telemetry/log.ts';
import { CARD } from '../../../proof/referenceMessages.ts';
import type { Parsers } from '../../../proof/fuzz/suites/parseSuite.ts';
import type { PlantedBug } from '../../../proof/fuzz/world.ts';

type Wrap = (handler: Handler) => Handler;
const handlerBug = (wrapHandler: Wrap): PlantedBug => ({ wrapHandler });
const tellBug = (wrapTell: (tell: Tell) => Tell): PlantedBug => ({ wrapTell });
const onPoison = (reaction: (error: PermanentError) => never): PlantedBug =>
  handlerBug((handler) => async (event) => {
    try {
      return await handler(event);
    } catch (error) {
      if (error instanceof PermanentError) reaction(error);
      throw error;
    }
  });

/** A naive deep merge: it follows `__proto__` and changes the prototype of all objects. */
const mergeDeep = (target: Record<string, unknown>, source: object): void => {
  for (const [key, value] of Object.entries(source)) {
    const known = target[key];
    if (typeof value === 'object' && value !== null && typeof known === 'object' && known !== null) {
      mergeDeep(known as Record<string, unknown>, value);
    } else target[key] = value;
  }
};

const tryMerge = (data: Uint8Array): void => {
  try {
    mergeDeep({}, JSON.parse(Buffer.from(data).toString()));
  } catch {
    // A body that is not JSON is not merged.
  }
};

const kept: unknown[] = [];

/** Planted bugs that the suite `bodies` must find. */
export const BODY_BUGS: Readonly<Record<string, PlantedBug>> = {
  'a TypeError for poison': onPoison(() => {
    throw new TypeError('Cannot read properties of null');
  }),
  'a retry of poison': onPoison(() => {
    throw new TransientError('something went wrong');
  }),
  'an ack of a dead letter that nobody published': { wrapTell: () => async () => {} },
  'a dead letter published twice': {
    wrapTell:
      (tell) =>
      async (...letter) => {
        await tell(...letter);
        await tell(...letter);
      },
  },
  'an ack of an empty body without a bucket': handlerBug(
    (handler) => async (event) => (event.data.byteLength === 0 ? ack('invalid') : handler(event)),
  ),
  'a dead letter with other bytes': {
    wrapTell:
      (tell) =>
      (event, ...rest) =>
        tell({ ...event, data: Buffer.from(Buffer.from(event.data).toString('utf8')) }, ...rest),
  },
  'a double payment that nobody is told of': tellBug((tell) => async (event, reports) => {
    const others = reports.filter(({ reason }) => reason !== 'conflict');
    if (others.length > 0) await tell(event, others);
  }),
  'a changed payment that nobody is told of': tellBug((tell) => async (event, reports) => {
    if (reports.every(({ reason }) => reason !== 'changed')) await tell(event, reports);
  }),
  'rivals that nobody is told of': tellBug((tell) => async (event, reports) => {
    if (reports.every(({ reason }) => reason !== 'rivals')) await tell(event, reports);
  }),
  'a dead letter for each of two reports': tellBug((tell) => async (event, reports) => {
    for (const report of reports) await tell(event, [report]);
  }),
  'an error that names the first bad field only': tellBug(
    (tell) => (event, reports) =>
      tell(
        event,
        reports.map((report) => ({ ...report, error: report.error.split('; ')[0] ?? '' })),
      ),
  ),
  'an invalid message without its ids': onPoison((error) => {
    throw new PermanentError(error.message);
  }),
  'a prototype polluted by a merge': handlerBug((handler) => (event) => {
    tryMerge(event.data);
    return handler(event);
  }),
  'a promise that nobody awaits': handlerBug((handler) => (event) => {
    if (event.data.byteLength === 0) void Promise.reject(new Error('lost'));
    return handler(event);
  }),
  'a cache without a limit': handlerBug((handler) => (event) => {
    kept.push(Array.from({ length: 8_000 }, () => event.data.byteLength));
    return handler(event);
  }),
};

/** A planted bug that changes the fields of every log line. */
const wrapLog = (change: (fields: object) => object): PlantedBug => ({
  wrapLog: (log) => {
    const write =
      (level: 'debug' | 'info' | 'warn' | 'error') =>
      (fields: object, message: string): void =>
        log[level](change(fields), message);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') } as Log;
  },
});

export const LINE_BUGS: Readonly<Record<string, PlantedBug>> = {
  'a field that an outsider names': wrapLog((fields) =>
    'error' in fields && typeof fields.error === 'string' ? { ...fields, [fields.error]: 1 } : fields,
  ),
  'a second severity': wrapLog((fields) => ({ ...fields, severity: 'INFO' })),
  'a finding that an outsider names': wrapLog((fields) =>
    'error' in fields && 'findings' in fields ? { ...fields, findings: [fields.error] } : fields,
  ),
  'wrong labels': wrapLog((fields) => ({ ...fields, 'logging.googleapis.com/labels': {} })),
};

/** Puts a card number in the place of each mask. */
const unmask = (text: string): string => text.replaceAll(/\*+/g, `x${CARD}x`);

export const CARD_BUGS: Readonly<Record<string, PlantedBug>> = {
  'an error text that quotes the unmasked text': wrapLog((fields) => ({
    ...fields,
    error: 'error' in fields && typeof fields.error === 'string' ? unmask(fields.error) : null,
  })),
  'a dead letter unmasked': {
    wrapTell:
      (tell) =>
      (event, ...rest) =>
        tell(
          {
            ...event,
            data: Buffer.from(unmask(Buffer.from(event.data).toString('latin1')), 'latin1'),
          },
          ...rest,
        ),
  },
};

/** Planted bugs in a parser. */
export const PARSER_BUGS: Readonly<Record<string, Partial<Parsers>>> = {
  'ids through a double': {
    order: (data) => {
      const { order, occurredAtMs } = parseOrder(data);
      return { order: { ...order, orderId: BigInt(Number(order.orderId)) }, occurredAtMs };
    },
  },
  'a guest with the id 0': {
    order: (data) => {
      const { order, occurredAtMs } = parseOrder(data);
      return { order: { ...order, customerId: order.customerId ?? 0n }, occurredAtMs };
    },
  },
  'no card taken for a card without digits': {
    payment: (data) => {
      const { payment, occurredAtMs } = parsePayment(data);
      return { payment: { ...payment, cardLastFour: payment.cardLastFour ?? '' }, occurredAtMs };
    },
  },
  'no time taken for the year 1970': {
    order: (data) => {
      const { order, occurredAtMs = 0 } = parseOrder(data);
      return { order, occurredAtMs };
    },
  },
  'a time to the second': {
    payment: (data) => {
      const { payment, occurredAtMs } = parsePayment(data);
      return { payment, occurredAtMs: occurredAtMs && Math.floor(occurredAtMs / 1_000) * 1_000 };
    },
  },
  'a price as text that is refused': {
    order: (data) => {
      if (/"price"\s*:\s*"/.test(Buffer.from(data).toString()))
        throw new MalformedBodyError(['price: a text']);
      return parseOrder(data);
    },
  },
  'a whole number with a point that is refused': {
    order: (data) => {
      if (Buffer.from(data).includes('7502.0')) throw new MalformedBodyError(['order_id: 7502.0']);
      return parseOrder(data);
    },
  },
  'one bad field of many that is named': {
    order: (data) => {
      try {
        return parseOrder(data);
      } catch (error) {
        throw error instanceof MalformedBodyError
          ? new MalformedBodyError(error.problems.slice(0, 1))
          : error;
      }
    },
  },
  'a TypeError for null': {
    order: (data) => {
      if (Buffer.from(data).toString() === 'null') throw new TypeError('Cannot read properties of null');
      return parseOrder(data);
    },
  },
  'a field that is not named': {
    order: (data) => {
      try {
        return parseOrder(data);
      } catch (error) {
        throw error instanceof PermanentError ? new PermanentError('not valid') : error;
      }
    },
  },
};
