import { describe, expect, it } from 'vitest';
import { createPageRefusal } from '../../../local/pubsub/createPageRefusal.ts';

const NAMES = ['localhost:8085', '127.0.0.1:8085', '[::1]:8085'];
const PRIVATE = ['192.168.1.7:8085', '[fe80::1]:8085', 'pubsub:8085', 'pubsub', 'host.docker.internal:8085'];

describe('who may call the local Pub/Sub over REST', () => {
  it.for(NAMES)('on 127.0.0.1: %s', (host) => {
    expect(createPageRefusal('127.0.0.1')({ host })).toBeUndefined();
  });

  it.for([...PRIVATE, 'page.example', '127.0.0.1.page.example', undefined])('on 127.0.0.1 not %s', (host) => {
    expect(createPageRefusal('127.0.0.1')({ host })).toMatch(/^expected the Host localhost or .*name$|none$/);
  });

  it.for([...NAMES, ...PRIVATE])('on 0.0.0.0: %s', (host) => {
    expect(createPageRefusal('0.0.0.0')({ host })).toBeUndefined();
  });

  it.for(['page.example', 'internal.page.example', undefined])('on 0.0.0.0 not %s', (host) => {
    expect(createPageRefusal('0.0.0.0')({ host })).toContain('with --host also an IP address');
  });

  it.for(['127.0.0.1', '0.0.0.0'])('on %s no web page, whatever its Host', (address) => {
    const headers = { host: 'localhost:8085', origin: 'http://localhost:3000' };

    expect(createPageRefusal(address)(headers)).toContain('without an Origin');
  });
});
