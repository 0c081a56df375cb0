# Sourced by compare and jmh: finds JDK 25, builds what they need into benchmarks/target/quick.

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

if [ -z "${JAVA_HOME:-}" ] || ! grep -qs '^JAVA_VERSION="25' "$JAVA_HOME/release"; then
  for JAVA_HOME in "${LANYARD_JAVA_HOME:-}" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/*; do
    ! grep -qs '^JAVA_VERSION="25' "$JAVA_HOME/release" || break
  done
  grep -qs '^JAVA_VERSION="25' "$JAVA_HOME/release" ||
    fail "needs a JDK 25; point LANYARD_JAVA_HOME at one"
fi
export JAVA_HOME

build() {
  printf 'Building (the output goes to benchmarks/target/build.log)\n' >&2
  mkdir -p "$home/benchmarks/target"
  (cd "$home" && ./mvnw -q -Dquick -DskipTests -pl benchmarks -am package) \
    >"$home/benchmarks/target/build.log" 2>&1 ||
    fail "the build failed; see benchmarks/target/build.log"
}

classpath=$home/benchmarks/target/quick/classes:$home/benchmarks/target/quick/lib/*
