// A hop that stands between a suite that sends no token and a server that demands one: it adds the token, and changes nothing else.
//
// GATEWAY: the URL of the server; TOKEN: what to send. Says its own port on the first line.
import { createServer } from 'node:http';
import { request } from 'node:https';

const target = new URL(process.env.GATEWAY);

const server = createServer((incoming, outgoing) => {
  // A name that is not ours is passed on as it is: refusing it is the server's part.
  const host = incoming.headers.host === `127.0.0.1:${server.address().port}` ? target.host : incoming.headers.host;
  const upstream = request(
    {
      host: target.hostname,
      port: target.port,
      servername: 'localhost',
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, host, authorization: `Bearer ${process.env.TOKEN}` },
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
