/**
 * Loaded with `--import` before the Functions Framework, whose `listen(port)` binds all interfaces: what it starts on a
 * laptop is reachable from this machine only.
 */
import { Server } from 'node:net';

const listen: unknown = Reflect.get(Server.prototype, 'listen');
if (typeof listen !== 'function') throw new Error('net.Server has no listen');

Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  const [port, ...rest] = args;
  const isPortAlone = /^\d+$/.test(String(port)) && typeof rest[0] !== 'string';
  return Reflect.apply(listen, this, isPortAlone ? [Number(port), '127.0.0.1', ...rest] : args);
};
