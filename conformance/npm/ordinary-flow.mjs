// The certified client of npm in the ordinary flow of the resource authorization server: no MCP code, no ID token.
//
// {"authorize": {"ras", "redirectUri", "scope", "resource"}} → {"url"}   the address a browser must open
// {"callback": "http://…?code=…"} → {"token"}                            state, iss and PKCE checked by the library
// {"refresh": {}} → {"token"}
// {"use": "https://…/mcp"} → {"status"}                                  initialises a session at the MCP server
// {"revoke": {}} → {"revoked": true}                                     the refresh token
// where ras is {"issuer", "clientId", "clientSecret", "auth": "basic" | "post"} and token {"type", "scope", "life", "renewable"}.
import * as openid from 'openid-client';
import { answerLines } from './lines.mjs';

const session = {};

await answerLines(async (step, fetch) => {
  const [[name, argument]] = Object.entries(step);
  return { authorize, callback, refresh, use, revoke }[name](argument, fetch);
});

async function authorize({ ras, redirectUri, scope, resource }, fetch) {
  const { issuer, clientId, clientSecret, auth } = ras;
  const authenticate = auth === 'basic' ? openid.ClientSecretBasic(clientSecret) : openid.ClientSecretPost(clientSecret);
  session.server = await openid.discovery(new URL(issuer), clientId, undefined, authenticate, {
    algorithm: 'oauth2',
    [openid.customFetch]: fetch,
  });
  session.checks = { pkceCodeVerifier: openid.randomPKCECodeVerifier(), expectedState: openid.randomState() };
  const url = openid.buildAuthorizationUrl(session.server, {
    redirect_uri: redirectUri,
    scope,
    resource,
    code_challenge: await openid.calculatePKCECodeChallenge(session.checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: session.checks.expectedState,
  });
  return { url: url.href };
}

async function callback(address, fetch) {
  session.server[openid.customFetch] = fetch;
  return kept(await openid.authorizationCodeGrant(session.server, new URL(address), session.checks));
}

async function refresh(_, fetch) {
  session.server[openid.customFetch] = fetch;
  return kept(await openid.refreshTokenGrant(session.server, session.refreshToken));
}

function kept(tokens) {
  session.accessToken = tokens.access_token;
  session.refreshToken = tokens.refresh_token ?? session.refreshToken;
  const renewable = tokens.refresh_token !== undefined;
  return { token: { type: tokens.token_type, scope: tokens.scope, life: tokens.expires_in, renewable } };
}

async function use(mcpServer, fetch) {
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'plain', version: '1.0.0' } };
  const response = await fetch(mcpServer, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${session.accessToken}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await response.text();
  return { status: response.status };
}

async function revoke(_, fetch) {
  session.server[openid.customFetch] = fetch;
  await openid.tokenRevocation(session.server, session.refreshToken, { token_type_hint: 'refresh_token' });
  return { revoked: true };
}
