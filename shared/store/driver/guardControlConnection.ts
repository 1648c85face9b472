import ControlConnection from 'cassandra-driver/lib/control-connection.js';

const AGAIN_AFTER_MS = 1_000;

let isGuarded = false;

/**
 * Lets the driver (4.10.0) run one search for a control connection at a time, and handles the error of a
 * failed search. The driver listens twice to a connection that it made itself. So each lost connection starts
 * two searches, and each of those starts two more. They open more and more connections, and close each
 * other's. They end in a rejection that nobody handles, and then the Functions Framework ends the process.
 */
export const guardControlConnection = (): void => {
  if (isGuarded) return;
  isGuarded = true;
  const { _refresh: refresh } = ControlConnection.prototype;
  const searches = new WeakMap<ControlConnection, Promise<void>>();

  const search = async (control: ControlConnection): Promise<void> => {
    try {
      await refresh.call(control);
    } catch {
      // The driver has logged the error. Without another search, its view of the cluster would stay the same.
      const { _isShuttingDown: isShuttingDown } = control;
      if (!isShuttingDown) setTimeout(() => void refreshOnceAtATime.call(control), AGAIN_AFTER_MS);
    } finally {
      searches.delete(control);
    }
  };
  function refreshOnceAtATime(this: ControlConnection, hostsLeft?: Iterator<unknown>): Promise<void> {
    // This call is part of a search that continues with the next host.
    if (hostsLeft !== undefined) return refresh.call(this, hostsLeft);
    const searching = searches.get(this) ?? search(this);
    searches.set(this, searching);
    return searching;
  }
  Object.assign(ControlConnection.prototype, { _refresh: refreshOnceAtATime });
};
