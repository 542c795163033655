"""The library whose counters are WebSockets."""
