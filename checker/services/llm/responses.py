"""`POST /v1/responses`, plain and streamed."""

import itertools
from collections.abc import Iterator
from typing import Any

from pydantic import Field

from checker.services.llm.chat import Loose, Part, text_of
from checker.services.llm.generation import CREATED, Shape, event
from checker.services.llm.mind import Message, Prompt, Tool, ToolCall

JSON = Any


class Item(Loose):
    """One item of the input: a message, a call, or what a call gave."""

    type: str = "message"
    role: str = "user"
    content: str | list[Part] | None = None
    output: JSON = None

    def plain(self) -> Message | None:
        """Give it without its form; a call is no message."""
        if self.type == "function_call_output":
            return Message("tool", str(self.output))
        return Message(self.role, text_of(self.content)) if self.type == "message" else None


class ResponseTool(Loose):
    """A tool of a response."""

    type: str
    name: str = ""
    description: str | None = None
    parameters: dict[str, JSON] | None = None


class TextOptions(Loose):
    """The form that the text must have."""

    format: dict[str, JSON] = Field(default_factory=dict)


class ResponseRequest(Loose):
    """The body of a request."""

    model: str
    input: str | list[Item]
    instructions: str | None = None
    previous_response_id: str | None = None
    stream: bool = False
    tools: list[ResponseTool] = Field(default_factory=list)
    tool_choice: JSON = "auto"
    text: TextOptions | None = None
    max_output_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)

    def prompt(self, before: list[Message]) -> Prompt:
        """Give what was asked, after what was said before."""
        system = [Message("system", self.instructions)] if self.instructions else []
        return Prompt([*system, *before, *self.said()])

    def said(self) -> list[Message]:
        """Give the messages of the input."""
        if isinstance(self.input, str):
            return [Message("user", self.input)]
        return [message for item in self.input if (message := item.plain()) is not None]

    def functions(self) -> list[Tool]:
        """Give the functions that may be called."""
        return [
            Tool(one.name, one.description or "", one.parameters or {})
            for one in self.tools
            if one.type == "function"
        ]

    def schema_wanted(self) -> JSON | None:
        """Give the JSON schema that the answer must fit."""
        wanted = self.text.format if self.text else {}
        if wanted.get("type") == "json_schema":
            return wanted.get("schema", {})
        return (
            {"type": "object", "properties": {"answer": {"type": "string"}}}
            if (wanted.get("type") == "json_object")
            else None
        )

    @property
    def most(self) -> int | None:
        """How many tokens the answer may have."""
        return self.max_output_tokens

    @property
    def stops(self) -> list[str]:
        """Responses know no stop texts."""
        return []


class ResponseShape(Shape):
    """Wrap an answer as a response with one item of output."""

    def __init__(
        self, request: ResponseRequest, key: str, read: int, call: ToolCall | None, finish: str
    ) -> None:
        self._request = request
        self._key = key
        self._read = read
        self._call = call
        self._cut_short = finish == "length"
        self._numbers = itertools.count()

    def opening(self) -> Iterator[bytes]:
        """Say that the response and its item have begun."""
        begun = self._response("in_progress", [], None)
        yield self._event("response.created", response=begun)
        yield self._event("response.in_progress", response=begun)
        item = self._item("", "in_progress")
        yield self._event("response.output_item.added", output_index=0, item=item)
        if self._call is None:
            yield self._content_event("response.content_part.added", part=_part(""))

    def piece(self, token: str) -> bytes:
        """Give one token."""
        if self._call is not None:
            kind = "response.function_call_arguments.delta"
            return self._event(kind, item_id=self._item_id, output_index=0, delta=token)
        return self._content_event("response.output_text.delta", delta=token, logprobs=[])

    def closing(self, text: str, written: int) -> Iterator[bytes]:
        """Say that item and response are complete."""
        if self._call is not None:
            kind = "response.function_call_arguments.done"
            place = {"item_id": self._item_id, "output_index": 0, "name": self._call.name}
            yield self._event(kind, **place, arguments=text)
        else:
            yield self._content_event("response.output_text.done", text=text, logprobs=[])
            yield self._content_event("response.content_part.done", part=_part(text))
        item = self._item(text, self._status)
        yield self._event("response.output_item.done", output_index=0, item=item)
        whole = self.whole(text, written)
        yield self._event(f"response.{self._status}", response=whole)

    def whole(self, text: str, written: int) -> JSON:
        """Give the whole response."""
        usage = {
            "input_tokens": self._read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self._read + written,
        }
        return self._response(self._status, [self._item(text, self._status)], usage)

    @property
    def _status(self) -> str:
        return "incomplete" if self._cut_short else "completed"

    @property
    def _item_id(self) -> str:
        return f"{'msg' if self._call is None else 'fc'}_{self._key}"

    def _event(self, kind: str, **data: JSON) -> bytes:
        return event({"type": kind, "sequence_number": next(self._numbers), **data}, kind)

    def _content_event(self, kind: str, **data: JSON) -> bytes:
        place = {"item_id": self._item_id, "output_index": 0, "content_index": 0}
        return self._event(kind, **place, **data)

    def _item(self, text: str, status: str) -> JSON:
        frame = {"id": self._item_id, "status": status}
        if self._call is not None:
            call = {"type": "function_call", "call_id": f"call_{self._key}"}
            return {**frame, **call, "name": self._call.name, "arguments": text}
        content = [_part(text)] if status != "in_progress" else []
        return {**frame, "type": "message", "role": "assistant", "content": content}

    def _response(self, status: str, output: list[JSON], usage: JSON) -> JSON:
        reason = {"reason": "max_output_tokens"} if status == "incomplete" else None
        return {
            "id": f"resp_{self._key}",
            "object": "response",
            "created_at": CREATED,
            "status": status,
            "error": None,
            "incomplete_details": reason,
            "instructions": self._request.instructions,
            "metadata": {},
            "model": self._request.model,
            "output": output,
            "parallel_tool_calls": True,
            "previous_response_id": self._request.previous_response_id,
            "temperature": self._request.temperature,
            "text": {"format": {"type": "text"}},
            "tool_choice": self._request.tool_choice,
            "tools": [tool.model_dump() for tool in self._request.tools],
            "top_p": None,
            "usage": usage,
        }


def _part(text: str) -> JSON:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
