import { PassThrough } from 'node:stream';
import { vi } from 'vitest';

/**
 * Puts a terminal in place of standard input and standard error, until `vi.restoreAllMocks`.
 * @param onQuestion called for each question. What it returns is typed.
 * @returns what stands on the screen.
 */
export const takeTerminal = (onQuestion: () => string | Promise<string>): (() => string) => {
  const keys = Object.assign(new PassThrough(), { isTTY: true });
  const screen = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  screen.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (text.includes('Go on?')) void Promise.resolve(onQuestion()).then((typed) => keys.write(typed));
  });
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(keys as never);
  vi.spyOn(process, 'stderr', 'get').mockReturnValue(screen as never);
  return () => shown;
};
