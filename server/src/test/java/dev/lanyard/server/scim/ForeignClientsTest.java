package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.UserResource;
import com.unboundid.scim2.common.utils.JsonUtils;
import de.captaingoldfish.scim.sdk.client.ScimClientConfig;
import de.captaingoldfish.scim.sdk.client.ScimRequestBuilder;
import de.captaingoldfish.scim.sdk.common.constants.EndpointPaths;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.PatchOp;
import de.captaingoldfish.scim.sdk.common.resources.User;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.client.WebTarget;
import java.nio.file.Path;
import java.util.Map;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.jnh.connector.JavaNetHttpConnectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two SCIM clients that are not ours, over HTTP")
class ForeignClientsTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private boolean isActive(String id) {
    return pair.directory.person(new PersonId(id)).orElseThrow().active();
  }

  /// With a connector that knows PATCH.
  private WebTarget target(String token) {
    var config =
        new ClientConfig()
            .register(
                new JacksonJsonProvider(
                    JsonUtils.createObjectMapper(), JacksonJsonProvider.BASIC_ANNOTATIONS))
            .register(
                (ClientRequestFilter)
                    request -> request.getHeaders().putSingle("Authorization", "Bearer " + token))
            .connectorProvider(new JavaNetHttpConnectorProvider());
    return ClientBuilder.newClient(config).target(pair.brokerUrl("/scim/v2"));
  }

  @Test
  @DisplayName("UnboundID SCIM 2 SDK 5.0.0")
  void unboundid() throws Exception {
    var service = new ScimService(target(pair.scimToken("generic").reveal()));
    assertThat(service.getServiceProviderConfig().getPatch().isSupported()).isTrue();
    assertThat(service.getSchemas().getTotalResults()).isEqualTo(3);
    assertThat(service.getResourceTypes().getTotalResults()).isEqualTo(2);

    var sent = new UserResource();
    sent.setUserName("ana");
    sent.setActive(true);
    sent.setTitle("Engineer");
    var ana = service.create("Users", sent);
    assertThat(ana.getMeta().getLocation()).hasToString(location(ana.getId()));
    assertThatThrownBy(() -> service.create("Users", sent))
        .isInstanceOf(ResourceConflictException.class);
    assertThat(service.search("Users", "userName eq \"ANA\"", UserResource.class).getTotalResults())
        .isEqualTo(1);

    ana.setTitle("Lead");
    assertThat(service.replace(ana).getTitle()).isEqualTo("Lead");
    var off =
        service
            .modifyRequest("Users", ana.getId())
            .replaceValue("active", false)
            .invoke(UserResource.class);
    assertThat(off.getActive()).isFalse();
    assertThat(isActive(ana.getId())).isFalse();

    var group = new GroupResource();
    group.setDisplayName("team-1");
    var made = service.create("Groups", group);
    service
        .modifyRequest("Groups", made.getId())
        .attributes("displayName")
        .addValues("members", new Member().setValue(ana.getId()))
        .invoke(GroupResource.class);
    var read = service.retrieve("Groups", made.getId(), GroupResource.class);
    assertThat(read.getMembers()).hasSize(1);
    service.delete("Users", ana.getId());
    assertThatThrownBy(() -> service.retrieve("Users", ana.getId(), UserResource.class))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private String location(String id) {
    return pair.broker().value() + "/scim/v2/Users/" + id;
  }

  @Test
  @DisplayName("Captain-P SCIM SDK 1.30.0")
  void captain_p() {
    var config =
        ScimClientConfig.builder()
            .httpHeaders(Map.of("Authorization", "Bearer " + pair.scimToken("generic").reveal()))
            .build();
    try (var client = new ScimRequestBuilder(pair.brokerUrl("/scim/v2").toString(), config)) {
      assertThat(client.loadServiceProviderConfiguration().getPatchConfig().isSupported()).isTrue();
      var created =
          client
              .create(User.class, EndpointPaths.USERS)
              .setResource(User.builder().userName("bob").active(true).title("Engineer").build())
              .sendRequest();
      assertThat(created.isSuccess()).as(created.getResponseBody()).isTrue();
      var id = created.getResource().getId().orElseThrow();

      var found =
          client
              .list(User.class, EndpointPaths.USERS)
              .filter("userName", Comparator.EQ, "bob")
              .and("active", Comparator.EQ, "true")
              .build()
              .get()
              .sendRequest();
      assertThat(found.isSuccess()).as(found.getResponseBody()).isTrue();
      assertThat(found.getResource().getTotalResults()).isEqualTo(1);

      var off =
          client
              .patch(User.class, EndpointPaths.USERS, id)
              .addOperation()
              .path("active")
              .op(PatchOp.REPLACE)
              .value("false")
              .build()
              .sendRequest();
      assertThat(off.isSuccess()).as(off.getResponseBody()).isTrue();
      assertThat(isActive(id)).isFalse();

      var gone = client.delete(User.class, EndpointPaths.USERS, id).sendRequest();
      assertThat(gone.isSuccess()).isTrue();
      var missing = client.get(User.class, EndpointPaths.USERS, id).sendRequest();
      assertThat(missing.getHttpStatus()).isEqualTo(404);
      assertThat(missing.getErrorResponse().getStatus()).isEqualTo(404);
    }
  }
}
