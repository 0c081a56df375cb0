// An MCP server with what the scenarios of the conformance suite ask a server of 2026-07-28 for: beside what every revision has, tools that want to
// know something of the client first, headers that repeat arguments, lists that change while somebody listens, and tasks.
//
// PORT: where to listen.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  ResourceNotFoundError,
  Server,
  createMcpHandler,
  createRequestStateCodec,
  hostHeaderValidationResponse,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { found, listed, plainTools, progressed, prompts, said, schemas, text } from './suite-contents.mjs';
import { EXTENSION, answered, taskTools } from './suite-tasks.mjs';

const state = createRequestStateCodec({ key: randomBytes(32) });
const asksFor = (message, member, type = 'string') =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: { [member]: { type } }, required: [member] } });
const asksModel = (prompt) => inputRequired.createMessage({ messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 });
const canBeAsked = ({ mcpReq }, capability) => capability in (mcpReq.envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {});

/** What is still to be asked, or undefined if everything is answered. */
async function open(questions, { mcpReq }, nextState) {
  if (Object.keys(questions).every((key) => inputResponse(mcpReq.inputResponses, key).kind !== 'missing')) {
    return undefined;
  }
  return inputRequired({ inputRequests: questions, ...(nextState && { requestState: await state.mint(nextState) }) });
}

/** A tool that answers when it knows what it has asked. */
const asking = (questions, nextState) => async (_, context) => (await open(questions, context, nextState)) ?? said(text('Now I know.'));

const tools = {
  ...plainTools,
  greet: ({ name }) => said(text(`Hello, ${name}!`)),
  test_tool_with_progress: (_, { mcpReq }) => progressed(mcpReq._meta?.progressToken, mcpReq.notify),
  async test_logging_tool(_, { mcpReq }) {
    await mcpReq.log('info', 'nobody has asked for this');
    return said(text('logged'));
  },
  test_missing_capability(_, context) {
    if (!canBeAsked(context, 'sampling')) {
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    }
    return said(text('A model can be asked.'));
  },
  test_trigger_tool_change() {
    handler.notify.toolsChanged();
    return said(text('told'));
  },
  test_trigger_prompt_change() {
    handler.notify.promptsChanged();
    return said(text('told'));
  },
  test_parameter_header: ({ region }) => said(text(`in ${region}`)),
  async test_streaming_elicitation(_, context) {
    await context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken: 'streaming', progress: 1 } });
    return asking({ answer: asksFor('What is it?', 'answer') })(_, context);
  },
  test_input_required_result_elicitation: asking({ user_name: asksFor('What is your name?', 'name') }),
  test_input_required_result_sampling: asking({ capital_question: asksModel('What is the capital of France?') }),
  test_input_required_result_list_roots: asking({ client_roots: inputRequired.listRoots() }),
  async test_input_required_result_request_state(_, context) {
    const answer = await open({ confirm: asksFor('Please confirm', 'ok', 'boolean') }, context, { asked: 'confirm' });
    return answer ?? said(text(context.mcpReq.requestState()?.asked === 'confirm' ? 'state-ok' : 'not asked by me'));
  },
  test_input_required_result_tampered_state: asking({ confirm: asksFor('Please confirm', 'ok', 'boolean') }, { asked: 'confirm' }),
  test_input_required_result_multiple_inputs: asking(
    { user_name: asksFor('What is your name?', 'name'), greeting: asksModel('Generate a greeting'), client_roots: inputRequired.listRoots() },
    { asked: 'everything' },
  ),
  async test_input_required_result_multi_round(_, context) {
    const second = context.mcpReq.requestState()?.round === 2;
    const answer = second ? undefined : await open({ step1: asksFor('Step 1: What is your name?', 'name') }, context, { round: 1 });
    return answer ?? asking({ step2: asksFor('Step 2: What is your favorite color?', 'color') }, { round: 2 })(_, context);
  },
  test_input_required_result_capabilities: (_, context) =>
    asking({
      ...(canBeAsked(context, 'sampling') && { from_model: asksModel('Generate a greeting') }),
      ...(canBeAsked(context, 'elicitation') && { from_person: asksFor('What is your name?', 'name') }),
    })(_, context),
};

schemas.test_parameter_header = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } };

prompts.test_input_required_result_prompt = {
  async ask(context) {
    return open({ user_context: asksFor('What context should the prompt use?', 'context') }, context);
  },
  messages: () => [{ role: 'user', content: text('In that context.') }],
};

function newServer() {
  const capabilities = {
    tools: { listChanged: true },
    resources: { subscribe: true },
    prompts: { listChanged: true },
    completions: {},
    extensions: { [EXTENSION]: {} },
  };
  const server = new Server({ name: 'suite-stateless-server', version: '1.0.0' }, { capabilities, requestState: { verify: state.verify } });
  server.setRequestHandler('tools/list', () => ({ tools: listed.tools([...Object.keys(tools), ...taskTools]) }));
  server.setRequestHandler('tools/call', ({ params }, context) => tools[params.name](params.arguments ?? {}, context));
  server.setRequestHandler('resources/list', () => ({ resources: listed.resources() }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: listed.resourceTemplates() }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const contents = found(uri);
    if (!contents) {
      throw new ResourceNotFoundError(uri);
    }
    return { contents: [{ uri, ...contents }] };
  });
  server.setRequestHandler('prompts/list', () => ({ prompts: listed.prompts() }));
  server.setRequestHandler('prompts/get', async ({ params }, context) => {
    const prompt = prompts[params.name];
    return (await prompt.ask?.(context)) ?? { messages: prompt.messages(params.arguments ?? {}) };
  });
  server.setRequestHandler('completion/complete', listed.completion);
  return server;
}

const handler = createMcpHandler(newServer, { legacy: 'reject' });
const port = Number(process.env.PORT);

createServer(async (incoming, outgoing) => {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const body = Buffer.concat(await incoming.toArray());
  const ofTask = incoming.method === 'POST' && (await answered(JSON.parse(body)));
  if (ofTask) {
    outgoing.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(ofTask));
    return;
  }
  const request = new Request(`http://127.0.0.1:${port}${incoming.url}`, {
    method: incoming.method,
    headers: incoming.headers,
    signal: gone.signal,
    ...(incoming.method === 'POST' && { body }),
  });
  const response = hostHeaderValidationResponse(request, ['127.0.0.1']) ?? (await handler.fetch(request));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  for await (const piece of response.body ?? []) {
    outgoing.write(piece);
  }
  outgoing.end();
}).listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
