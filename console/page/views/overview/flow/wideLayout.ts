import { type Layout, type Place, type Way, wayKey } from './drawing.ts';
import type { MapParts } from './mapParts.ts';

const HEIGHT = 44;
/** From left to right: where each column stands, and how wide its nodes are. */
const COLUMN = {
  producer: { x: 0, width: 84 },
  topic: { x: 126, width: 140 },
  subscription: { x: 312, width: 166 },
  function: { x: 548, width: 116 },
  table: { x: 762, width: 200 },
} as const;
const TOP = 26;
const INPUT_STEP = 86;
const DEAD_LETTER_STEP = 72;
const TABLE_STEP = 76;
/** Between the inputs and the dead letters, for the ways that lead back to the left. */
const LANES = 64;

/** From left to right, for a page that is wide enough. */
export const wideLayout = (parts: MapParts): Layout => {
  const places = placesOf(parts);
  const bottom = Math.max(...[...places.values()].map(({ y, height }) => y + height));
  return {
    width: 980,
    height: bottom + 34,
    heads: [
      { x: COLUMN.producer.x, text: 'Producers' },
      { x: COLUMN.topic.x, text: 'Topics' },
      { x: COLUMN.subscription.x, text: 'Subscriptions' },
      { x: COLUMN.function.x, text: 'Functions' },
      { x: COLUMN.table.x, text: 'Tables' },
    ],
    places,
    ways: waysOf(parts, places, bottom),
    cluster: { x: 738, y: 24, width: 238, height: bottom - 20, textX: COLUMN.table.x, textY: 42 },
  };
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const placesOf = (parts: MapParts): Map<string, Place> => {
  const { inputs, deadLetters, subscriptions, consumers, tables, writes } = parts;
  const places = new Map<string, Place>();
  const put = (name: string, column: keyof typeof COLUMN, y: number): void => {
    places.set(name, { ...COLUMN[column], y, height: HEIGHT });
  };
  const yOf = (name: string): number => places.get(name)?.y ?? 0;
  for (const [index, name] of inputs.entries()) put(name, 'topic', TOP + index * INPUT_STEP);
  const below = TOP + inputs.length * INPUT_STEP + LANES;
  for (const [index, name] of deadLetters.entries()) put(name, 'topic', below + index * DEAD_LETTER_STEP);
  for (const { name, topic } of subscriptions) put(name, 'subscription', yOf(topic));
  for (const name of consumers) {
    put(
      name,
      'function',
      mean(subscriptions.filter(({ consumer }) => consumer === name).map((one) => yOf(one.name))),
    );
  }
  put(parts.producer, 'producer', mean(inputs.map(yOf)));
  // The first tables stand in the frame's upper part, and those of a single function beside it.
  let next = TOP + 28;
  for (const name of tables) {
    const writers = writes.filter(({ to }) => to === name);
    const [only] = writers;
    if (writers.length === 1 && only !== undefined) put(name, 'table', yOf(only.from));
    else {
      put(name, 'table', next);
      next += TABLE_STEP;
    }
  }
  return places;
};

const waysOf = (parts: MapParts, places: ReadonlyMap<string, Place>, bottom: number): Map<string, Way> => {
  const { inputs, subscriptions, writes, producer, redriveFrom } = parts;
  const ways = new Map<string, Way>();
  const at: At = (name) => {
    const place = places.get(name) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { ...place, mid: place.y + place.height / 2, right: place.x + place.width };
  };
  const bus = COLUMN.producer.width + 14;
  const topic = COLUMN.topic.x;
  for (const input of inputs) {
    const from = at(producer);
    ways.set(wayKey(producer, input), {
      path: `M${from.right} ${from.mid}H${bus}V${at(input).mid}H${topic}`,
    });
  }
  for (const { name, topic: from, consumer } of subscriptions) {
    const [start, sub, end] = [at(from), at(name), at(consumer)];
    ways.set(wayKey(from, name), {
      path: `M${start.right} ${start.mid}H${sub.x}`,
      label: { x: (start.right + sub.x) / 2, y: start.mid - 7, anchor: 'middle' },
    });
    const isLevel = sub.mid === end.mid;
    const into = end.mid + (sub.mid < end.mid ? -8 : 8);
    ways.set(wayKey(name, consumer), {
      path: isLevel
        ? `M${sub.right} ${sub.mid}H${end.x}`
        : `M${sub.right} ${sub.mid}H${sub.right + 36}V${into}H${end.x}`,
      label: {
        x: sub.right + (isLevel ? 25 : 18),
        y: sub.mid + (isLevel || sub.mid < end.mid ? -7 : 16),
        anchor: 'middle',
      },
    });
  }
  // The rate stands once for each function, however many tables it writes.
  const said = new Set<string>();
  for (const { from, to } of writes) {
    const [start, end] = [at(from), at(to)];
    const isLevel = start.mid === end.mid;
    ways.set(wayKey(from, to), {
      path: isLevel
        ? `M${start.right} ${start.mid}H${end.x}`
        : `M${start.right} ${start.mid}H712V${end.mid}H${end.x}`,
      label: said.has(from)
        ? undefined
        : { x: start.right + (isLevel ? 36 : 22), y: start.mid - 7, anchor: 'middle' },
    });
    said.add(from);
  }
  putTells(parts, at, ways);
  if (redriveFrom !== undefined) {
    const [start, last] = [at(redriveFrom), at(inputs.at(-1) ?? '')];
    const y = bottom + 20;
    ways.set(wayKey(redriveFrom, inputs.at(-1) ?? ''), {
      path: `M${start.x + start.width / 2} ${start.y + HEIGHT}V${y}H${bus}V${last.mid + 2}`,
      label: { x: 480, y: y + 4, anchor: 'middle' },
    });
  }
  return ways;
};

type At = (name: string) => Place & { readonly mid: number; readonly right: number };

/** What is told goes back to the left, under the functions. The lowest function is left from below. */
const putTells = ({ inputs, tells }: MapParts, at: At, ways: Map<string, Way>): void => {
  const lanes = Math.max(...inputs.map((name) => at(name).y)) + HEIGHT + 30;
  for (const [index, { from, to }] of tells.entries()) {
    const [start, end] = [at(from), at(to)];
    const y = lanes + 20 * index;
    const isLast = index === tells.length - 1;
    const out = isLast
      ? `M${start.x + start.width / 2} ${start.y + HEIGHT}V${y}`
      : `M${start.x} ${start.mid + 12}H${start.x - 24 - 8 * index}V${y}`;
    ways.set(wayKey(from, to), {
      path: `${out}H${end.x - 10 - 9 * index}V${end.mid}H${end.x}`,
      label: { x: 320, y: y + 4, anchor: 'middle' },
    });
  }
};
