"""A reading room with four doors for WebSockets."""
