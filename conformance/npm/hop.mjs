// A hop that stands between a suite that sends no token and a server that demands one: it adds the token, and its own name is
// the server's; else it changes nothing.
//
// GATEWAY: the URL of the server; TOKEN: what to send. Says its own port on the first line.
import { createServer } from 'node:http';
import { request } from 'node:https';

const target = new URL(process.env.GATEWAY);

const server = createServer((incoming, outgoing) => {
  // A name that is not ours is passed on as it is: refusing it is the server's part.
  const own = `127.0.0.1:${server.address().port}`;
  const headers = { ...incoming.headers, authorization: `Bearer ${process.env.TOKEN}` };
  if (headers.host === own) {
    headers.host = target.host;
  }
  if (headers.origin === `http://${own}`) {
    headers.origin = target.origin;
  }
  const upstream = request(
    {
      host: target.hostname,
      port: target.port,
      servername: 'localhost',
      method: incoming.method,
      path: incoming.url,
      headers,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on('error', () => outgoing.destroy());
    },
  );
  upstream.on('error', () => outgoing.destroy());
  outgoing.on('close', () => upstream.destroy());
  incoming.pipe(upstream);
});

server.listen(0, '127.0.0.1', () => console.log(server.address().port));
