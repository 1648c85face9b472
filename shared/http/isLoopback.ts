import type { Server } from 'node:http';

/** Whether a listening server takes connections of this machine only. */
export const isLoopback = (server: Server): boolean => {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return false;
  return bound.address === '::1' || /^(?:::ffff:)?127\./.test(bound.address);
};
