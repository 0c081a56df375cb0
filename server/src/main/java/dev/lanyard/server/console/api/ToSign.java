package dev.lanyard.server.console.api;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Caller;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.console.desk.Parts;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.console.desk.Workbench;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What there is to read and to sign about one step of the role library: how it differs from the
/// version before, and what whoever asks may sign. See [StepApi].
record ToSign(Parts parts, History history) {
  private static final String DIFFERENCE = "difference";
  private static final String TO_SIGN = "to_sign";

  /// The same with what there is to read and to sign.
  Schema schema(Schema.Members members) {
    var signing =
        Schema.object()
            .has("step", Schema.text())
            .has("typ", Schema.text().says("Of the JWT that is to be made."))
            .has(
                "claims",
                Schema.anything().says("To be signed with 'rationale' and 'iat' of one's own."))
            .build();
    return members
        .has(DIFFERENCE, Schema.list(Schema.text()).says("To the version before, line by line."))
        .has(TO_SIGN, Schema.list(signing).says("What whoever asks may sign about it."))
        .build();
  }

  private List<String> difference(String base, String version) {
    return Workbench.difference(history.filesOrNone(base), history.filesOrNone(version)).stream()
        .map(Workbench.Difference::text)
        .toList();
  }

  /// @param told what is said of the step
  /// @param base the version before
  /// @param steps what somebody may sign about it
  Response answer(
      Call call,
      JsonObject.Builder told,
      String base,
      String version,
      Function<Signers.Who, List<Signers.Signing>> steps) {
    return Response.json(
        200,
        told.put(DIFFERENCE, difference(base, version))
            .put(TO_SIGN, who(call).map(steps).map(ToSign::told).orElse(List.of()))
            .build());
  }

  /// A program by itself signs nothing.
  private Optional<Signers.Who> who(Call call) {
    return call.caller() instanceof Caller.Somebody(var person, _)
        ? Optional.of(
            new Signers.Who(
                person, parts.duties().of(person.groups()), parts.platform().clock().instant()))
        : Optional.empty();
  }

  private static List<JsonObject> told(List<Signers.Signing> all) {
    return all.stream()
        .map(one ->
            JsonObject.builder()
                .put("step", one.step())
                .put("typ", Statement.TYPE)
                .put("claims", claims(one))
                .build())
        .toList();
  }

  private static JsonObject claims(Signers.Signing one) {
    try {
      return JsonObject.parse(one.claims());
    } catch (MalformedException e) {
      throw new IllegalStateException("what is to be signed is not readable", e);
    }
  }
}
