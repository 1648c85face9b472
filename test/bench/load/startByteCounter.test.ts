import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startByteCounter } from '../../../bench/load/startByteCounter.ts';

const ADDRESSES = ['127.0.0.1', '127.0.0.2'];

it('counts both directions at each address, and reaches the node that has it', async () => {
  let port = 0;
  for (const address of ADDRESSES) {
    const node = createServer((socket) => socket.once('data', () => socket.write(address)));
    node.listen(port, address);
    await once(node, 'listening');
    ({ port } = node.address() as AddressInfo);
    onTestFinished(() => {
      node.close();
    });
  }
  const counter = await startByteCounter(port, ADDRESSES);

  for (const address of ADDRESSES) {
    const client = connect(counter.port, address);
    client.write('hello');
    expect(String((await once(client, 'data'))[0])).toBe(address);
    client.destroy();
  }

  expect(counter.bytes()).toBe(2 * ('hello'.length + '127.0.0.1'.length));
});
