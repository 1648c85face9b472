import { describe, expect, it } from 'vitest';
import {
  firstRequest,
  type Preset,
  runRequest,
  splitFields,
} from '../../../../../console/page/views/send/runRequest.ts';
import { describeRequests } from '../../../../../functions/simulate/describeRequests.ts';
import { parseRequest } from '../../../../../functions/simulate/parseRequest.ts';

const presets: readonly Preset[] = JSON.parse(JSON.stringify(describeRequests().presets));
const [shop, reference] = presets as [Preset, Preset];

describe('the request of a run from its form', () => {
  it.each(presets)('is one that the simulator takes as the form begins: $preset', (preset) => {
    const request = runRequest(preset, firstRequest(preset));

    expect(parseRequest('POST', Buffer.from(JSON.stringify(request)), () => 7)).toMatchObject(request);
  });

  it('names only what differs from the defaults', () => {
    expect(runRequest(reference, firstRequest(reference))).toEqual({ preset: 'reference' });
    expect(runRequest(shop, { ...firstRequest(shop), orders: '100', seed: '0', occurredAt: 'true' })).toEqual(
      {
        preset: 'shop',
        ratePerSecond: 200,
        early: 0.3,
        missing: 0.02,
        unpaid: 0.05,
        duplicates: 0.1,
        malformed: 0.02,
        doublePaid: 0.01,
        seed: 0,
        occurredAt: true,
      },
    );
  });

  it('takes no hexadecimal text for a number', () => {
    expect(runRequest(shop, { orders: '0x10' })).toEqual({ preset: 'shop', orders: '0x10' });
  });

  it('sends what is no number as it is, so that the simulator says what it expects', () => {
    expect(runRequest(shop, { orders: 'many', early: '0,3', ratePerSecond: ' ' })).toEqual({
      preset: 'shop',
      orders: 'many',
      early: '0,3',
    });
  });

  it.each(presets)('shows a few fields, and has each one once: $preset', (preset) => {
    const { first, more } = splitFields(preset);

    expect(
      [...first, ...more].toSorted((a, b) => preset.fields.indexOf(a) - preset.fields.indexOf(b)),
    ).toEqual(preset.fields);
    expect(first.length).toBeLessThanOrEqual(8);
  });
});
