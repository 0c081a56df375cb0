/// Checks other people's issuers and redeemers of ID-JAGs from outside.
module dev.lanyard.suite {
  requires transitive dev.lanyard.protocol;
  requires transitive java.net.http;
  requires jdk.httpserver;
  requires static transitive org.jspecify;

  exports dev.lanyard.suite;
  exports dev.lanyard.suite.issuer;
  exports dev.lanyard.suite.redeemer;
}
