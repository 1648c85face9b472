import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { parseOrder } from '../../../shared/messaging/parseMessage.ts';
import type { Handler } from '../../../shared/messaging/pushEndpoint.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import type { Log } from '../../../shared/telemetry/log.ts';
import type { Parsers } from '../../../proof/fuzz/suites/parseSuite.ts';
import type { PlantedBug } from '../../../proof/fuzz/world.ts';

type Wrap = (handler: Handler) => Handler;
const handlerBug = (wrapHandler: Wrap): PlantedBug => ({ wrapHandler });
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
  'an ack of a dead letter that nobody published': { wrapPublish: () => async () => {} },
  'a dead letter published twice': {
    wrapPublish:
      (publish) =>
      async (...letter) => {
        await publish(...letter);
        await publish(...letter);
      },
  },
  'an ack of an empty body without a bucket': handlerBug(
    (handler) => async (event) => (event.data.byteLength === 0 ? ack('invalid') : handler(event)),
  ),
  'a dead letter with other bytes': {
    wrapPublish:
      (publish) =>
      (event, ...rest) =>
        publish({ ...event, data: Buffer.from(Buffer.from(event.data).toString('utf8')) }, ...rest),
  },
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
  'wrong labels': wrapLog((fields) => ({ ...fields, 'logging.googleapis.com/labels': {} })),
};

export const CARD_BUGS: Readonly<Record<string, PlantedBug>> = {
  'an error text that quotes the unmasked text': wrapLog((fields) => ({
    ...fields,
    error: 'error' in fields && typeof fields.error === 'string' ? fields.error.replaceAll('*', '0') : null,
  })),
  'a dead letter unmasked': {
    wrapPublish:
      (publish) =>
      (event, ...rest) =>
        publish(
          {
            ...event,
            data: Buffer.from(Buffer.from(event.data).toString('latin1').replaceAll('*', '0'), 'latin1'),
          },
          ...rest,
        ),
  },
};

/** Planted bugs in a parser. */
export const PARSER_BUGS: Readonly<Record<string, Partial<Parsers>>> = {
  'ids through a double': {
    order: (data) => {
      const order = parseOrder(data);
      return { ...order, orderId: BigInt(Number(order.orderId)) };
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
