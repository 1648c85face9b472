import { describe, expect, it } from 'vitest';
import { assertResourceName, type ResourceKind } from '../../../../local/pubsub/server/assertResourceName.ts';

describe('the name of a topic or of a subscription', () => {
  it.for<[ResourceKind, string]>([
    ['topics', 'projects/p/topics/abc'],
    ['topics', `projects/p/topics/${'a'.repeat(255)}`],
    ['subscriptions', 'projects/example.com:p/subscriptions/A-1_2.3~4+5%6'],
    ['topics', 'projects/p/topics/agoog'],
  ])('is allowed: %s %s', ([kind, name]) => {
    expect(() => assertResourceName(kind, name)).not.toThrow();
  });

  it.for<[ResourceKind, string, string]>([
    ['topics', 'orders', 'A topic is named projects/<project>/topics/<id> (name=orders).'],
    ['topics', 'projects//topics/abc', 'is named projects/<project>/topics/<id>'],
    ['topics', 'projects/p/subscriptions/abc', 'is named projects/<project>/topics/<id>'],
    ['subscriptions', 'folders/p/subscriptions/abc', 'is named projects/<project>/subscriptions/<id>'],
    ['topics', 'projects/p/topics/a/b', 'is named projects/<project>/topics/<id>'],
    ['topics', 'projects/p/topics/ab', 'has 3 to 255 characters, and this one has 2'],
    ['topics', `projects/p/topics/${'a'.repeat(256)}`, 'has 3 to 255 characters, and this one has 256'],
    ['topics', 'projects/p/topics/1abc', 'begins with a letter, and this one with "1"'],
    ['topics', 'projects/p/topics/a b c', 'has letters, digits and -_.~+% only, and this one has " "'],
    ['topics', 'projects/p/topics/abc😀', 'this one has "😀"'],
    ['subscriptions', 'projects/p/subscriptions/goog-sub', 'must not begin with "goog"'],
  ])('is refused by the rule that it breaks: %s %s', ([kind, name, rule]) => {
    expect(() => assertResourceName(kind, name)).toThrow(rule);
  });
});
