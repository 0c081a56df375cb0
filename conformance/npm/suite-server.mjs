// An MCP server with what the scenarios of the conformance suite ask a server for, in the older revisions: tools with every sort of content,
// progress, log, sampling, elicitation, a stream that is closed on the way, resources, prompts, completion.
//
// PORT: where to listen.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as types from '@modelcontextprotocol/sdk/types.js';
import { found, listed, plainTools, progressed, prompts, said, text } from './suite-contents.mjs';

const tools = {
  ...plainTools,
  async test_tool_with_logging(_, { sendNotification }) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
      await pause(50);
    }
    return said(text('logged'));
  },
  test_tool_with_progress: (_, { sendNotification, _meta }) => progressed(_meta?.progressToken, sendNotification),
  async test_sampling({ prompt }, { sendRequest }) {
    const params = { messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 };
    const answer = await sendRequest({ method: 'sampling/createMessage', params }, types.CreateMessageResultSchema);
    return said(text(`LLM response: ${answer.content.text}`));
  },
  test_elicitation: ({ message }, extra) =>
    elicited(extra, message, { username: { type: 'string', description: "User's response" }, email: { type: 'string', description: "User's email address" } }),
  test_elicitation_sep1034_defaults: (_, extra) =>
    elicited(extra, 'Please review', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  test_elicitation_sep1330_enums: (_, extra) => {
    const titled = [1, 2, 3].map((n) => ({ const: `value${n}`, title: ['First', 'Second', 'Third'][n - 1] + ' Option' }));
    const plain = ['option1', 'option2', 'option3'];
    return elicited(extra, 'Please choose', {
      untitledSingle: { type: 'string', enum: plain },
      titledSingle: { type: 'string', oneOf: titled },
      legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
      untitledMulti: { type: 'array', items: { type: 'string', enum: plain } },
      titledMulti: { type: 'array', items: { anyOf: titled } },
    });
  },
  async test_reconnection(_, { closeSSEStream }) {
    closeSSEStream?.();
    await pause(100);
    return said(text('The stream was closed and resumed.'));
  },
};

async function elicited({ sendRequest }, message, properties) {
  const params = { mode: 'form', message, requestedSchema: { type: 'object', properties, required: [] } };
  const answer = await sendRequest({ method: 'elicitation/create', params }, types.ElicitResultSchema);
  return said(text(`Elicitation completed: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`));
}

function read(uri) {
  const contents = found(uri);
  if (!contents) {
    throw new types.McpError(-32002, 'Resource not found', { uri });
  }
  return { contents: [{ uri, ...contents }] };
}

function newServer() {
  const capabilities = { tools: {}, resources: { subscribe: true }, prompts: {}, logging: {}, completions: {} };
  const server = new Server({ name: 'suite-server', version: '1.0.0' }, { capabilities });
  const on = (schema, answer) => server.setRequestHandler(schema, answer);
  on(types.ListToolsRequestSchema, () => ({ tools: listed.tools(Object.keys(tools)) }));
  on(types.CallToolRequestSchema, ({ params }, extra) => tools[params.name](params.arguments ?? {}, extra));
  on(types.ListResourcesRequestSchema, () => ({ resources: listed.resources() }));
  on(types.ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: listed.resourceTemplates() }));
  on(types.ReadResourceRequestSchema, ({ params }) => read(params.uri));
  on(types.SubscribeRequestSchema, () => ({}));
  on(types.UnsubscribeRequestSchema, () => ({}));
  on(types.ListPromptsRequestSchema, () => ({ prompts: listed.prompts() }));
  on(types.GetPromptRequestSchema, ({ params }) => ({ messages: prompts[params.name].messages(params.arguments ?? {}) }));
  on(types.CompleteRequestSchema, listed.completion);
  return server;
}

/** Events of one session, so that a stream goes on where it broke. */
class Events {
  events = [];

  async storeEvent(streamId, message) {
    this.events.push({ streamId, message });
    return `${streamId}_${this.events.length}`;
  }

  async replayEventsAfter(lastEventId, { send }) {
    const [streamId, last] = [lastEventId.slice(0, lastEventId.lastIndexOf('_')), Number(lastEventId.slice(lastEventId.lastIndexOf('_') + 1))];
    for (let at = last; at < this.events.length; at++) {
      const event = this.events[at];
      if (event.streamId === streamId && Object.keys(event.message).length > 0) {
        await send(`${streamId}_${at + 1}`, event.message);
      }
    }
    return streamId;
  }
}

const sessions = new Map();
const port = Number(process.env.PORT);

async function opened() {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: new Events(),
    retryInterval: 500,
    enableDnsRebindingProtection: true,
    allowedHosts: [`127.0.0.1:${port}`],
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await newServer().connect(transport);
  return transport;
}

createServer(async (request, response) => {
  const id = request.headers['mcp-session-id'];
  const known = id ? sessions.get(id) : await opened();
  if (known) {
    await known.handleRequest(request, response);
  } else {
    response.writeHead(404).end();
  }
}).listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
