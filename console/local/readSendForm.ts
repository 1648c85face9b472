import * as z from 'zod';
import { requestText } from '../../shared/http/requestText.ts';
import { fieldsOf } from '../../shared/messaging/parseMessage.ts';
import type { SendForm } from '../contract.ts';
import { sayError } from '../sayError.ts';

const ANSWER_WITHIN_MS = 3_000;

const presetsSchema = z.object({
  presets: z.array(
    z.object({
      preset: z.string(),
      fields: z.array(
        z.object({
          name: z.string(),
          allowed: z.string(),
          default: z.union([z.string(), z.number(), z.boolean(), z.null()]),
        }),
      ),
    }),
  ),
});

/** The fields of the message schema, and those that the simulator names itself. */
export const readSendForm = async (simulateUrl: string): Promise<SendForm> => {
  const messages = { order: fieldsOf('order'), payment: fieldsOf('payment') };
  try {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const { status, body } = await requestText(simulateUrl, { method: 'OPTIONS', signal });
    if (status !== 200) throw new Error(`it answered ${status}`);
    return { ...messages, presets: presetsSchema.parse(JSON.parse(body)).presets, problem: null };
  } catch (error) {
    return {
      ...messages,
      presets: null,
      problem: `the simulator at ${simulateUrl} does not say its fields: ${sayError(error)}`,
    };
  }
};
