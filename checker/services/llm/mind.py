"""How the model comes to its answer: by rules, from the prompt and the library's books alone."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from checker.services.llm.books import BOOKS, Book
from checker.services.llm.words import content_words, count, sentences, telling_words

JSON = Any
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt, whichever endpoint it came by."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that the model may ask for."""

    name: str
    description: str = ""
    parameters: dict[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A function that the model asks for; `arguments` is JSON text."""

    name: str
    arguments: str


class Prompt:
    """What was asked: the last user's question, and all that was said before and around it."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages

    @property
    def tokens(self) -> int:
        """Count what was read."""
        return sum(count(message.text) + 3 for message in self.messages)

    @cached_property
    def last_user(self) -> str:
        """The last thing that a user said."""
        said = [message.text for message in self.messages if message.role == "user"]
        return said[-1] if said else ""

    @cached_property
    def question(self) -> str:
        """The sentence to answer: the last one that ends with a question mark, else the last."""
        said = sentences(self.last_user)
        asked = [sentence for sentence in said if sentence.endswith("?")]
        return (asked or said or [""])[-1]

    @cached_property
    def words(self) -> list[str]:
        """The question's words, each once."""
        return list(dict.fromkeys(content_words(self.question)))

    @property
    def looked_up(self) -> str | None:
        """What a tool has answered, when nothing was said after it."""
        last = self.messages[-1] if self.messages else None
        return last.text if last is not None and last.role == "tool" else None

    @cached_property
    def facts(self) -> list[str]:
        """What the prompt says, sentence by sentence, questions apart; the newest last."""
        said = [
            sentence
            for message in self.messages
            if message.role != "assistant"
            for sentence in sentences(message.text)
        ]
        return [one for one in said if one != self.question and not one.endswith("?")]

    @cached_property
    def book(self) -> Book | None:
        """The book that the question is about, most likely."""
        pool = [(f"{one.title} {one.author} {one.about}", one) for one in BOOKS]
        return _best(self.words, pool) or self._book_before

    @property
    def _book_before(self) -> Book | None:
        """The book that was spoken of last."""
        said = [message.text for message in reversed(self.messages)]
        return next((one for text in said for one in BOOKS if one.title in text), None)

    def answer(self) -> str:
        """Say what the prompt, or else the library, knows of the question."""
        if self.looked_up is not None:
            return f"I looked it up: {self.looked_up.strip()}"
        about = " ".join(dict.fromkeys(telling_words(self.question)[:4]))
        opening = f"On {about}: " if about else ""
        fact = _best(self.words, [(one, one) for one in reversed(self.facts)])
        if fact is not None:
            return f"{opening}{fact}"
        if self.book is not None:
            return f"{opening}{self.book.tell()}"
        one = BOOKS[sum(map(ord, self.last_user)) % len(BOOKS)]
        return (
            f"{opening}the library has nothing on that. It does have {one.title} by {one.author}."
        )

    def tool_call(self, tools: Sequence[Tool], choice: JSON) -> ToolCall | None:
        """Choose a tool, as `tool_choice` allows, and its arguments."""
        if not tools or choice == "none":
            return None
        named = _named(choice)
        forced = named is not None or choice == "required"
        if self.looked_up is not None and not forced:
            return None
        pool = [tool for tool in tools if named in (None, tool.name)]
        wanted = [(f"{tool.name.replace('_', ' ')} {tool.description}", tool) for tool in pool]
        tool = _best(self.words, wanted) or (pool[0] if forced and pool else None)
        if tool is None:
            return None
        return ToolCall(tool.name, json.dumps(self.fill(tool.parameters or {"type": "object"})))

    def fill(self, schema: JSON, name: str = "", root: JSON = None) -> JSON:
        """Make a value that fits a JSON schema, of what the question is about."""
        root = schema if root is None else root
        if "$ref" in schema:
            return self.fill(_resolve(root, schema["$ref"]), name, root)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            known = [one for one in schema["enum"] if str(one).lower() in self.last_user.lower()]
            return (known or schema["enum"])[0]
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                choices = [one for one in schema[key] if one.get("type") != "null"]
                return self.fill(choices[0], name, root) if choices else None
        return self._fill_kind(schema, name, root)

    def _fill_kind(self, schema: JSON, name: str, root: JSON) -> JSON:
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
        match kind:
            case "object":
                properties = schema.get("properties", {})
                return {key: self.fill(value, key, root) for key, value in properties.items()}
            case "array":
                return [self.fill(schema.get("items", {}), name, root)]
            case "integer" | "number":
                return self._number(schema, name)
            case "boolean":
                return True
            case "null":
                return None
        return self._text(name)

    def _number(self, schema: JSON, name: str) -> int:
        found = re.findall(r"\d+", self.last_user)
        if name == "year" and self.book is not None:
            return self.book.year
        number = int(found[-1]) if found else 1
        low, high = schema.get("minimum", number), schema.get("maximum", number)
        return int(min(max(number, low), high))

    def _text(self, name: str) -> str:
        quoted = re.search(r"[\"']([^\"']+)[\"']", self.last_user)
        known = getattr(self.book, name, None) if name in Book.__slots__ else None
        if isinstance(known, str):
            return known
        if name in ("answer", "summary", "text", "reason", "explanation"):
            return self.answer()
        return quoted[1] if quoted else " ".join(telling_words(self.question)) or self.last_user


def _named(choice: JSON) -> str | None:
    """Give the function that a tool_choice names, in either endpoint's way."""
    if not isinstance(choice, dict):
        return None
    function = choice.get("function", choice)
    name = function.get("name")
    return name if isinstance(name, str) else None


def _resolve(root: JSON, reference: str) -> JSON:
    found = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _best(words: Iterable[str], pool: Sequence[tuple[str, T]]) -> T | None:
    """Choose what shares most words; the first of several, None when nothing shares one."""
    wanted = set(words)
    scored = [(len(wanted.intersection(content_words(text))), one) for text, one in pool]
    most = max((score for score, _ in scored), default=0)
    return next(one for score, one in scored if score == most) if most else None
