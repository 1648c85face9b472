import * as z from 'zod';
import { toErrorText } from '../shared/masking/toErrorText.ts';
import { jsonOf } from './jsonOf.ts';

const answerSchema = z.object({
  published: z.object({ failed: z.number() }),
  failures: z.array(z.string()).min(1),
});

/**
 * Says why not all of a simulator's run was published. The answer itself has what is expected, too, and so
 * perhaps megabytes.
 * @returns undefined for what is no answer about a run.
 */
export const sayRunFailure = (answer: string): string | undefined => {
  const { data } = answerSchema.safeParse(jsonOf(answer));
  if (data === undefined) return undefined;
  const { failed } = data.published;
  const count = failed === 1 ? '1 message was' : `${failed} messages were`;
  return toErrorText(`${count} not confirmed: ${data.failures.join('; ')}`);
};
