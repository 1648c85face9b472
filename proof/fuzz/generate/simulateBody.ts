import type { Random } from '../../../functions/simulate/random.ts';
import { hostileText } from './hostileText.ts';
import { mutateBytes } from './mutateBytes.ts';

const GOOD: Readonly<Record<string, readonly [string, ...string[]]>> = {
  preset: ['"reference"', '"seed"', '"shop"'],
  seed: ['0', '1', '4294967295', '7.0', '1e2'],
  scenario: ['"A"', '"B"', '"C"', '"D"'],
  timeScale: ['0', '100', '1000', '999.5'],
  orders: ['1', '2', '30', '100000'],
  ratePerSecond: ['0', '10000'],
  early: ['0', '1', '0.5', '-0'],
  missing: ['0', '1', '0.25', '1e-9'],
  unpaid: ['0', '0.75'],
  duplicates: ['0', '1'],
  malformed: ['0', '1'],
};
/** Fields of both presets. */
const FLOWS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  doublePaid: ['0', '1'],
  versions: ['0', '1', '0.5'],
  versionsPerOrder: ['2', '3', '10'],
  occurredAt: ['true', 'false'],
  clockAheadMs: ['0', '240000'],
  guests: ['0', '1'],
  cardless: ['0', '1'],
  statusMoves: ['0', '0.5', '1'],
  declinedFirst: ['0', '0.5'],
  changed: ['0', '0.5'],
  refunds: ['0', '0.25'],
  refundsApart: ['0', '0.25'],
  giftCards: ['0', '0.25'],
  webhooks: ['0', '0.25'],
};
const BAD: readonly [string, ...string[]] = [
  'null',
  '-1',
  '1e999',
  '"1"',
  '[]',
  '{}',
  'true',
  '""',
  '"E"',
  '[0]',
  '{"valueOf":1}',
  '9'.repeat(3_000),
  '-1e999',
  '1e-999',
  '100001',
  '4294967296',
  '0.5',
];
const SHOP: readonly string[] = [
  'orders',
  'ratePerSecond',
  'early',
  'missing',
  'unpaid',
  'duplicates',
  'malformed',
];

/**
 * A request body for `simulate`: fields of one preset or of both, valid or invalid, and sometimes mutated.
 */
export const simulateBody = (random: Random): Buffer => {
  if (random.chance(0.005))
    return Buffer.from(
      random.pick([
        '',
        '[]',
        'null',
        '0',
        `{"seed":"${'x'.repeat(65_536)}"}`,
        ' '.repeat(65_537),
        '['.repeat(30_000),
      ]),
    );
  const isShop = random.chance(0.5);
  const members = Object.keys(GOOD)
    .filter((name) => name === 'seed' || SHOP.includes(name) === isShop || random.chance(0.02))
    .filter(() => random.chance(0.5))
    .concat(Object.keys(FLOWS).filter(() => random.chance(0.1)))
    .map((name) => `${JSON.stringify(name)}:${valueOf(name, random)}`);
  if (isShop) members.unshift('"preset":"shop"');
  if (random.chance(0.15))
    members.push(
      `${JSON.stringify(random.pick(['__proto__', 'constructor', hostileText(random)]))}:${random.pick(BAD)}`,
    );
  const body = Buffer.from(`{${members.join(',')}}`);
  return random.chance(0.4) ? mutateBytes(body, Buffer.from('{"preset":"shop","orders":3}'), random) : body;
};

const valueOf = (name: string, random: Random): string => {
  if (random.chance(0.7)) return random.pick(GOOD[name] ?? FLOWS[name] ?? BAD);
  return random.chance(0.7) ? random.pick(BAD) : JSON.stringify(hostileText(random));
};
