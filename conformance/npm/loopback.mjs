// Preloaded into servers that would listen at every address of this machine: they listen at loopback only.
import { Server } from 'node:net';

const listen = Server.prototype.listen;
Server.prototype.listen = function (...args) {
  const port = Number(args[0]);
  if (!Number.isInteger(port)) {
    return listen.apply(this, args);
  }
  return listen.call(this, port, '127.0.0.1', ...args.slice(1).filter((one) => typeof one === 'function'));
};
