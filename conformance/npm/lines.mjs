// One JSON object per line in, one JSON object per line out: the Java test says what happens next and sees what came of it.
import { createInterface } from 'node:readline';

/** Answers every line of standard input with one line on standard output, in order; a thrown error is an answer too. */
export async function answerLines(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    const requests = [];
    let reply;
    try {
      reply = await answer(JSON.parse(line), recordingInto(requests));
    } catch (error) {
      reply = { error: describe(error) };
    }
    process.stdout.write(JSON.stringify({ ...reply, http: requests }) + '\n');
  }
}

/** A fetch that notes method, address and status of every exchange, and the body of every refusal. */
function recordingInto(requests) {
  return async (url, init) => {
    const response = await fetch(url, init);
    const entry = { method: init?.method ?? 'GET', url: String(url), status: response.status };
    if (response.status >= 400) {
      entry.body = await response.clone().text();
    }
    requests.push(entry);
    return response;
  };
}

function describe(error) {
  return { name: error.name, message: error.message, code: error.error ?? error.code, cause: error.cause?.message };
}
