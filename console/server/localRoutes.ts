import type { ConsoleDeps } from '../consoleDeps.ts';
import type { Notice } from '../contract.ts';
import { createRehearsal } from '../local/rehearsal.ts';
import type { Route } from './route.ts';
import { faultRoutes } from './routes/faultRoutes.ts';
import { sendRoutes } from './routes/sendRoutes.ts';

type LocalDeps = Pick<ConsoleDeps, 'store' | 'publisher' | 'feed' | 'sums' | 'clock' | 'local'>;

interface LocalRoutes {
  readonly routes: readonly Route[];
  /** What is broken on purpose, which every view has to say. */
  readonly notices: () => readonly Notice[];
  readonly close: () => void;
}

/** What the page may do to a system that runs here. Anywhere else there are no such routes at all. */
export const localRoutes = (deps: LocalDeps): LocalRoutes => {
  const { local } = deps;
  if (local === undefined) return { routes: [], notices: () => [], close: () => {} };
  const rehearsal = createRehearsal({ ...deps, local });
  const sending = sendRoutes(deps, local);
  return {
    routes: [...faultRoutes(rehearsal, local), ...sending.routes],
    notices: rehearsal.notices,
    close: () => {
      rehearsal.close();
      sending.close();
    },
  };
};
