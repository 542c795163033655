"""A reading assistant and the library's news over WebSockets, when things go wrong."""
