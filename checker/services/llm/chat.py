"""`POST /v1/chat/completions`, plain and streamed."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from checker.services.llm.generation import CREATED, Shape, event
from checker.services.llm.mind import Message, Prompt, Tool, ToolCall

JSON = Any


class Loose(BaseModel):
    """A body of which we read a part."""

    model_config = ConfigDict(extra="allow")


class Part(Loose):
    """A part of a message."""

    type: str
    text: str = ""


class ChatMessage(Loose):
    """One message of a chat."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[Part] | None = None

    def plain(self) -> Message:
        """Give it without its form."""
        return Message(self.role, text_of(self.content))


class Function(Loose):
    """A function that may be called."""

    name: str
    description: str = ""
    parameters: dict[str, JSON] = Field(default_factory=dict)


class ChatTool(Loose):
    """A tool of a chat."""

    type: Literal["function"]
    function: Function


class StreamOptions(Loose):
    """What a stream tells beside the tokens."""

    include_usage: bool = False


class ChatRequest(Loose):
    """The body of a request."""

    model: str
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    tools: list[ChatTool] = Field(default_factory=list)
    tool_choice: JSON = "auto"
    response_format: dict[str, JSON] | None = None
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    stop: str | list[str] | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)

    def prompt(self) -> Prompt:
        """Give what was asked."""
        return Prompt([message.plain() for message in self.messages])

    def functions(self) -> list[Tool]:
        """Give the functions that may be called."""
        return [
            Tool(one.function.name, one.function.description, one.function.parameters)
            for one in self.tools
        ]

    def schema_wanted(self) -> JSON | None:
        """Give the JSON schema that the answer must fit; {} for any object."""
        wanted = self.response_format or {}
        if wanted.get("type") == "json_schema":
            return wanted["json_schema"].get("schema", {})
        return (
            {"type": "object", "properties": {"answer": {"type": "string"}}}
            if (wanted.get("type") == "json_object")
            else None
        )

    @property
    def most(self) -> int | None:
        """How many tokens the answer may have."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        """The texts before which the answer ends."""
        return [self.stop] if isinstance(self.stop, str) else self.stop or []


class ChatShape(Shape):
    """Wrap an answer as a chat completion."""

    def __init__(
        self, request: ChatRequest, key: str, read: int, call: ToolCall | None, finish: str
    ) -> None:
        self._request = request
        self._key = key
        self._read = read
        self._call = call
        self._finish = finish

    def opening(self) -> Iterator[bytes]:
        """Give the role, and the function that is called."""
        delta: dict[str, JSON] = {"role": "assistant", "content": None if self._call else ""}
        if self._call is not None:
            function = {"name": self._call.name, "arguments": ""}
            call = {"index": 0, "id": self._call_id, "type": "function", "function": function}
            delta["tool_calls"] = [call]
        yield self._chunk(delta)

    def piece(self, token: str) -> bytes:
        """Give one token."""
        if self._call is not None:
            return self._chunk({"tool_calls": [{"index": 0, "function": {"arguments": token}}]})
        return self._chunk({"content": token})

    def closing(self, text: str, written: int) -> Iterator[bytes]:
        """Give the reason of the end, and the usage where it was asked for."""
        del text
        yield self._chunk({}, self._finish)
        options = self._request.stream_options
        if options is not None and options.include_usage:
            usage = {**self._frame("chat.completion.chunk"), "choices": []}
            yield event({**usage, "usage": self._usage(written)})
        yield event("[DONE]")

    def whole(self, text: str, written: int) -> JSON:
        """Give the whole completion."""
        message: dict[str, JSON] = {"role": "assistant", "content": text, "refusal": None}
        if self._call is not None:
            function = {"name": self._call.name, "arguments": text}
            call = {"id": self._call_id, "type": "function", "function": function}
            message |= {"content": None, "tool_calls": [call]}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        frame = self._frame("chat.completion")
        return {**frame, "choices": [choice], "usage": self._usage(written)}

    @property
    def _call_id(self) -> str:
        return f"call_{self._key}"

    def _frame(self, kind: str) -> dict[str, JSON]:
        key = f"chatcmpl-{self._key}"
        return {"id": key, "object": kind, "created": CREATED, "model": self._request.model}

    def _chunk(self, delta: JSON, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event({**self._frame("chat.completion.chunk"), "choices": [choice]})

    def _usage(self, written: int) -> JSON:
        total = self._read + written
        return {"prompt_tokens": self._read, "completion_tokens": written, "total_tokens": total}


def text_of(content: str | list[Part] | None) -> str:
    """Give the text of a message's content."""
    if isinstance(content, list):
        return "\n".join(part.text for part in content)
    return content or ""
