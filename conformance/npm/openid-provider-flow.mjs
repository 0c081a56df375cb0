// The certified client of npm uses the broker as an OpenID Provider and no more: claims, hints, UserInfo, sign-out.
//
// {"authorize": {"broker", "redirectUri", "parameters"}} → {"url"}
// {"callback": "http://…?code=…"} → {"claims", "userInfo"}      ID token (nonce, at_hash, max_age) and UserInfo, both validated
// {"refresh": {}} → {"claims"}
// {"logout": {"back", "state"}} → {"url"}                        where to send the browser for a sign-out
import * as openid from 'openid-client';
import { answerLines } from './lines.mjs';

const session = {};

await answerLines(async (step, fetch) => {
  const [[name, argument]] = Object.entries(step);
  return { authorize, callback, refresh, logout }[name](argument, fetch);
});

async function authorize({ broker, redirectUri, parameters }, fetch) {
  session.server ??= await openid.discovery(new URL(broker.issuer), broker.clientId, broker.clientSecret, undefined, {
    [openid.customFetch]: fetch,
  });
  session.checks = {
    pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    expectedState: openid.randomState(),
    expectedNonce: openid.randomNonce(),
    idTokenExpected: true,
    ...(parameters.max_age && { maxAge: Number(parameters.max_age) }),
  };
  const hint = parameters.hinted ? { id_token_hint: session.idToken } : {};
  const { hinted, ...others } = parameters;
  const url = openid.buildAuthorizationUrl(session.server, {
    redirect_uri: redirectUri,
    code_challenge: await openid.calculatePKCECodeChallenge(session.checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: session.checks.expectedState,
    nonce: session.checks.expectedNonce,
    ...hint,
    ...others,
  });
  return { url: url.href };
}

async function callback(address, fetch) {
  session.server[openid.customFetch] = fetch;
  const tokens = await openid.authorizationCodeGrant(session.server, new URL(address), session.checks);
  const claims = tokens.claims();
  session.idToken = tokens.id_token;
  session.refreshToken = tokens.refresh_token ?? session.refreshToken;
  return { claims, userInfo: await openid.fetchUserInfo(session.server, tokens.access_token, claims.sub) };
}

async function refresh(_, fetch) {
  session.server[openid.customFetch] = fetch;
  const tokens = await openid.refreshTokenGrant(session.server, session.refreshToken);
  session.idToken = tokens.id_token;
  return { claims: tokens.claims() };
}

async function logout({ back, state }) {
  const url = openid.buildEndSessionUrl(session.server, {
    id_token_hint: session.idToken,
    post_logout_redirect_uri: back,
    state,
  });
  return { url: url.href };
}
