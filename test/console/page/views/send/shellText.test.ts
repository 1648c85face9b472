import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { shellText } from '../../../../../console/page/views/send/shellText.ts';

describe('a text as an argument of a shell', () => {
  it.each(['{"item": "Laptop"}', "it's", "''", '$HOME `id` "x" \\ !', 'two\nlines'])(
    'comes out as it went in: %s',
    (text) => {
      expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellText(text)}`], { encoding: 'utf8' })).toBe(
        text,
      );
    },
  );
});
