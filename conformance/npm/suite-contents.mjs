// What the servers that the conformance suite looks at have in common, whatever revision they speak: tools with every sort of content, resources,
// prompts.
import { setTimeout as pause } from 'node:timers/promises';

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const sound = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
export const text = (value) => ({ type: 'text', text: value });
const image = { type: 'image', data: pixel, mimeType: 'image/png' };
const resource = (uri, mimeType, value) => ({ type: 'resource', resource: { uri, mimeType, text: value } });
export const said = (...content) => ({ content });

/** Tools that say something, whoever asks. */
export const plainTools = {
  test_simple_text: () => said(text('This is a simple text response for testing.')),
  test_image_content: () => said(image),
  test_audio_content: () => said({ type: 'audio', data: sound, mimeType: 'audio/wav' }),
  test_embedded_resource: () => said(resource('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')),
  test_multiple_content_types: () =>
    said(text('Multiple content types test:'), image, resource('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}')),
  test_error_handling: () => ({ ...said(text('This tool intentionally returns an error for testing')), isError: true }),
  json_schema_2020_12_tool: () => said(text('validated')),
};

// Keywords of JSON Schema 2020-12 that whoever passes a list on must leave as they are.
export const schemas = {
  json_schema_2020_12_tool: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
    properties: {
      name: { type: 'string' },
      address: { $ref: '#/$defs/address' },
      contactMethod: { type: 'string', enum: ['phone', 'email'] },
      phone: { type: 'string' },
      email: { type: 'string' },
    },
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    then: { required: ['phone'] },
    else: { required: ['email'] },
    additionalProperties: false,
  },
};

/** The steps of a tool that says how far it is. */
export async function progressed(progressToken, notify) {
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined) {
      await notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    }
    await pause(50);
  }
  return said(text('done'));
}

const resources = {
  'test://static-text': { mimeType: 'text/plain', text: 'This is the content of the static text resource.' },
  'test://static-binary': { mimeType: 'image/png', blob: pixel },
  'test://watched-resource': { mimeType: 'text/plain', text: 'Watched.' },
};

/** What a resource has, or undefined if there is none. */
export function found(uri) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  return id ? { mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) } : resources[uri];
}

const user = (content) => ({ role: 'user', content });
const argument = (name) => ({ name, required: true });
export const prompts = {
  test_simple_prompt: { messages: () => [user(text('This is a simple prompt for testing.'))] },
  test_prompt_with_arguments: {
    arguments: [argument('arg1'), argument('arg2')],
    messages: ({ arg1, arg2 }) => [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  },
  test_prompt_with_embedded_resource: {
    arguments: [argument('resourceUri')],
    messages: ({ resourceUri }) => [
      user(resource(resourceUri, 'text/plain', 'Embedded resource content for testing.')),
      user(text('Please process the embedded resource above.')),
    ],
  },
  test_prompt_with_image: { messages: () => [user(image), user(text('Please analyze the image above.'))] },
};

/** The lists as they are in every revision. */
export const listed = {
  tools: (names) => names.map((name) => ({ name, description: `What ${name} does`, inputSchema: schemas[name] ?? { type: 'object' } })),
  resources: () => Object.entries(resources).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType })),
  resourceTemplates: () => [{ uriTemplate: 'test://template/{id}/data', name: 'template' }],
  prompts: () => Object.entries(prompts).map(([name, prompt]) => ({ name, description: `What ${name} says`, arguments: prompt.arguments ?? [] })),
  completion: () => ({ completion: { values: ['paris', 'park'], total: 2, hasMore: false } }),
};
