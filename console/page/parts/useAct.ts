import { useState } from 'preact/hooks';
import { post, problemOf, RefusedError } from '../api.ts';

interface Act {
  /** The act that is under way, as `run` was told to call it; null when there is none. */
  readonly busy: string | null;
  /** Why the last act failed, and which one; null when it did not. It is said at its button. */
  readonly failed: { readonly name: string; readonly problem: string } | null;
  /** By field, what was wrong with the last act. */
  readonly fields: Readonly<Record<string, string>>;
  /** @returns the answer, or undefined when it failed. */
  readonly run: <Answer>(name: string, path: string, body: unknown) => Promise<Answer | undefined>;
}

/** Asks the server to do something, and keeps what came of it for the place where it was asked. */
export const useAct = (): Act => {
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState<Act['failed']>(null);
  const [fields, setFields] = useState<Act['fields']>({});
  return {
    busy,
    failed,
    fields,
    run: async <Answer>(name: string, path: string, body: unknown) => {
      setBusy(name);
      setFailed(null);
      setFields({});
      try {
        return await post<Answer>(path, body);
      } catch (error) {
        setFailed({ name, problem: problemOf(error) });
        if (error instanceof RefusedError) setFields(error.fields);
        return undefined;
      } finally {
        setBusy(null);
      }
    },
  };
};
