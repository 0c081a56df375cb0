/// The words of OAuth, verified JWTs, ID-JAG, metadata, DPoP, and a client that cannot be steered
/// inside the network.
module dev.lanyard.protocol {
  requires com.nimbusds.jose.jwt;
  requires static transitive org.jspecify;
  requires tools.jackson.core;

  exports dev.lanyard.protocol.accesstoken;
  exports dev.lanyard.protocol.claims;
  exports dev.lanyard.protocol.dpop;
  exports dev.lanyard.protocol.egress;
  exports dev.lanyard.protocol.evidence;
  exports dev.lanyard.protocol.hash;
  exports dev.lanyard.protocol.idjag;
  exports dev.lanyard.protocol.idtoken;
  exports dev.lanyard.protocol.jose;
  exports dev.lanyard.protocol.json;
  exports dev.lanyard.protocol.jwks;
  exports dev.lanyard.protocol.mcp;
  exports dev.lanyard.protocol.metadata;
  exports dev.lanyard.protocol.oauth;
  exports dev.lanyard.protocol.revocation;
  exports dev.lanyard.protocol.securityevent;
  exports dev.lanyard.protocol.statuslist;
}
