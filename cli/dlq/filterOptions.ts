import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import {
  DEAD_LETTER_STATES,
  type DeadLetterFilter,
  type DeadLetterState,
} from '../../shared/operations/deadLetterFilter.ts';
import { DEAD_LETTER_TOPIC, type InputTopic } from '../../shared/topology.ts';
import { lastMoment, type Moment, moment, toMs } from '../moment.ts';
import { idArgument } from '../idArgument.ts';
import { DAY_MS } from '../../shared/domain/dayOf.ts';
import { isEventId } from '../../shared/domain/isEventId.ts';

/** The options of a command that takes dead letters by a filter. */
export interface FilterOptions {
  readonly reason: DeadLetterReason[] | undefined;
  readonly topic: InputTopic | undefined;
  readonly order: bigint | undefined;
  readonly payment: bigint | undefined;
  readonly error: string | undefined;
  readonly kind: string | undefined;
  readonly state: DeadLetterState | 'any' | undefined;
  readonly since: Moment | undefined;
  readonly until: Moment | undefined;
}

/** A day without a dead letter takes a tenth of a second, so ten years take some minutes. */
const SPAN_DAYS_MAX = 3_650;
const ERROR_CHARACTERS_MAX = 200;
/** No error is longer. */
const KIND_CHARACTERS_MAX = 1_000;

/** The id of a dead letter: 32 hex digits. */
export const deadLetterId = (text: string): string => {
  if (isEventId(text)) return text;
  throw new InvalidArgumentError('Expected the id of a dead letter, 32 hex digits.');
};

/** Each id once, however often it is given. */
export const deadLetterIds = (text: string, earlier: readonly string[] = []): string[] => [
  ...new Set([...earlier, deadLetterId(text)]),
];

const text =
  (charactersMax: number) =>
  (given: string): string => {
    // A blank would choose nearly every error.
    if (given.trim() !== '' && given.length <= charactersMax) return given;
    throw new InvalidArgumentError(`Expected a text of 1 to ${charactersMax} characters that is not blank.`);
  };

/** Adds the options of a filter to a command. */
export const addFilterOptions = (command: Command, state: string): Command =>
  command
    .addOption(
      new Option('--reason <reasons...>', 'only with one of these reasons').choices(DEAD_LETTER_REASONS),
    )
    .addOption(
      new Option('--topic <topic>', 'only of this input topic').choices(Object.keys(DEAD_LETTER_TOPIC)),
    )
    .option('--order <id>', 'only of this order, of all days', idArgument('an order id'))
    .option(
      '--payment <id>',
      'only of this payment id, and double payments that name it',
      idArgument('a payment id'),
    )
    .option('--error <text>', 'only where the error holds this text', text(ERROR_CHARACTERS_MAX))
    .option(
      '--kind <text>',
      'only errors of this kind, as `dlq ls --by error` prints it',
      text(KIND_CHARACTERS_MAX),
    )
    .addOption(
      new Option('--state <state>', `only open or closed ones (default: ${state})`).choices([
        ...DEAD_LETTER_STATES,
        'any',
      ]),
    )
    .option(
      '--since <time>',
      'first published since: 90m, 24h, 7d, a day or a time; a finding goes by the day of its earliest ' +
        'event, whenever it was told (default: 24h; with an order or an id: ever)',
      moment,
    )
    .option(
      '--until <time>',
      'first published until; a day counts to its end, in UTC (default: now)',
      lastMoment,
    );

/**
 * The filter that the options say.
 * @param ids of single dead letters. With them, or with an order, all days are looked at.
 */
export const toFilter = (
  options: FilterOptions,
  { ids, nowMs, state }: { ids: readonly string[]; nowMs: number; state: DeadLetterState | 'any' },
): DeadLetterFilter => {
  const chosen = options.state ?? state;
  const isOfAllDays = ids.length > 0 || options.order !== undefined;
  const since = options.since ?? (isOfAllDays ? undefined : { beforeNowMs: DAY_MS });
  const sinceMs = since && toMs(since, nowMs);
  const untilMs = options.until && toMs(options.until, nowMs);
  if ((sinceMs ?? 0) > (untilMs ?? nowMs)) {
    const end = untilMs === undefined ? 'now' : '--until';
    throw new InvalidArgumentError(
      `--since: expected a time before ${end}, got ${new Date(sinceMs ?? 0).toISOString()}`,
    );
  }
  if (!isOfAllDays && (untilMs ?? nowMs) - (sinceMs ?? 0) > SPAN_DAYS_MAX * DAY_MS) {
    throw new InvalidArgumentError(
      `--since: expected at most ${SPAN_DAYS_MAX} days before --until; each day is read whole`,
    );
  }
  return {
    ids,
    reasons: options.reason ?? [],
    topic: options.topic,
    orderId: options.order,
    paymentId: options.payment,
    error: options.error,
    kind: options.kind,
    state: chosen === 'any' ? undefined : chosen,
    sinceMs,
    untilMs,
  };
};

/** What the last day leaves out. Undefined: somebody has said since when, or all days are looked at. */
export const noteOnLastDay = ({ since }: FilterOptions, { sinceMs }: DeadLetterFilter): string | undefined =>
  since !== undefined || sinceMs === undefined
    ? undefined
    : 'This goes by when an event was first published, and a finding by the day of its earliest event. What was ' +
      'told today about older events needs an earlier --since, such as --since 31d.';

/**
 * The words with which another run begins at the same moment: `--since 2h` goes by the clock of each run, so
 * the next one would leave out the oldest dead letters. Undefined where all days are looked at.
 */
export const sinceAgain = ({ sinceMs }: Pick<DeadLetterFilter, 'sinceMs'>): string | undefined =>
  sinceMs === undefined ? undefined : `--since ${new Date(sinceMs).toISOString()}`;
