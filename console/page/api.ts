import type { Refusal } from '../contract.ts';

const token = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="tally-token"]')?.content ?? '';

/** The server refused a request, or could not do it. `fields` names what is wrong, by field. */
export class RefusedError extends Error {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  constructor(status: number, { error, fields = {} }: Refusal) {
    super(error);
    this.name = 'RefusedError';
    this.status = status;
    this.fields = fields;
  }
}

/** @throws RefusedError, or TypeError when the server does not answer. */
export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  read<T>(await fetch(path, signal === undefined ? {} : { signal }));

/** Does something. @throws RefusedError, or TypeError when the server does not answer. */
export const post = async <T>(path: string, body: unknown, signal: AbortSignal | null = null): Promise<T> =>
  read<T>(
    await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Tally-Token': token() },
      body: JSON.stringify(body),
      signal,
    }),
  );

/** Why a request failed, as the page says it. */
export const problemOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'the server did not answer';

const read = async <T>(response: Response): Promise<T> => {
  const value: unknown = await response.json();
  if (!response.ok) throw new RefusedError(response.status, value as Refusal);
  return value as T;
};
