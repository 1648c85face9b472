/**
 * The most bytes of request bodies in hand. A body takes several times its size while it is handled. We
 * measured 460 MB at most with this, where a consumer has 1 GiB.
 */
const BYTES_IN_HAND_MAX = 32 * 1024 * 1024;

/**
 * What a request counts for beside its body: its socket, its headers, and what its handler holds. So the
 * budget also limits the number of requests, to 8,192.
 */
export const REQUEST_OVERHEAD_BYTES = 4 * 1024;

export interface ByteBudget {
  /** Takes so many bytes, or says that there are not so many left and takes none. */
  readonly take: (bytes: number) => boolean;
  /** Gives bytes back that were taken. */
  readonly giveBack: (bytes: number) => void;
}

/** @param max the bytes that may be taken at the same time. */
export const createByteBudget = (max: number = BYTES_IN_HAND_MAX): ByteBudget => {
  let left = max;
  return {
    take: (bytes) => {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
    giveBack: (bytes) => {
      left += bytes;
    },
  };
};
