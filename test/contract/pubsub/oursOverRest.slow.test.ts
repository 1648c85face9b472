import { describe } from 'vitest';
import { findFreePort } from '../../../local/ports.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';
import { describeContract } from './contract.ts';

describe('the Pub/Sub contract, on Tally’s local Pub/Sub, over REST', () => {
  describeContract(async () => startLocalPubSub({ port: await findFreePort(), why: 'the test' }), 'rest');
});
