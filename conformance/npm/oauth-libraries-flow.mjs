// Two certified generic OAuth clients, no MCP code: openid-client signs the person in and redeems, oauth4webapi reads the
// protected resource metadata, exchanges the ID token and calls the MCP server.
//
// {"authorize": {"broker", "redirectUri"}} → {"url"}                    the address a browser must open
// {"callback": "http://…?code=…"} → {"claims", "refreshed"}             ID token and refreshed ID token, both validated
// {"exchange": {"mcpServer", "ras", "scope"?, "idToken"?}} → {"idJag"}  leg 2: ID token → ID-JAG
// {"redeem": {}} → {"token", "introspected"?}                           leg 3: ID-JAG → access token
// {"call": {"name", "arguments"}} → {"status", "result"}                leg 4
// {"revoke": {}} → {"revoked": true}
// where broker and ras are {"issuer", "clientId", "clientSecret", "auth": "basic" | "post"}.
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { answerLines } from './lines.mjs';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const idJagType = 'urn:ietf:params:oauth:token-type:id-jag';
const idTokenType = 'urn:ietf:params:oauth:token-type:id_token';
const session = {};

await answerLines(async (step, fetch) => {
  const [[name, argument]] = Object.entries(step);
  return { authorize, callback, exchange, redeem, call, revoke }[name](argument, fetch);
});

async function authorize({ broker, redirectUri }, fetch) {
  session.brokerSettings = broker;
  session.broker = await discover(broker, 'oidc', fetch);
  session.checks = {
    pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    expectedState: openid.randomState(),
    expectedNonce: openid.randomNonce(),
    idTokenExpected: true,
  };
  const url = openid.buildAuthorizationUrl(session.broker, {
    redirect_uri: redirectUri,
    scope: 'openid email profile offline_access',
    code_challenge: await openid.calculatePKCECodeChallenge(session.checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: session.checks.expectedState,
    nonce: session.checks.expectedNonce,
  });
  return { url: url.href };
}

async function callback(address, fetch) {
  session.broker[openid.customFetch] = fetch;
  const tokens = await openid.authorizationCodeGrant(session.broker, new URL(address), session.checks);
  const refreshed = await openid.refreshTokenGrant(session.broker, tokens.refresh_token);
  session.idToken = refreshed.id_token;
  return { claims: tokens.claims(), refreshed: refreshed.claims() };
}

async function exchange({ mcpServer, broker, ras, scope, idToken }, fetch) {
  const http = { [oauth.customFetch]: fetch };
  const resource = new URL(mcpServer);
  const metadata = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, http));
  Object.assign(session, { mcpServer, ras, scope, resource: metadata.resource });
  const { issuer, clientId, clientSecret, auth } = broker ?? session.brokerSettings;
  const url = new URL(issuer);
  const server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, http));
  const authenticate = auth === 'basic' ? oauth.ClientSecretBasic(clientSecret) : oauth.ClientSecretPost(clientSecret);
  const response = await oauth.genericTokenEndpointRequest(server, { client_id: clientId }, authenticate, tokenExchange, {
    requested_token_type: idJagType,
    subject_token: idToken ?? session.idToken,
    subject_token_type: idTokenType,
    audience: metadata.authorization_servers[0],
    resource: metadata.resource,
    ...(scope && { scope }),
  }, http);
  // RFC 8693 writes N_A for a token that is no access token; the library wants every type it meets to be named.
  const recognizedTokenTypes = { n_a: () => {} };
  const answer = await oauth.processGenericTokenEndpointResponse(server, { client_id: clientId }, response, { recognizedTokenTypes });
  session.idJag = answer.access_token;
  return { idJag: { type: answer.token_type, issuedType: answer.issued_token_type, life: answer.expires_in } };
}

async function redeem(_, fetch) {
  session.redeemer = await discover(session.ras, 'oauth2', fetch);
  const parameters = { assertion: session.idJag, ...(session.scope && { scope: session.scope }) };
  const tokens = await openid.genericGrantRequest(session.redeemer, jwtBearer, parameters);
  session.accessToken = tokens.access_token;
  const introspected = session.ras.introspect ? await openid.tokenIntrospection(session.redeemer, tokens.access_token) : undefined;
  return { token: { type: tokens.token_type, scope: tokens.scope, life: tokens.expires_in }, introspected };
}

async function call(parameters, fetch) {
  if (!session.mcpSession) {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'plain', version: '1.0.0' } };
    const response = await post({ id: 1, method: 'initialize', params }, fetch);
    await response.text();
    session.mcpSession = response.headers.get('mcp-session-id') ?? 'none';
    await post({ method: 'notifications/initialized' }, fetch);
  }
  const response = await post({ id: 2, method: 'tools/call', params: parameters }, fetch);
  const text = await response.text();
  const json = text.startsWith('{') ? text : text.split('\n').find((line) => line.startsWith('data:')).slice(5);
  return { status: response.status, result: JSON.parse(json).result };
}

/** One JSON-RPC message to the MCP server; the library turns a 401 with a challenge into an error that carries it. */
function post(message, fetch) {
  const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' });
  if (session.mcpSession && session.mcpSession !== 'none') {
    headers.set('mcp-session-id', session.mcpSession);
  }
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  return oauth.protectedResourceRequest(session.accessToken, 'POST', new URL(session.mcpServer), headers, body, { [oauth.customFetch]: fetch });
}

async function revoke(_, fetch) {
  session.redeemer[openid.customFetch] = fetch;
  await openid.tokenRevocation(session.redeemer, session.accessToken, { token_type_hint: 'access_token' });
  return { revoked: true };
}

async function discover({ issuer, clientId, clientSecret, auth }, algorithm, fetch) {
  const authenticate = auth === 'basic' ? openid.ClientSecretBasic(clientSecret) : openid.ClientSecretPost(clientSecret);
  return openid.discovery(new URL(issuer), clientId, undefined, authenticate, { algorithm, [openid.customFetch]: fetch });
}
