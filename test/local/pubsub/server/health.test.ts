import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../../../local/ports.ts';
import { loadProtos } from '../../../../local/pubsub/server/loadProtos.ts';
import { loadServices } from '../../../../local/pubsub/server/loadServices.ts';
import { startLocalPubSub } from '../../../../local/pubsub/startLocalPubSub.ts';
import { until } from '../../../../proof/until.ts';
import { CODE } from '../../../contract/pubsub/emulator.ts';

const open = async () => {
  const part = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
  const Client = makeGenericClientConstructor(loadServices(loadProtos()).Health, '');
  const client = new Client(part.address, credentials.createInsecure());
  onTestFinished(async () => {
    client.close();
    await part.stop();
  });
  const check = (service: string) => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    Reflect.get(client, 'Check').call(
      client,
      { service },
      (error: { code: number } | null, answer: unknown) => resolve(error === null ? answer : error.code),
    );
    return promise;
  };
  const watch = (service: string) => {
    const statuses: string[] = [];
    const stream = Reflect.get(client, 'Watch').call(client, { service });
    stream.on('data', ({ status }: { status: string }) => statuses.push(status));
    stream.on('error', () => {});
    return { statuses, cancel: () => stream.cancel() };
  };
  return { part, check, watch };
};

describe('gRPC’s health service', () => {
  it('says that the server and its services serve, and that others are unknown', async () => {
    const { check } = await open();

    expect(await check('')).toEqual({ status: 'SERVING' });
    expect(await check('google.pubsub.v1.Publisher')).toEqual({ status: 'SERVING' });
    expect(await check('google.pubsub.v1.Nothing')).toBe(CODE.NOT_FOUND);
  });

  it('tells those who watch when the server stops', async () => {
    const { part, watch } = await open();
    const [known, unknown] = [watch(''), watch('nothing')];
    await until('both', () => known.statuses.length + unknown.statuses.length === 2);

    await part.stop();

    await until('the end', () => known.statuses.length === 2);
    expect(known.statuses).toEqual(['SERVING', 'NOT_SERVING']);
    expect(unknown.statuses[0]).toBe('SERVICE_UNKNOWN');
  });
});
