package dev.lanyard.conformance.guide;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// The code of `docs/protect-spring-boot.md`.
// guide: application
@SpringBootApplication
@RestController
public class SpringGuide {
  @PostMapping("/mcp")
  String greet(HttpServletRequest request) {
    AccessToken caller = ResourceServerFilter.callerOf(request).orElseThrow();
    return "Hello, " + caller.subject();
  }
}
// end
