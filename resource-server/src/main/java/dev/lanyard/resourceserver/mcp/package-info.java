/// The guard before a server of the MCP Java SDK: what each tool needs is asked for before the SDK
/// sees the call.
///
/// ```java
/// var tools =
///     ToolRequirements.closed()
///         .tool("list_issues", Requirement.scopes("issues.read"))
///         .tool("close_issue", Requirement.scopes("issues.read", "issues.write"));
/// var filter = new McpFilter(guard, tools);
/// var transport =
///     HttpServletStreamableServerTransportProvider.builder()
///         .contextExtractor(McpCallers.EXTRACTOR)
///         .build();
/// ```
@NullMarked
package dev.lanyard.resourceserver.mcp;

import org.jspecify.annotations.NullMarked;
