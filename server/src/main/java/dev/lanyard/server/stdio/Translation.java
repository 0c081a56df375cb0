package dev.lanyard.server.stdio;

/// What becomes of what a process says on its way to the client that has asked.
interface Translation {
  /// In a session both know each other by the same ids: nothing.
  Translation NONE =
      new Translation() {
        @Override
        public byte[] said(byte[] message) {
          return message;
        }

        @Override
        public byte[] answered(byte[] message) {
          return message;
        }

        @Override
        public int status(byte[] message) {
          return 200;
        }
      };

  /// Something before, or beside, the answer.
  byte[] said(byte[] message);

  byte[] answered(byte[] message);

  /// With which status HTTP has an answer.
  int status(byte[] message);
}
