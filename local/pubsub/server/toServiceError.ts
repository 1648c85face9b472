import { status } from '@grpc/grpc-js';
import * as z from 'zod';
import { StatusError } from './statusError.ts';

/** Turns an error into gRPC's answer. When a request is malformed, the answer names each wrong field. */
export const toServiceError = (error: unknown): { code: status; details: string } => {
  if (error instanceof StatusError) return { code: error.code, details: error.details };
  if (error instanceof z.ZodError) {
    const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { code: status.INVALID_ARGUMENT, details: issues.join('; ') };
  }
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : 'failed' };
};
