// Loaded into the MCP conformance suite, which has no tokens for servers: adds one to whatever it sends to TARGET, and changes nothing else.
//
// TARGET: the origin of the server; TOKEN: what to send, with its scheme.
import { subscribe } from 'node:diagnostics_channel';

const { TARGET, TOKEN } = process.env;

// Of `fetch` and of undici.
subscribe('undici:request:create', ({ request }) => {
  if (String(request.origin) === TARGET) {
    request.addHeader('authorization', TOKEN);
  }
});
// Of `node:http`.
subscribe('http.client.request.created', ({ request }) => {
  if (`${request.protocol}//${request.getHeader('host')}` === TARGET) {
    request.setHeader('authorization', TOKEN);
  }
});
