import ControlConnection from 'cassandra-driver/lib/control-connection.js';

const AGAIN_AFTER_MS = 1_000;

let isGuarded = false;

/**
 * Lets the driver (4.10.0) look for a new control connection once at a time, and makes nobody suffer when that fails. It listens
 * twice to a connection that it made itself, so each one that is lost starts two searches, and those two more each: they open ever more
 * connections, take the connection from under each other, and end in a rejection that nobody handles, for which the Functions Framework
 * ends the process.
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
      // The driver has said so in its own log; without another try its view of the cluster would stay as it is.
      const { _isShuttingDown: isShuttingDown } = control;
      if (!isShuttingDown) setTimeout(() => void refreshOnceAtATime.call(control), AGAIN_AFTER_MS);
    } finally {
      searches.delete(control);
    }
  };
  function refreshOnceAtATime(this: ControlConnection, hostsLeft?: Iterator<unknown>): Promise<void> {
    // A search that goes on with the next host.
    if (hostsLeft !== undefined) return refresh.call(this, hostsLeft);
    const searching = searches.get(this) ?? search(this);
    searches.set(this, searching);
    return searching;
  }
  Object.assign(ControlConnection.prototype, { _refresh: refreshOnceAtATime });
};
