import { MESSAGES } from './measureRound.ts';
import { MESSAGE_BYTES } from './openRoute.ts';
import type { Spread } from './statistics.ts';
import { METRIC_NAMES, METRICS, type MetricName, type Summary } from './summary.ts';
import { PUSHES_PER_SECOND_MIN, RATIO_MIN } from './targets.ts';

const NAME_WIDTH = 50;
const NUMBER_WIDTH = 12;
const RATIO_DIGITS = 2;

/**
 * Formats the report for a person.
 * @param misses one sentence for each missed target, as `missesOf` returns them.
 */
export const formatSummary = (summary: Summary, misses: readonly string[]): string => {
  const { rounds, cpus, emulators, isGoogleMissing } = summary;
  const turns = isGoogleMissing ? 'ours only' : 'ours and Google’s in turns';
  return [
    '',
    `Local Pub/Sub, ${turns}. Rounds: ${rounds}, cores: ${cpus}, bytes per message: ${MESSAGE_BYTES}`,
    `  ours    ${emulators.ours}`,
    `  google  ${emulators.google}`,
    '',
    ...formatCounts(summary),
    '',
    row(isGoogleMissing ? 'of all rounds' : 'of all rounds; ratio: ours / Google’s', [
      'median',
      'min',
      'max',
    ]),
    ...METRIC_NAMES.flatMap((name) => formatMetric(summary, name)),
    '',
    ...misses.map((miss) => `MISSED: ${miss}`),
    ...(misses.length === 0 ? [conclusionOf(summary)] : []),
  ].join('\n');
};

const formatCounts = ({ counts, queued, isGoogleMissing }: Summary): string[] => [
  row('messages of all rounds', ['published', 'pushes', 'distinct', 'duplicates', 'lost', 'queued']),
  ...(['ours', 'google'] as const)
    .filter((name) => name === 'ours' || !isGoogleMissing)
    .map((name) => {
      const { published, pushes, distinct, duplicates, lost } = counts[name];
      const numbers = [published, pushes, distinct, duplicates, lost, queued[name]];
      return row(
        `  ${name}`,
        numbers.map((count) => format(count, 0)),
      );
    }),
];

const formatMetric = ({ metrics }: Summary, name: MetricName): string[] => {
  const { title, digits } = METRICS[name];
  const { ours, google, ratio } = metrics[name];
  return [
    title,
    row(`  ours${messagesOf('ours', name)}`, numbersOf(ours, digits)),
    ...(google === undefined
      ? []
      : [row(`  google${messagesOf('google', name)}`, numbersOf(google, digits))]),
    ...(ratio === undefined ? [] : [row('  ratio', numbersOf(ratio, RATIO_DIGITS))]),
  ];
};

const messagesOf = (emulator: keyof typeof MESSAGES, name: MetricName): string => {
  const { measure } = METRICS[name];
  return `, ${format(MESSAGES[emulator][measure], 0)} messages per round`;
};

const conclusionOf = ({ isGoogleMissing }: Summary): string => {
  const ratio = isGoogleMissing
    ? 'the ratio to Google’s emulator was NOT measured, because that is not installed'
    : `with a slow handler, at least ${RATIO_MIN} times as many as Google’s`;
  return `RIGHT: no message was lost; at least ${format(PUSHES_PER_SECOND_MIN, 0)} pushes per second; ${ratio}`;
};

const row = (name: string, cells: readonly string[]): string =>
  [name.padEnd(NAME_WIDTH), ...cells.map((cell) => cell.padStart(NUMBER_WIDTH))].join('');

const numbersOf = ({ median, min, max }: Spread, digits: number): string[] =>
  [median, min, max].map((value) => format(value, digits));

const format = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
