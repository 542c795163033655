"""A language model that speaks OpenAI's protocol: real HTTP, real streams, text made by rules.

It runs in a process of its own; `checker.services.model` starts it. Every answer follows from the
prompt alone, so it is the same tomorrow. What a suite or a header asks for goes wrong on purpose.
"""
