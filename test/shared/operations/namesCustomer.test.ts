import { describe, expect, it } from 'vitest';
import { namesCustomer } from '../../../shared/operations/namesCustomer.ts';

const order = { order_id: 1, customer_id: 77, shipping_address: '1 Main St' };
const twice = JSON.stringify(JSON.stringify(order));

describe('a body that was not accepted', () => {
  it.each([
    ['in JSON', JSON.stringify(order)],
    ['in JSON with spaces', '{"customer_id" : "77" , "price": "x"}'],
    ['on another line', '{"customer_id":\n77.0}'],
    ['in JSON that was encoded twice', twice],
    ['in JSON that was encoded three times', JSON.stringify(twice)],
    ['with escaped quotes', String.raw`{\u0022customer_id\u0022:\u002277\u0022}`],
    ['as Python writes it', "{'order_id': 1, 'customer_id': 77, 'shipping_address': '1 Main St'}"],
    ['as JavaScript writes it', '{ order_id: 1, customerId: 77 }'],
    ['in XML', '<customer_id>77</customer_id>'],
    ['in XML in a text', '&quot;customer_id&quot;:&#34;77&#34;'],
    ['in a form', 'order_id=1&customer_id=77&price=x'],
    ['in a URL', '%22customer_id%22%3A77%2C'],
    ['in words', 'Customer ID: 77'],
    ['with an escaped line break before it', String.raw`customer_id:\n77`],
    ['in capitals', '{"CUSTOMER_ID":77}'],
    ['in a list', '{"customer_id":[77]}'],
    ['at its end', '{"order_id":1,"shipping_address":"1 Main St","customer_id":77'],
    ['with spaces around the number', '{"customer_id":" 77 "}'],
    ['with zeros before it', '{"customer_id":"0077"}'],
    ['with zeros behind it', '{"customer_id":77.00, "price"'],
    ['with an exponent', '{"customer_id":7.7e1}'],
    ['with a negative exponent', '{"customer_id":7700E-2}'],
    ['in its second part', '[{"customer_id":12},{"customer_id":null},{"customer_id":77}]'],
  ])('names the customer %s', (_how, body) => {
    expect(namesCustomer(body, 77n)).toBe('theirs');
  });

  it.each([
    ['{"customer_id":771}'],
    ['{"customer_id":177}'],
    ['{"customer_id":7}'],
    ['{"customer_id":77.5}'],
    ['{"customer_id":"0771"}'],
    ['{"customer_id":77e1}'],
    ['{"customer_id":12,"quantity":77}'],
    ['{"customer_id":null,"quantity":7}'],
    ['{"order_id":177}'],
    [''],
  ])('names another one, or none: %s', (body) => {
    expect(namesCustomer(body, 77n)).toBe('others');
  });

  it.each([
    ['the number belongs to nothing', '1,77,Book'],
    ['the word is another', '{"customer":{"id":77}}'],
    ['there is something before the number', '{"customer_id":"C-77"}'],
    ['there is something behind it', '{"customer_id":"77th"}'],
    ['it may be two numbers', '{"customer_id":[77,123]}'],
    ['the number may have been cut', '{"customer_id":7'],
    ['the number is elsewhere', '{"customer_id":null,"order_id":77}'],
  ])('is unclear where %s: %s', (_why, body) => {
    expect(namesCustomer(body, 77n)).toBe('unclear');
  });

  it('tells numbers apart that a double cannot, and finds one whose thousands are apart', () => {
    const largest = 2n ** 63n - 1n;

    expect(namesCustomer(`{"customer_id":${largest}}`, largest)).toBe('theirs');
    expect(namesCustomer(`{"customer_id":${largest - 1n}}`, largest)).toBe('others');
    expect(namesCustomer('{"customer_id":"1,234,567.00"}', 1_234_567n)).toBe('theirs');
    expect(namesCustomer('{"customer_id":7e10}', 70_000_000_000n)).toBe('theirs');
    expect(namesCustomer('{"customer_id":7e10}', 7n)).toBe('others');
  });

  it('takes a number at the end for the first digits of one that was cut, and for no other', () => {
    expect(namesCustomer('{"id":1', 123n)).toBe('unclear');
    expect(namesCustomer('{"id":12', 123n)).toBe('unclear');
    expect(namesCustomer('{"id":23', 123n)).toBe('others');
    expect(namesCustomer('{"id":512', 123n)).toBe('others');
  });

  // In a time that grows with the square of a megabyte, none of them ends.
  it.each([
    'customer_id',
    'customer_id:',
    '\\',
    '0',
    '7',
    '&',
    ',',
    ' ',
    '7,700',
    'customer ',
    '%2',
    '\\u00',
  ])('is read to its end, if it repeats %j for a megabyte', (text) => {
    const body = `customer_id${text.repeat(1_048_576 / text.length)}`;

    expect(namesCustomer(`${body}{"customer_id":77}`, 77n)).toBe('theirs');
    expect(namesCustomer(body, 12_345n)).not.toBe('theirs');
  });
});
