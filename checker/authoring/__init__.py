"""The author's tools: scaffold, notebooks, the gate, the benchmark."""
