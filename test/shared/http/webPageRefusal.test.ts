import { describe, expect, it } from 'vitest';
import { webPageRefusal } from '../../../shared/http/webPageRefusal.ts';

describe('what listens on a developer’s machine', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:1'])(
    'answers a request for %s',
    (host) => {
      expect(webPageRefusal({ host })).toBeUndefined();
    },
  );

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example:8080',
    '127.0.0.1.evil.example',
    'evil.example:localhost',
    '',
  ])('refuses a request for the host %j, and does not quote it', (host) => {
    expect(webPageRefusal({ host })).toBe(
      'expected the Host localhost or 127.0.0.1 or [::1], got another name',
    );
  });

  it('refuses a request that names no host', () => {
    expect(webPageRefusal({})).toMatch(/got none$/);
  });

  it.each(['https://evil.example', 'null', 'http://localhost:8080'])(
    'refuses a web page of %s, whatever its host',
    (origin) => {
      expect(webPageRefusal({ host: 'localhost', origin })).toMatch(/without an Origin/);
    },
  );

  it('answers under the names that were given to it too, and under no other', () => {
    expect(webPageRefusal({ host: 'pubsub:8085' }, ['pubsub'])).toBeUndefined();
    expect(webPageRefusal({ host: 'pubsub:8085' })).toBeDefined();
  });
});
