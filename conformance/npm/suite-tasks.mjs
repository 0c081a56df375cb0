// The tasks that the scenarios of the conformance suite ask a server of 2026-07-28 for (SEP-2663): tools that take a while, fail, or want to know
// something first. The SDK has no tasks of this revision, so this answers what is about them, and nothing else.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export const EXTENSION = 'io.modelcontextprotocol/tasks';

const tasks = new Map();
const said = (text) => ({ resultType: 'complete', content: [{ type: 'text', text }] });
const elicitation = (message, member, type) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema: { type: 'object', properties: { [member]: { type } }, required: [member] } },
});
const failure = (code, message, data) => ({ error: { code, message, ...(data && { data }) } });
const missing = () => failure(-32021, 'A client of tasks says so.', { requiredCapabilities: { extensions: { [EXTENSION]: {} } } });

class Task {
  constructor(work) {
    const now = new Date().toISOString();
    Object.assign(this, { id: randomUUID(), status: 'working', createdAt: now, questions: {}, answers: {} });
    this.is('working');
    tasks.set(this.id, this);
    this.done = work(this).then(
      (result) => this.ended('completed', { result }),
      (error) => this.ended('failed', { error: { code: -32603, message: error.message } }),
    );
  }

  is(status) {
    this.status = status;
    this.lastUpdatedAt = new Date().toISOString();
  }

  ended(status, outcome) {
    if (this.status !== 'cancelled') {
      this.is(status);
      this.outcome = outcome;
    }
  }

  /** Waits until everything is answered. */
  async asks(questions) {
    this.questions = questions;
    this.is('input_required');
    await new Promise((resolve) => (this.answered = resolve));
    this.is('working');
    return this.answers;
  }

  updated(responses) {
    for (const [key, response] of Object.entries(responses)) {
      if (key in this.questions) {
        this.answers[key] = response;
        delete this.questions[key];
      }
    }
    if (this.status === 'input_required' && Object.keys(this.questions).length === 0) {
      this.answered();
    }
  }

  cancelled() {
    if (!this.outcome) {
      this.is('cancelled');
      this.outcome = {};
    }
  }

  get head() {
    const { id: taskId, status, createdAt, lastUpdatedAt } = this;
    return { taskId, status, createdAt, lastUpdatedAt, ttlMs: 300_000, pollIntervalMs: 200 };
  }

  get details() {
    return { resultType: 'complete', ...this.head, ...this.outcome, ...(this.status === 'input_required' && { inputRequests: this.questions }) };
  }
}

/** What a tool does, for clients that know tasks and for others. */
const tools = {
  slow_compute: {
    async work({ seconds = 0, label = '' }) {
      await pause(seconds * 1000);
      return said(`computed ${label}`);
    },
  },
  failing_job: {
    onlyAsTask: true,
    async work() {
      await pause(1000);
      return { ...said('It did not work.'), isError: true };
    },
  },
  protocol_error_job: {
    async work() {
      throw new Error('It broke.');
    },
  },
  confirm_delete: {
    async work({ filename }, task) {
      const { confirm } = await task.asks({ confirm: elicitation(`Delete ${filename}?`, 'confirm', 'boolean') });
      return said(confirm.content?.confirm ? 'deleted' : 'kept');
    },
  },
  multi_input: {
    async work(_, task) {
      const answers = await task.asks({ first: elicitation('Name?', 'name', 'string'), second: elicitation('Sure?', 'confirm', 'boolean') });
      return said(Object.keys(answers).join(' '));
    },
  },
  test_tool_with_task: {
    onlyAsTask: true,
    before: ({ inputResponses }) =>
      inputResponses?.user_name ? undefined : { resultType: 'input_required', inputRequests: { user_name: elicitation('Who?', 'name', 'string') } },
    async work(_, __, { inputResponses }) {
      return said(`Hello, ${inputResponses.user_name.content.name}!`);
    },
  },
};

export const taskTools = Object.keys(tools);

async function called(params, knowsTasks) {
  const { before, onlyAsTask, work } = tools[params.name];
  const first = before?.(params);
  if (first) {
    return { result: first };
  }
  if (knowsTasks) {
    const task = new Task((itself) => work(params.arguments ?? {}, itself, params));
    return { result: { resultType: 'task', ...task.head } };
  }
  return onlyAsTask ? missing() : { result: await work(params.arguments ?? {}) };
}

/** The answer to what is about tasks; undefined if a message is not. */
export async function answered({ id, method, params }) {
  const isCall = method === 'tools/call' && params?.name in tools;
  const isQuestion = ['tasks/get', 'tasks/update', 'tasks/cancel'].includes(method);
  if (!isCall && !isQuestion) {
    return undefined;
  }
  const knowsTasks = EXTENSION in (params._meta?.['io.modelcontextprotocol/clientCapabilities']?.extensions ?? {});
  const outcome = isCall ? await called(params, knowsTasks) : asked(method, params, knowsTasks);
  return { jsonrpc: '2.0', id, ...outcome };
}

function asked(method, params, knowsTasks) {
  if (!knowsTasks) {
    return missing();
  }
  const task = tasks.get(params.taskId);
  if (!task) {
    return failure(-32602, 'There is no such task.');
  }
  switch (method) {
    case 'tasks/update':
      task.updated(params.inputResponses ?? {});
      return { result: { resultType: 'complete' } };
    case 'tasks/cancel':
      task.cancelled();
      return { result: { resultType: 'complete' } };
    default:
      return { result: task.details };
  }
}
