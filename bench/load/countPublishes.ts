/**
 * A process that runs the simulator's workload through its real publisher, and counts the publish requests
 * that Google's client makes of it, started with `fork`.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { v1 } from '@google-cloud/pubsub';
import { createWorkload } from '../../functions/simulate/createWorkload.ts';
import { parseRequest } from '../../functions/simulate/parseRequest.ts';
import { publishRun } from '../../functions/simulate/publishRun.ts';
import { SEED_MAX } from '../../functions/simulate/random.ts';
import { loadPublisherConfig } from '../../shared/config.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import type { PublishCounts } from '../parts/simulator.ts';

let requests = 0;
// Every request of every client passes here.
const prototype = v1.PublisherClient.prototype;
const publish: unknown = Reflect.get(prototype, 'publish');
if (typeof publish !== 'function') throw new Error('the client has no publish');
Reflect.set(prototype, 'publish', function (this: unknown, ...args: unknown[]): unknown {
  requests += 1;
  return Reflect.apply(publish, this, args);
});

const body = JSON.stringify({ preset: 'shop', orders: Number(process.argv[2]) });
const request = parseRequest('POST', Buffer.from(body), () => randomInt(SEED_MAX + 1));
const { slots } = await createWorkload(request, Date.now());
const publisher = createPublisher(loadPublisherConfig());
const clock = () => performance.now();
const sleep = (durationMs: number) => delay(durationMs);
const { published } = await publishRun({ publisher, clock, sleep }, slots(), new AbortController().signal);
const result: PublishCounts = { messages: published.order + published.payment, requests };
process.send?.(result);
