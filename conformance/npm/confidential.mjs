// Loaded into the MCP conformance suite. Where the metadata of a server lists `none`, the suite never sends a secret that it was given. This keeps
// from it the methods named in LANYARD_UNSEEN_METHODS, so that it can be a confidential client of a server that has public ones, too.
const unseen = new Set((process.env.LANYARD_UNSEEN_METHODS ?? '').split(','));
const parse = JSON.parse;

JSON.parse = (text, reviver) => {
  const value = parse(text, reviver);
  const methods = value?.token_endpoint_auth_methods_supported;
  if (Array.isArray(methods)) {
    value.token_endpoint_auth_methods_supported = methods.filter((method) => !unseen.has(method));
  }
  return value;
};
