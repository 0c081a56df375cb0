/// Guards a protected resource. The filter needs the servlet API; the guard does not.
module dev.lanyard.resourceserver {
  requires transitive dev.lanyard.protocol;
  requires transitive java.net.http;
  requires com.github.benmanes.caffeine;
  requires static transitive jakarta.servlet;

  exports dev.lanyard.resourceserver;
  exports dev.lanyard.resourceserver.servlet;
}
