// A transmitter and a receiver of security events that are not ours: signed and verified by jose, with the rules of RFC 8417, RFC 8935,
// RFC 8936 and Shared Signals 1.0 written down here.
//
// {"start": {"port", "certificate", "key"}} → {"issuer"}
// {"push": {"endpoint", "audience", "subject", "event", "claims", "id", "type"}} → {"status", "body"}
// {"poll": {"endpoint", "token", "jwks", "issuer", "audience", "ack", "immediately"}} → {"events": {jti: claims}, "faults": {jti: fault}}
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { SignJWT, createRemoteJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import { answerLines } from './lines.mjs';

let server;
let transmitter;
await answerLines(async (step, fetching) => {
  if (step.start) return start(step.start);
  if (step.push) return push(step.push, fetching);
  if (step.poll) return poll(step.poll, fetching);
  throw new Error('no such step');
});
server?.closeAllConnections();
server?.close();

async function start({ port, certificate, key }) {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const issuer = `https://localhost:${port}`;
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'foreign-1', alg: 'RS256', use: 'sig' }] };
  transmitter = { issuer, privateKey };
  server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (_, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(jwks));
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  return { issuer };
}

async function push({ endpoint, audience, subject, event, claims, id, type }, fetching) {
  const token = await new SignJWT({ sub_id: subject, txn: `foreign-${id}`, events: { [event]: { event_timestamp: now(), ...claims } } })
    .setProtectedHeader({ alg: 'RS256', kid: 'foreign-1', typ: type ?? 'secevent+jwt' })
    .setIssuer(transmitter.issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setJti(id)
    .sign(transmitter.privateKey);
  const response = await fetching(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/secevent+jwt', Accept: 'application/json' },
    body: token,
  });
  return { status: response.status, body: await response.text() };
}

async function poll({ endpoint, token, jwks, issuer, audience, ack, immediately }, fetching) {
  const response = await fetching(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ returnImmediately: immediately, ack }),
  });
  const { sets } = await response.json();
  const keys = createRemoteJWKSet(new URL(jwks));
  const events = {};
  const faults = {};
  for (const [id, set] of Object.entries(sets)) {
    try {
      const { payload } = await jwtVerify(set, keys, { issuer, audience, typ: 'secevent+jwt', algorithms: ['RS256'], requiredClaims: ['iat', 'jti'] });
      events[id] = followsTheRules(payload, id);
    } catch (error) {
      faults[id] = error.message;
    }
  }
  return { events, faults, status: response.status };
}

/** RFC 8417 section 2.2 and 4; Shared Signals Framework 1.0 section 4.1. */
function followsTheRules(claims, id) {
  if (claims.jti !== id) throw new Error('the jti is another than the key in "sets"');
  if ('exp' in claims) throw new Error('a security event has no exp');
  if ('sub' in claims) throw new Error('the subject belongs into sub_id');
  if (typeof claims.sub_id?.format !== 'string') throw new Error('sub_id has no format');
  if (Object.keys(claims.events ?? {}).length !== 1) throw new Error('there must be exactly one event');
  if (Object.values(claims.events).some((event) => event === null || typeof event !== 'object')) throw new Error('an event is an object');
  return claims;
}

function now() {
  return Math.floor(Date.now() / 1000);
}
