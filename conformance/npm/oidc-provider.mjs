// The certified OpenID Provider of npm as a second identity provider of an organisation, with its own development login page.
//
// {"start": {"port", "certificate", "key", "client": {"id", "secret", "redirectUri" or "redirectUris"}}} → {"issuer"}
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Provider } from 'oidc-provider';
import { answerLines } from './lines.mjs';

let server;
await answerLines(async ({ start }) => {
  const issuer = `https://localhost:${start.port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: start.client.id, client_secret: start.client.secret, redirect_uris: start.client.redirectUris ?? [start.client.redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    // Claims of the scopes go into the ID token, as most enterprise providers do it.
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => person(id) }),
    cookies: { keys: ['a key of this test run only'] },
  });
  server = createServer({ cert: readFileSync(start.certificate), key: readFileSync(start.key) }, provider.callback());
  await new Promise((listening) => server.listen(start.port, '127.0.0.1', listening));
  return { issuer };
});
server?.closeAllConnections();
server?.close();

function person(id) {
  const email = `${id}@acme.example`;
  return { sub: id, email, email_verified: true, name: id, preferred_username: id, groups: ['engineering'] };
}
