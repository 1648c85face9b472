import * as z from 'zod';

/** Seconds and nanoseconds, as gRPC has them. The seconds are a text because they have 64 bits. */
const secondsSchema = z.object({ seconds: z.string(), nanos: z.number() });
type Seconds = z.output<typeof secondsSchema>;
const maskSchema = z.object({ paths: z.array(z.string()) });

const DURATION = /^(?<seconds>-?\d{1,12})(?:\.(?<fraction>\d{1,9}))?s$/;
const TIMESTAMP =
  /^(?<whole>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(?<fraction>\d{1,9}))?(?<zone>Z|[+-]\d{2}:\d{2})$/;
const NANOS_DIGITS = 9;

interface WellKnownType {
  /** Undefined: the text has another form. */
  readonly parse: (text: string) => object | undefined;
  readonly format: (message: object) => string;
  /** What a text must be, for an error. */
  readonly expected: string;
}

const parseDuration = (text: string): Seconds | undefined => {
  const { seconds, fraction = '' } = DURATION.exec(text)?.groups ?? {};
  if (seconds === undefined) return undefined;
  const nanos = nanosOf(fraction);
  return { seconds, nanos: seconds.startsWith('-') ? -nanos : nanos };
};

const parseTimestamp = (text: string): Seconds | undefined => {
  const { whole, fraction = '', zone } = TIMESTAMP.exec(text)?.groups ?? {};
  const ms = Date.parse(`${whole}${zone}`);
  return Number.isNaN(ms) ? undefined : { seconds: String(ms / 1_000), nanos: nanosOf(fraction) };
};

/** gRPC has the paths in snake_case. JSON may have both spellings. */
const parseFieldMask = (text: string) => ({
  paths: text
    .split(',')
    .map((path) => path.trim().replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .filter((path) => path !== ''),
});

const nanosOf = (fraction: string): number => Number(fraction.padEnd(NANOS_DIGITS, '0'));

const fractionOf = (nanos: number): string =>
  nanos === 0
    ? ''
    : `.${String(Math.abs(nanos))
        .padStart(NANOS_DIGITS, '0')
        .replace(/(?:000){1,2}$/, '')}`;

/**
 * The messages that are a text in JSON, by their full names:
 * https://protobuf.dev/programming-guides/json
 */
export const wellKnownTypes: Readonly<Record<string, WellKnownType | undefined>> = {
  'google.protobuf.Duration': {
    parse: parseDuration,
    format: (message) => {
      const { seconds, nanos } = secondsSchema.parse(message);
      return `${seconds}${fractionOf(nanos)}s`;
    },
    expected: 'seconds such as "600s"',
  },
  'google.protobuf.Timestamp': {
    parse: parseTimestamp,
    format: (message) => {
      const { seconds, nanos } = secondsSchema.parse(message);
      return new Date(Number(seconds) * 1_000).toISOString().replace('.000Z', `${fractionOf(nanos)}Z`);
    },
    expected: 'an RFC 3339 time such as "2026-11-28T10:00:00Z"',
  },
  'google.protobuf.FieldMask': {
    parse: parseFieldMask,
    format: (message) => maskSchema.parse(message).paths.join(','),
    expected: 'field names such as "ackDeadlineSeconds,labels"',
  },
};
