package dev.lanyard.server.diagnosis;

import dev.lanyard.protocol.evidence.Evidence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What stands in the classes of the product themselves, so that nobody has to keep a list.
public final class Bytecode {
  private final List<ClassModel> classes;

  private Bytecode(List<ClassModel> classes) {
    this.classes = classes;
  }

  /// The server and the protocol library.
  public static Bytecode ofTheProduct() {
    var all = new ArrayList<ClassModel>();
    for (var one : List.of(Evidence.class, Checks.class)) {
      all.addAll(read(one));
    }
    return new Bytecode(all);
  }

  private static List<ClassModel> read(Class<?> neighbour) {
    try {
      var place = Path.of(neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return read(place);
      }
      try (var jar = FileSystems.newFileSystem(place)) {
        return read(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<ClassModel> read(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      var all = new ArrayList<ClassModel>();
      for (var file : files.filter(one -> one.toString().endsWith(".class")).toList()) {
        all.add(ClassFile.of().parse(Files.readAllBytes(file)));
      }
      return all;
    }
  }

  /// Every text that the code loads.
  public Set<String> texts() {
    return classes.stream().flatMap(Bytecode::texts).collect(Collectors.toSet());
  }

  /// Every text that a method of this name of that class loads.
  Set<String> texts(Class<?> type, String method) {
    var name = type.getName().replace('.', '/');
    return classes.stream()
        .filter(one -> one.thisClass().asInternalName().equals(name))
        .flatMap(one -> one.methods().stream())
        .filter(one -> one.methodName().equalsString(method))
        .flatMap(Bytecode::texts)
        .collect(Collectors.toSet());
  }

  /// The classes that read one of these static fields.
  List<ClassModel> readers(Class<?> owner, String... fields) {
    var name = owner.getName().replace('.', '/');
    return classes.stream()
        .filter(one -> !one.thisClass().asInternalName().equals(name))
        .filter(one -> !one.flags().has(AccessFlag.SYNTHETIC))
        .filter(one ->
            one.methods().stream()
                .flatMap(Bytecode::code)
                .anyMatch(element ->
                    element instanceof FieldInstruction read
                        && read.owner().asInternalName().equals(name)
                        && List.of(fields).contains(read.name().stringValue())))
        .toList();
  }

  static Stream<String> texts(ClassModel type) {
    return type.methods().stream().flatMap(Bytecode::texts);
  }

  private static Stream<String> texts(MethodModel method) {
    return code(method)
        .flatMap(Bytecode::constants)
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  /// What is joined from parts is one text in which the parts are left open.
  private static Stream<Object> constants(CodeElement element) {
    return switch (element) {
      case ConstantInstruction loaded -> Stream.of(loaded.constantValue());
      case InvokeDynamicInstruction call -> call.bootstrapArgs().stream().map(one -> one);
      default -> Stream.empty();
    };
  }

  private static Stream<CodeElement> code(MethodModel method) {
    return method.code().stream().flatMap(code -> code.elementStream());
  }
}
