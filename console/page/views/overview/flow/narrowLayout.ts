import { type Layout, type Place, type Way, wayKey } from './drawing.ts';
import type { MapParts } from './mapParts.ts';

const WIDTH = 328;
const SIDE = 14;
const GAP = 12;
/** Nodes with one line of text, and with two. */
const LOW = 30;
const HIGH = 42;
const TABLE_WIDTH = 280;
const TABLE_STEP = 49;

/** From top to bottom, for a narrow page: a column for each input. */
export const narrowLayout = (parts: MapParts): Layout => {
  const { inputs, deadLetters, subscriptions, consumers, tables, producer, writes } = parts;
  const columns = Math.max(inputs.length, deadLetters.length, 1);
  const width = (WIDTH - 2 * SIDE - GAP * (columns - 1)) / columns;
  const places = new Map<string, Place>();
  const put = (name: string, column: number, y: number, height: number): void => {
    places.set(name, { x: SIDE + column * (width + GAP), y, width, height });
  };
  const putMiddle = (name: string, y: number, height: number, wide = width): void => {
    places.set(name, { x: (WIDTH - wide) / 2, y, width: wide, height });
  };
  const consumerOf = (topic: string) => subscriptions.find((one) => one.topic === topic);
  putMiddle(producer, 0, LOW);
  for (const [column, topic] of inputs.entries()) {
    put(topic, column, 54, LOW);
    put(consumerOf(topic)?.name ?? '', column, 108, HIGH);
    put(consumerOf(topic)?.consumer ?? '', column, 174, HIGH);
  }
  for (const [column, topic] of deadLetters.entries()) {
    put(topic, column, 258, LOW);
    put(consumerOf(topic)?.name ?? '', column, 312, HIGH);
  }
  const last = consumers.filter((name) => !places.has(name));
  for (const name of last) putMiddle(name, 378, HIGH);
  // The table of the last function stands below it, the others follow.
  const own = tables.filter((name) => writes.some(({ from, to }) => to === name && last.includes(from)));
  const order = [...own, ...tables.filter((name) => !own.includes(name))];
  for (const [index, name] of order.entries()) putMiddle(name, 450 + index * TABLE_STEP, HIGH, TABLE_WIDTH);
  const bottom = 450 + order.length * TABLE_STEP;
  return {
    width: WIDTH,
    height: bottom + 26,
    heads: [],
    places,
    ways: waysOf(parts, places),
    cluster: {
      x: SIDE,
      y: 440,
      width: WIDTH - 2 * SIDE,
      height: bottom - 420,
      textX: 24,
      textY: bottom + 13,
    },
  };
};

const waysOf = (parts: MapParts, places: ReadonlyMap<string, Place>): Map<string, Way> => {
  const { inputs, subscriptions, tells, writes, producer } = parts;
  const ways = new Map<string, Way>();
  const at = (name: string) => {
    const place = places.get(name) ?? { x: 0, y: 0, width: 0, height: 0 };
    return { ...place, mid: place.x + place.width / 2, bottom: place.y + place.height };
  };
  for (const input of inputs) {
    const [from, to] = [at(producer), at(input)];
    ways.set(wayKey(producer, input), {
      path: `M${from.mid} ${from.bottom}V${from.bottom + 8}H${to.mid}V${to.y}`,
    });
  }
  for (const { name, topic, consumer } of subscriptions) {
    const [start, sub, end] = [at(topic), at(name), at(consumer)];
    ways.set(wayKey(topic, name), {
      path: `M${start.mid} ${start.bottom}V${sub.y}`,
      label: inputs.includes(topic) ? { x: sub.mid + 6, y: sub.y - 8, anchor: 'start' } : undefined,
    });
    const isBelow = sub.mid === end.mid;
    ways.set(wayKey(name, consumer), {
      path: isBelow
        ? `M${sub.mid} ${sub.bottom}V${end.y}`
        : `M${sub.mid} ${sub.bottom}V${sub.bottom + 8}H${end.mid}V${end.y}`,
      label: isBelow ? { x: sub.mid + 6, y: end.y - 8, anchor: 'start' } : undefined,
    });
  }
  for (const [index, { from, to }] of tells.entries()) {
    const [start, end] = [at(from), at(to)];
    const isFirst = index === 0;
    ways.set(wayKey(from, to), {
      path: `M${start.mid} ${start.bottom}V${end.y}`,
      label: { x: start.mid + (isFirst ? 6 : -6), y: start.bottom + 24, anchor: isFirst ? 'start' : 'end' },
      isStacked: true,
    });
  }
  for (const { from, to } of writes) {
    const [start, end] = [at(from), at(to)];
    const isAbove = start.mid === end.mid;
    const isLeft = start.mid < WIDTH / 2;
    const [edge, lane, into] = isLeft
      ? [start.x, 5, end.x]
      : [start.x + start.width, WIDTH - 5, end.x + end.width];
    ways.set(wayKey(from, to), {
      path: isAbove
        ? `M${start.mid} ${start.bottom}V${end.y}`
        : `M${edge} ${start.y + 21}H${lane}V${end.y + 21}H${into}`,
      label: isAbove ? { x: end.mid + 6, y: start.bottom + 14, anchor: 'start' } : undefined,
    });
  }
  return ways;
};
