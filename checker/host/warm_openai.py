"""Preloaded for labs that ask a language model: what an OpenAI client imports on its first use."""

import contextlib
import importlib

MODULES = (
    "openai.resources.chat.chat",
    "openai.resources.chat.completions.messages",
    "openai.resources.responses",
    "openai.resources.embeddings",
    "openai.lib._chat_completion_resources",
    "openai.lib._response_resources",
    "openai.lib.streaming",
    "httpcore2",
    "truststore",
    "anyio._backends._asyncio",
)


def warm_up() -> None:
    """Import them."""
    for name in MODULES:
        with contextlib.suppress(ImportError):  # another version may have it elsewhere
            importlib.import_module(name)
