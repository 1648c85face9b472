import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { publishCommand } from '../../../../../console/page/views/send/messageForm.ts';

it.each([String.raw`{"item": "C:\\new"}`, '-n', '{}'])(
  'publishes in a terminal what it shows: %s',
  (body) => {
    const command = publishCommand('order', body).replace('npx tally publish order -', 'cat');

    expect(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' })).toBe(body);
  },
);
