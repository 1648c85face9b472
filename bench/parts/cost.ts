import { costPerMillion, costPerMonth, DESIGNS, type EventCost, workerIsCheaperFrom } from '../cost.ts';
import { atMost, format, type Result } from '../report/result.ts';
import type { Counts } from './counts.ts';
import type { EndToEnd } from './endToEnd.ts';

const RATES = [1, 100, 10_000] as const;
const EARLY = [0, 0.1, 0.5] as const;
const STEADY = { perSecond: 10_000, early: 0 };
const MICROSECONDS = 1e6;

/** Dollars, from the counts and the CPU of this run. */
export const cost = ({ counts }: Counts, { consumerMicros }: EndToEnd): Result => {
  const early = counts.find(({ kind }) => kind === 'early payment');
  const order = counts.find(({ kind }) => kind === 'order');
  const event: EventCost = {
    pushCpuSeconds: consumerMicros.push / MICROSECONDS,
    pullCpuSeconds: consumerMicros.pull / MICROSECONDS,
    // A push carries the message in base64, in an envelope.
    messageBytes: ((order?.pushBytes ?? 0) * 3) / 4,
    deadLetterBytes: early?.publishedBytes ?? 0,
  };
  const row = (design: (typeof DESIGNS)[number], share: number): string[] => {
    const all = RATES.map((perSecond) => {
      const perMillion = costPerMillion(design, event, { perSecond, early: share });
      return [`$${format(perMillion)}`, `$${format(costPerMonth(perMillion, perSecond))}`];
    });
    return [design, `${share * 100}%`, ...all.flat()];
  };
  return {
    sections: [
      {
        title: 'Cost',
        notes: [
          'Dollars for a million events, and a month, at 1, 100 and 10,000 events a second. Cassandra and logs are left out. The prices and their sources are in `bench/cost.ts`.',
          `From ${format(workerIsCheaperFrom(event, 0))} events a second on, the worker costs less than push that is billed for requests.`,
        ],
        columns: ['', 'early', ...RATES.flatMap((rate) => [`million at ${format(rate)}/s`, 'month'])],
        rows: EARLY.flatMap((share) => DESIGNS.map((design) => row(design, share))),
      },
    ],
    targets: [
      atMost(
        'modelled cost per million events by push, $',
        costPerMillion('push, billed for requests', event, STEADY),
        0.5,
      ),
      atMost(
        'modelled cost per million events by the worker, $',
        costPerMillion('worker', event, STEADY),
        0.1,
      ),
    ],
    controls: [],
  };
};
