import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MalformedBodyError, parseOrder, parsePayment } from '../../shared/messaging/parseMessage.ts';
import { fieldsOf, messagesOf, workloadOf } from '../functions/simulate/readMessages.ts';

const FOLDER = join(import.meta.dirname, '../../examples');
const read = (name: string): Buffer => readFileSync(join(FOLDER, name));
const parse = (name: string) =>
  name.endsWith('order.json') ? parseOrder(read(name)).order : parsePayment(read(name)).payment;

const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
const malformed = names.filter((name) => name.startsWith('malformed-'));

describe('the examples', () => {
  it('are the files that their README names, and each is an order or a payment', () => {
    const named = new Set(
      read('README.md')
        .toString()
        .match(/[\w-]+\.json/g),
    );

    expect(names.toSorted()).toEqual([...named].toSorted());
    for (const name of names) expect(name).toMatch(/(?:^|-)(?:order|payment)\.json$/);
  });

  it.for(names.filter((name) => !malformed.includes(name)))('%s is valid', (name) => {
    expect(() => parse(name)).not.toThrow();
  });

  it.for(malformed)('%s is refused', (name) => {
    expect(() => parse(name)).toThrow(MalformedBodyError);
  });

  it('belong together as their names say', () => {
    expect(parse('payment.json').orderId).toBe(parse('order.json').orderId);
    expect(parse('second-payment.json').orderId).toBe(parse('order.json').orderId);
    expect(parse('early-payment.json').orderId).toBe(parse('late-order.json').orderId);
    expect(parse('late-order.json').orderId).not.toBe(parse('order.json').orderId);
    expect(parsePayment(read('second-payment.json')).payment.paymentId).not.toBe(
      parsePayment(read('payment.json')).payment.paymentId,
    );
    expect(parse('wallet-payment.json').orderId).toBe(parse('guest-order.json').orderId);
  });

  it('are no orders of the reference, so that both can be sent and the answer of its simulator still holds', async () => {
    const sent = messagesOf(await workloadOf({ preset: 'reference' }));
    const theirs = new Set([...sent].map((message) => BigInt(Number(fieldsOf(message)['order_id']))));

    expect(theirs.size).toBeGreaterThanOrEqual(80);
    for (const name of names.filter((one) => !malformed.includes(one)))
      expect(theirs).not.toContain(parse(name).orderId);
  });

  it('show a guest, a payment without a card, and a version that says when it happened', () => {
    const [guest, order, older] = ['guest-order.json', 'order.json', 'older-order.json'].map((name) =>
      parseOrder(read(name)),
    );

    expect(guest?.order).toMatchObject({ customerId: undefined, price: 12.5 });
    expect(parsePayment(read('wallet-payment.json')).payment.cardLastFour).toBeUndefined();
    expect(older?.order.orderId).toBe(order?.order.orderId);
    expect([older?.occurredAtMs, order?.occurredAtMs]).toEqual([Date.UTC(2024, 0, 20, 9), undefined]);
  });

  it('show two faults of one order, a text for its price that is no number and a field that is missing', () => {
    expect(() => parse('malformed-order.json')).toThrow(/^item: .*, got nothing; price: .*, got a string/);
  });
});
