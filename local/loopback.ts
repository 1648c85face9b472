/**
 * Loaded with `--import` before the Functions Framework. The framework calls `listen(port)`, which binds all
 * interfaces. After this import the call binds 127.0.0.1, so that only this machine reaches the functions of
 * a laptop.
 */
import { Server } from 'node:net';

const listen: unknown = Reflect.get(Server.prototype, 'listen');
if (typeof listen !== 'function') throw new Error('net.Server has no listen');

Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  const [port, ...rest] = args;
  const isPortAlone = /^\d+$/.test(String(port)) && typeof rest[0] !== 'string';
  return Reflect.apply(listen, this, isPortAlone ? [Number(port), '127.0.0.1', ...rest] : args);
};
