import type { SendForm } from '../../../contract.ts';
import { decimalOf } from '../../parts/decimalOf.ts';
import type { Texts } from './messageBody.ts';

export type Preset = NonNullable<SendForm['presets']>[number];
type RunRequest = Readonly<Record<string, string | number | boolean>>;

/** A run that shows something of everything. Any other field begins with its default. */
const FIRST_REQUEST: Texts = {
  orders: '1000',
  ratePerSecond: '200',
  early: '0.3',
  missing: '0.02',
  unpaid: '0.05',
  duplicates: '0.1',
  doublePaid: '0.01',
  malformed: '0.02',
};

/** What stands in the fields of a preset at first. */
export const firstRequest = ({ preset, fields }: Preset): Texts =>
  Object.fromEntries(
    fields.map(({ name, default: value }) => [
      name,
      (preset === 'shop' ? FIRST_REQUEST[name] : undefined) ?? (value === null ? '' : String(value)),
    ]),
  );

/** The fields that are seen at once: those that a first request sets, or the first three. */
export const splitFields = ({ preset, fields }: Preset) => {
  const isFirst = ({ name }: Preset['fields'][number], index: number): boolean =>
    preset === 'shop' ? name in FIRST_REQUEST : index < 3;
  return { first: fields.filter(isFirst), more: fields.filter((field, index) => !isFirst(field, index)) };
};

/** The request of a run: its preset, and what is not as the simulator has it anyway. */
export const runRequest = ({ preset, fields }: Preset, texts: Texts): RunRequest => ({
  preset,
  ...Object.fromEntries(
    fields.flatMap(({ name, default: value }) => {
      const text = (texts[name] ?? '').trim();
      return text === '' || text === String(value) ? [] : [[name, valueOf(text)]];
    }),
  ),
});

/** The simulator says what is wrong with a value, so one that is no number is sent as it is. */
const valueOf = (text: string): string | number | boolean => {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = decimalOf(text);
  return Number.isFinite(number) ? number : text;
};
