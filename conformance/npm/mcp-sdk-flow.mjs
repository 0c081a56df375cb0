// The MCP TypeScript SDK as the client of the whole flow: ID token → ID-JAG → access token → tool call.
//
// {"connect": {"mcpServer", "revision" (only this one; else an older one), "idToken", "broker": {"issuer", "clientId", "clientSecret"}, "ras": {"issuer", "clientId", "clientSecret"}}}
//   → {"connected": true, "server", "tools", "token": {"type", "scope", "life"}}
// {"call": {"name", "arguments"}, "cancel" (true: it is taken back)} → {"result"}
// {"list": true} → {"prompts": [name], "resources": [uri]}
import { Client, CrossAppAccessProvider, StreamableHTTPClientTransport, discoverAndRequestJwtAuthGrant } from '@modelcontextprotocol/client';
import { answerLines } from './lines.mjs';

const extension = 'io.modelcontextprotocol/enterprise-managed-authorization';
let client;

// The transport keeps the fetch of the first step; every step records into its own list through this one.
let record;
const recorded = (url, init) => record(url, init);

await answerLines(async (step, fetchOfThisStep) => {
  record = fetchOfThisStep;
  if (step.connect) {
    return connect(step.connect);
  }
  if (step.list) {
    return listed();
  }
  return { result: await (step.cancel ? cancelled(step.call) : client.callTool(step.call)) };
});
await client.close();

/** Takes the call back as soon as its stream has begun, and waits until the SDK has resumed that, if it does. */
async function cancelled(call) {
  const controller = new AbortController();
  setTimeout(() => controller.abort('taken back'), 500);
  try {
    return await client.callTool(call, { signal: controller.signal });
  } finally {
    await new Promise((resolve) => setTimeout(resolve, 2500));
  }
}

async function connect({ mcpServer, revision, idToken, broker, ras }) {
  client = new Client(
    { name: 'lanyard-conformance', version: '1.0.0' },
    { capabilities: { roots: {}, extensions: { [extension]: {} } }, ...(revision && { versionNegotiation: { mode: { pin: revision } } }) },
  );
  // The folder that it works on, as an editor has one.
  client.setRequestHandler('roots/list', async () => ({ roots: [{ uri: 'file:///etc' }] }));
  const provider = new CrossAppAccessProvider({
    clientId: ras.clientId,
    clientSecret: ras.clientSecret,
    expectedIssuer: ras.issuer,
    fetchFn: recorded,
    assertion: async ({ authorizationServerUrl, resourceUrl, scope, fetchFn }) => {
      const { jwtAuthGrant } = await discoverAndRequestJwtAuthGrant({
        idpUrl: broker.issuer,
        clientId: broker.clientId,
        clientSecret: broker.clientSecret,
        idToken,
        audience: authorizationServerUrl,
        resource: resourceUrl,
        scope,
        fetchFn,
      });
      return jwtAuthGrant;
    },
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpServer), { authProvider: provider, fetch: recorded }));
  const { tools } = await client.listTools();
  const tokens = provider.tokens();
  return {
    connected: true,
    server: client.getServerVersion(),
    tools: tools.map((tool) => tool.name),
    token: { type: tokens.token_type, scope: tokens.scope, life: tokens.expires_in },
  };
}

async function listed() {
  const { prompts } = await client.listPrompts();
  const { resources } = await client.listResources();
  return { prompts: prompts.map((prompt) => prompt.name), resources: resources.map((resource) => resource.uri) };
}
