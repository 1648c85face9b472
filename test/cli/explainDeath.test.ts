import { expect, it } from 'vitest';
import { explainDeath } from '../../cli/explainDeath.ts';

it('says what to do, and what is lost where Pub/Sub has its messages in memory', () => {
  const text = explainDeath(new Error('Cassandra was ended by SIGKILL'), 'local');

  expect(text).toContain('!!! Cassandra was ended by SIGKILL\n');
  expect(text).toContain('Or press Ctrl-C, and the messages that wait are gone');
});

it('says of no external Pub/Sub that its messages are gone', () => {
  expect(explainDeath(new Error('it ended'), 'external')).not.toContain('gone');
});
