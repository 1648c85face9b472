import type { RedriveResult } from './redrive.ts';

/** What a redrive came to, as a sentence without its full stop: `12 messages sent, 3 not, then stopped`. */
export const sayRedriven = ({ sent, refused, stopped }: RedriveResult): string => {
  const others = [...refused.values()].reduce((sum, one) => sum + one, 0);
  const end = stopped === 'signal' ? ', then stopped' : '';
  return `${sent} ${sent === 1 ? 'message' : 'messages'} sent, ${others} not${end}`;
};
