"""What the common exceptions of a FastAPI app mean, and what to do about each."""

import re
from dataclasses import dataclass

from checker.host.facts import Raised


@dataclass(frozen=True, slots=True)
class Meaning:
    """Explains exceptions of the types named whose message fits a pattern."""

    types: tuple[str, ...]
    pattern: str
    why: str
    step: str


SWALLOWED = Meaning(
    ("FastAPIError",),
    r"[Rr]esponse not awaited",
    "A dependency with `yield` caught the exception and did not raise it again.",
    "Put `raise` at the end of the `except` block.",
)

UNSET_VARIABLE = Meaning(
    ("KeyError",),
    r"'(\w+)'",
    "The environment of this process has no variable {0}.",
    "Read it with `os.environ.get`, which takes a default, if it may be missing.",
)

NOT_IN_SET = Meaning(
    ("KeyError",),
    r"(?s).*",
    "`remove` demands that the value is in the set, and it is not.",
    "Take it out with `discard`, which bears that.",
)

NOT_SET = Meaning(
    ("KeyError",),
    r"'(\w+)'",
    "The environment has no variable {0} that could be taken away.",
    "Say `raising=False`, which bears that.",
)

GATHERED = Meaning(
    ("TypeError",),
    r"unhashable type: '(\w+)'",
    "`gather` takes the calls one by one, and here is one {0} of them.",
    "Leave the brackets out, or put a `*` before them.",
)

MEANINGS = (
    Meaning(
        ("AssertionError",),
        r"Status code (\d+) must not have a response body",
        "The return annotation promises a body, and an answer with status {0} has none.",
        "Annotate the function with `-> None`, and return nothing.",
    ),
    Meaning(
        ("AttributeError",),
        r"'dict' object has no attribute '(\w+)'",
        "The value is a `dict`, and the entries of a `dict` are read with brackets.",
        'Read it as `["{0}"]`, or make the value an object of the model.',
    ),
    Meaning(
        ("AttributeError",),
        r"'(?:function|method|builtin_function_or_method)' object has no attribute",
        "The value is a function, where the result of calling it is meant.",
        "Call the function: put `()` behind its name.",
    ),
    Meaning(
        ("AttributeError",),
        r"'NoneType' object has no attribute 'encode'",
        "`None` stands where text is expected; a streamed answer sends all that is yielded.",
        "Yield or pass on text only, and leave out what is `None`.",
    ),
    Meaning(
        ("AttributeError", "TypeError"),
        r"'NoneType' object (?:has no attribute|is not)",
        "The value is `None`: something before did not find or did not return what was expected.",
        "Handle the case that nothing was found before using the value.",
    ),
    Meaning(
        ("AttributeError", "TypeError"),
        r"'coroutine' object|got coroutine|type coroutine is not",
        (
            "A coroutine function was called without `await`, so there is only the coroutine, "
            "not its result."
        ),
        "Put `await` before the call.",
    ),
    Meaning(
        ("ValueError", "TypeError"),
        r"'coroutine' object is not iterable|vars\(\) argument must have __dict__",
        "A value reached the answer that cannot become JSON; often an `await` is missing.",
        "Put `await` before the call, or return a model or a `dict`.",
    ),
    Meaning(
        ("TypeError",),
        r"object async_generator can't be|'async_generator' object",
        "An asynchronous generator gives its values one by one; it is not a value by itself.",
        "Go through it with `async for`, without `await` before it.",
    ),
    Meaning(
        ("TypeError",),
        r"'async for' requires an object with __aiter__ method, got (\w+)",
        "`async for` takes asynchronous iterators only, and this is a `{0}`.",
        "Go through it with a plain `for`.",
    ),
    Meaning(
        ("TypeError",),
        r"object (\w+) can't be used in 'await' expression|object .* can't be awaited",
        "Only a coroutine can be awaited, and this call gives a finished value.",
        "Remove the `await`.",
    ),
    Meaning(
        ("TypeError",),
        r"(?:unsupported operand|not supported between instances).*'NoneType'",
        "One of the two values is `None`.",
        "Handle the case that the value is not there.",
    ),
    Meaning(
        ("TypeError",),
        r"must be callable|object is not callable|is not a callable object",
        "A function is wanted here, and this is a value; perhaps it was called too early.",
        "Hand over the function itself, without the brackets of a call.",
    ),
    Meaning(
        ("TypeError",),
        r"'([A-Z]\w*)' object is not subscriptable",
        "Brackets work on a `dict` or a list; the fields of a model are read with a dot.",
        "Read the field with a dot.",
    ),
    Meaning(
        ("TypeError",),
        r"'(int|float|bool|function|method)' object is not subscriptable",
        "The value is of type `{0}`, which has no entries to take with brackets.",
        "Look where the value comes from, and take the entry of what holds it.",
    ),
    Meaning(
        ("TypeError",),
        r"missing \d+ required (?:positional|keyword-only) argument",
        "The function was called with fewer arguments than it needs.",
        "Pass the argument that is named, or give the parameter a default.",
    ),
    Meaning(
        ("TypeError",),
        r"Object of type (\w+) is not JSON serializable",
        "A `Response` class writes plain JSON values only; it does not convert a `{0}`.",
        (
            "Return the value itself and let FastAPI convert it, or pass it through "
            "`jsonable_encoder`."
        ),
    ),
    Meaning(
        ("PydanticSerializationError",),
        r"",
        "The returned value cannot be written as JSON.",
        "Return a model, or values that JSON knows.",
    ),
    Meaning(
        ("ValidationError",),
        r"input_type=coroutine",
        (
            "A coroutine function was called without `await`, so the model got the coroutine, "
            "not its result."
        ),
        "Put `await` before the call.",
    ),
    Meaning(
        ("ValidationError",),
        r"validation errors? for \w*Settings\n",
        (
            "The settings were put together from arguments, the environment, `.env`, secret files "
            "and defaults, and the result does not fit the class."
        ),
        "Look at the field that is named: its type, its default, and where its value comes from.",
    ),
    Meaning(
        ("PydanticUserError",),
        r"leading underscores.*_cli_\w+",
        (
            "A route depends on a settings class itself, so FastAPI takes the arguments of the "
            "class for parameters of the request."
        ),
        "Depend on a function that returns the settings.",
    ),
    Meaning(
        ("ValidationError",),
        r"^\d+ validation errors? for OpenAPI\b",
        "FastAPI makes the OpenAPI document from what is declared, and a value there has no place.",
        "Correct the value named, in `FastAPI(...)`, a decorator or a `Field(...)`.",
    ),
    Meaning(
        ("ValidationError",),
        r"",
        (
            "The function built a model from values that do not fit it. FastAPI answers 422 "
            "only for what a request brings."
        ),
        "Give the model values that fit, or check them before building it.",
    ),
    Meaning(
        ("KeyError",),
        r"(.+)",
        "The `dict` has no key {0}.",
        "Compare this key with those that are there, types included.",
    ),
    Meaning(
        ("IndexError", "StopIteration"),
        r"",
        "There is no entry at this place; nothing was found.",
        "Handle the case that nothing was found.",
    ),
    Meaning(
        ("NameError",),
        r"name '(\w+)' is not defined",
        "The name `{0}` is used here, but not defined or imported anywhere above.",
        "Import or define `{0}`.",
    ),
    Meaning(
        ("UnboundLocalError",),
        r"variable '(\w+)'",
        "A function that assigns to `{0}` has a variable of its own with that name.",
        "Declare `global {0}`, or better: change the object instead of the name.",
    ),
    Meaning(
        ("NotImplementedError",),
        r"",
        "This part of the lab is not written yet.",
        "Write it: the comment at the beginning of the region says what it has to do.",
    ),
    Meaning(
        ("TimeoutError",),
        r"",
        (
            "A time limit was reached, and nothing around it caught the `TimeoutError`; "
            "`asyncio.timeout` raises it where its block ends."
        ),
        "Put the `except TimeoutError` around the whole block, not inside it.",
    ),
    Meaning(
        ("RecursionError",),
        r"",
        "The function calls itself without an end.",
        "Give the recursion a case in which it stops.",
    ),
    Meaning(
        ("OperationalError", "ProgrammingError"),
        r"no such table: (\w+)|relation \"(\w+)\" does not exist",
        "The database that is asked here has no table `{0}{1}`.",
        (
            "Make the tables in this very database, or ask the one that has them. In memory each "
            "connection of SQLite is a database of its own."
        ),
    ),
    Meaning(
        ("RuntimeError",),
        r"asyncio.run\(\) cannot be called from a running event loop",
        "The app already runs inside an event loop.",
        "Use `await` instead of `asyncio.run`.",
    ),
    SWALLOWED,
)


SOURCES = {
    "environ[": UNSET_VARIABLE,
    "delenv(": NOT_SET,
    ".remove(": NOT_IN_SET,
    "gather(": GATHERED,
}
"""What an exception means if this stands in the line that raised it."""


def meaning_of(raised: Raised) -> tuple[str, str] | None:
    """Give the sentence that explains an exception and the step that mends it, if known."""
    if not raised["frames"] and "local variable 'response'" in raised["message"]:
        # FastAPI's own variable, never set: a dependency swallowed the exception before the answer
        return SWALLOWED.why, SWALLOWED.step
    source = raised["frames"][-1]["source"] if raised["frames"] else ""
    special = [SOURCES[part] for part in SOURCES if part in source]
    return meaning_in((*special, *MEANINGS), raised)


def meaning_in(meanings: tuple[Meaning, ...], raised: Raised) -> tuple[str, str] | None:
    """Give the first of `meanings` that fits an exception, its words filled in."""
    for meaning in meanings:
        if raised["type"].rpartition(".")[2] not in meaning.types:
            continue
        found = re.search(meaning.pattern, raised["message"], re.DOTALL)
        if found is not None:
            words = found.groups(default="")
            return _fill(meaning.why, words), _fill(meaning.step, words)
    return None


def _fill(sentence: str, words: tuple[str, ...]) -> str:
    for index, word in enumerate(words):
        sentence = sentence.replace(f"{{{index}}}", word)
    return sentence
