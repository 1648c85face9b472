import { sayError } from '../sayError.ts';
import { RequestRefusedError } from './parseRequest.ts';

/**
 * Does what may not be possible now.
 * @throws RequestRefusedError with the status 409 and the reason when it is not.
 */
export const tryNow = async (work: () => void | Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    throw error instanceof RequestRefusedError ? error : new RequestRefusedError(409, sayError(error));
  }
};
