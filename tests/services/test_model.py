"""The language model, asked by the real OpenAI client, which knows nothing of us."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import openai
import pytest
from openai.types.chat import ChatCompletionToolParam
from pydantic import BaseModel

from checker.errors import EnvironmentFaultError
from checker.services import Services
from checker.services.model import Model

NAME = "library-1"


@dataclass(frozen=True)
class Library:
    """The model, in the hands of a suite and of a client."""

    suite: Model
    client: openai.OpenAI

    def ask(self, question: str, **options: Any) -> str:  # noqa: ANN401 - the client's own
        """Ask one question and give the text of the answer."""
        answer = self.client.chat.completions.create(
            model=NAME, messages=[{"role": "user", "content": question}], **options
        )
        return str(answer.choices[0].message.content)

    def pieces(self, question: str) -> Iterator[str]:
        """Ask one question and give the tokens as they come."""
        stream = self.client.chat.completions.create(
            model=NAME, messages=[{"role": "user", "content": question}], stream=True
        )
        with stream:
            yield from (chunk.choices[0].delta.content or "" for chunk in stream)


@pytest.fixture(scope="module")
def running() -> Iterator[Services]:
    """Keep one model for all tests of this file."""
    with Services() as services, pytest.MonkeyPatch.context() as patch:
        patch.delenv("OPENAI_BASE_URL", raising=False)
        services.prepare(["model"])
        yield services


@pytest.fixture
def library(running: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """Give the model, as good as new, and a client that finds it by the environment alone."""
    address = running.prepare(["model"])["model"]
    for name, value in address.env.items():
        monkeypatch.setenv(name, value)
    suite = Model(address.control, address.env)
    with openai.OpenAI(max_retries=0, timeout=5) as client:
        yield Library(suite, client)
    suite.close()


def test_a_plain_answer_is_grounded_in_the_library_and_counted(library: Library) -> None:
    answer = library.client.chat.completions.create(
        model=NAME, messages=[{"role": "user", "content": "Who wrote Frankenstein?"}]
    )
    choice = answer.choices[0]
    assert (choice.finish_reason, choice.message.role) == ("stop", "assistant")
    assert "Mary Shelley" in str(choice.message.content)
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    (asked,) = library.suite.requests
    assert asked.text == choice.message.content
    assert asked.generated == answer.usage.completion_tokens
    assert asked.messages == [{"role": "user", "content": "Who wrote Frankenstein?"}]
    counts = library.suite.counts
    assert (counts.asked, counts.completed, counts.running) == (1, 1, 0)


def test_an_answer_follows_from_the_prompt_alone(library: Library) -> None:
    context = "The reading room closes at nine. It has lamps."
    question = f"Context: {context}\nQuestion: When does the reading room close?"
    assert "closes at nine" in library.ask(question)
    assert library.ask(question) == library.ask(question)
    assert library.ask("Who wrote Emma?") != library.ask("Who wrote Dune?")


def test_the_conversation_before_is_known(library: Library) -> None:
    answer = library.client.chat.completions.create(
        model=NAME,
        messages=[
            {"role": "user", "content": "My name is Ada."},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": "What is my name?"},
        ],
    )
    assert "Ada" in str(answer.choices[0].message.content)


def test_limits_and_stops_end_an_answer(library: Library) -> None:
    answer = library.client.chat.completions.create(
        model=NAME, messages=[{"role": "user", "content": "Who wrote Dune?"}], max_tokens=3
    )
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 3
    assert "Herbert" not in library.ask("Who wrote Dune?", stop=["Frank"])


def test_a_stream_has_the_same_text_and_its_usage(library: Library) -> None:
    chunks = list(
        library.client.chat.completions.create(
            model=NAME,
            messages=[{"role": "user", "content": "Who wrote Solaris?"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == library.ask("Who wrote Solaris?")
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    usage = chunks[-1].usage
    assert usage is not None
    assert usage.completion_tokens == library.suite.requests[0].generated


def test_tokens_are_said_as_scripted_newlines_and_all(library: Library) -> None:
    library.suite.say("Dune", "\n", "Emma", "\n\n", "Solaris")
    assert list(library.pieces("Which books?")) == ["", "Dune", "\n", "Emma", "\n\n", "Solaris", ""]


TOOL: ChatCompletionToolParam = {
    "type": "function",
    "function": {
        "name": "find_shelf",
        "description": "Find the shelf of a book",
        "parameters": {
            "type": "object",
            "properties": {"title": {"type": "string"}, "copies": {"type": "integer"}},
            "required": ["title"],
        },
    },
}


def test_a_tool_is_called_and_its_result_told(library: Library) -> None:
    create = library.client.chat.completions.create
    question = "On which shelf is Dune? I want 2."
    first = create(
        model=NAME, messages=[{"role": "user", "content": question}], tools=[TOOL]
    ).choices[0]
    assert first.finish_reason == "tool_calls"
    (call,) = first.message.tool_calls or []
    assert call.type == "function"
    assert call.function.name == "find_shelf"
    assert json.loads(call.function.arguments) == {"title": "Dune", "copies": 2}
    second = create(
        model=NAME,
        messages=[
            {"role": "user", "content": question},
            first.message.model_dump(exclude_none=True),  # type: ignore[list-item]
            {"role": "tool", "tool_call_id": call.id, "content": "Shelf H1."},
        ],
        tools=[TOOL],
    ).choices[0]
    assert second.message.content == "I looked it up: Shelf H1."


def test_a_tool_call_is_streamed_and_scripted(library: Library) -> None:
    library.suite.call("find_shelf", {"title": "Emma"})
    with library.client.chat.completions.stream(
        model=NAME, messages=[{"role": "user", "content": "Hello."}], tools=[TOOL]
    ) as stream:
        message = stream.until_done().get_final_completion().choices[0].message
    (call,) = message.tool_calls or []
    assert json.loads(call.function.arguments) == {"title": "Emma"}
    assert library.ask("Where is Dune's shelf?", tools=[TOOL], tool_choice="none") != "None"


class Book(BaseModel):
    """What an answer shall be."""

    title: str
    author: str
    year: int
    tags: list[str]


def test_an_answer_fits_the_schema_it_was_asked_for(library: Library) -> None:
    wanted = ("Dune", "Frank Herbert", 1965)
    chat = library.client.chat.completions.parse(
        model=NAME, messages=[{"role": "user", "content": "Describe Dune."}], response_format=Book
    )
    book = chat.choices[0].message.parsed
    assert book is not None
    assert (book.title, book.author, book.year) == wanted
    response = library.client.responses.parse(model=NAME, input="Describe Dune.", text_format=Book)
    assert response.output_parsed == book


def test_a_response_is_plain_streamed_and_continued(library: Library) -> None:
    responses = library.client.responses
    first = responses.create(model=NAME, instructions="Be short.", input="Tell me about Solaris.")
    assert "Stanislaw Lem" in first.output_text
    assert first.usage is not None
    assert first.usage.output_tokens == library.suite.requests[0].generated
    with responses.stream(model=NAME, input="Tell me about Solaris.") as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_response().output_text == first.output_text
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] == "response.completed"
    assert "response.output_text.delta" in kinds
    again = responses.create(model=NAME, input="And its shelf?", previous_response_id=first.id)
    assert "L1" in again.output_text
    short = responses.create(model=NAME, input="Tell me about Dune.", max_output_tokens=2)
    assert short.status == "incomplete"


def test_a_response_calls_a_function(library: Library) -> None:
    with library.client.responses.stream(
        model=NAME,
        input="On which shelf is Dune?",
        tools=[
            {
                "type": "function",
                "name": "find_shelf",
                "description": "Find a shelf",
                "parameters": {"type": "object", "properties": {"title": {"type": "string"}}},
                "strict": False,
            }
        ],
    ) as stream:
        (call,) = stream.until_done().get_final_response().output
    assert call.type == "function_call"
    assert json.loads(call.arguments) == {"title": "Dune"}
    answer = library.client.responses.create(
        model=NAME,
        input=[
            {"role": "user", "content": "On which shelf is Dune?"},
            {"type": "function_call_output", "call_id": call.call_id, "output": "H1"},
        ],
    )
    assert answer.output_text == "I looked it up: H1"


def test_embeddings_of_texts_that_share_words_are_near(library: Library) -> None:
    def embed(*texts: str, **options: Any) -> list[list[float]]:  # noqa: ANN401
        created = library.client.embeddings.create(
            model="library-embed-1", input=list(texts), **options
        )
        return [one.embedding for one in created.data]

    near, same, far = embed("a desert planet", "planets of sand and desert", "a pond in a wood")
    assert dot(near, near) == pytest.approx(1)
    assert dot(near, same) > 0.5 > dot(near, far)
    (short,) = embed("a desert planet", dimensions=8, encoding_format="float")
    assert len(short) == 8


def dot(one: list[float], other: list[float]) -> float:
    """Multiply two vectors."""
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_models_are_listed_and_unknown_ones_refused(library: Library) -> None:
    assert NAME in [model.id for model in library.client.models.list()]
    assert library.client.models.retrieve(NAME).id == NAME
    for ask in (lambda: library.client.models.retrieve("nope"), lambda: chat_with(library, "nope")):
        with pytest.raises(openai.NotFoundError, match="`nope` does not exist"):
            ask()
    assert chat_with(library, "gpt-5-mini") == "gpt-5-mini"


def chat_with(library: Library, model: str) -> str:
    """Ask a model by name; give the name that answers."""
    messages = [{"role": "user", "content": "Hello."}]
    create = library.client.chat.completions.create
    return create(model=model, messages=messages).model  # type: ignore[arg-type]


def test_a_wrong_key_and_a_wrong_body_are_refused(library: Library) -> None:
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        library.client.with_options(api_key="sk-guess").models.list()
    with pytest.raises(openai.BadRequestError, match=r"Invalid messages\.0\.role"):
        library.client.chat.completions.create(
            model=NAME,
            messages=[{"role": "poet", "content": "Hello."}],  # type: ignore[misc, list-item]
        )


def test_a_refusal_names_when_to_come_back(library: Library) -> None:
    library.suite.refuse(429, retry_after=1.5, times=2)
    for _ in range(2):
        with pytest.raises(openai.RateLimitError) as caught:
            library.ask("Hello.")
        assert caught.value.response.headers["retry-after"] == "1.5"
        assert caught.value.code == "rate_limit_exceeded"
    assert library.ask("Hello.")
    counts = library.suite.counts
    assert (counts.asked, counts.refused, counts.completed) == (3, 2, 1)


def test_the_client_tries_again_after_an_error(library: Library) -> None:
    library.suite.refuse(500, retry_after=0.01)
    with library.client.with_options(max_retries=1) as client:
        create = client.chat.completions.create
        assert create(model=NAME, messages=[{"role": "user", "content": "Hello."}]).choices
    assert [one.outcome for one in library.suite.requests] == ["refused", "completed"]
    assert library.suite.requests[1].headers["x-stainless-retry-count"] == "1"


def test_a_stream_is_cut_after_its_first_tokens(library: Library) -> None:
    library.suite.say("Dune", " and", " Emma")
    library.suite.cut(after=2)
    pieces = library.pieces("Which books?")
    assert [next(pieces), next(pieces), next(pieces)] == ["", "Dune", " and"]
    with pytest.raises(openai.APIConnectionError):
        next(pieces)
    library.suite.cut()
    with pytest.raises(openai.APIConnectionError):
        library.ask("Which books?")
    assert library.suite.counts.broken == 2


def test_a_chunk_is_malformed(library: Library) -> None:
    library.suite.garble(after=1)
    with pytest.raises(json.JSONDecodeError):
        list(library.pieces("Which books?"))
    library.suite.garble()
    with pytest.raises(json.JSONDecodeError):
        library.ask("Which books?")
    assert library.suite.counts.broken == 2


def test_a_stall_lasts_until_it_is_released(library: Library) -> None:
    library.suite.say("Dune", " and", " Emma")
    library.suite.stall(after=1)
    pieces = library.pieces("Which books?")
    assert [next(pieces), next(pieces)] == ["", "Dune"]
    assert library.suite.counts.running == 1
    library.suite.release()
    assert "".join(pieces) == " and Emma"


@pytest.mark.parametrize("path", ["chat", "responses"])
def test_who_leaves_is_counted_at_once(library: Library, path: str) -> None:
    library.suite.stall(after=2)
    if path == "chat":
        pieces = library.pieces("Who wrote Dune?")
        next(pieces)
        pieces.close()  # type: ignore[attr-defined] # a generator has it
    else:
        with library.client.responses.create(model=NAME, input="Dune?", stream=True) as stream:
            next(iter(stream))
    counts = library.suite.wait(lambda counts: counts.cancelled == 1)
    assert (counts.cancelled, counts.running) == (1, 0)
    assert counts.generated <= 2


def test_who_leaves_a_plain_answer_is_counted_too(library: Library) -> None:
    library.suite.stall()
    with pytest.raises(openai.APITimeoutError):
        library.ask("Who wrote Dune?", timeout=0.1)
    assert library.suite.wait(lambda counts: counts.cancelled == 1).cancelled == 1


def test_slow_tokens_take_their_time(library: Library) -> None:
    library.suite.say("a", "b", "c", "d")
    library.suite.slow(0.02)
    first, *rest = library.pieces("Which letters?")
    assert (first, "".join(rest)) == ("", "abcd")


def test_a_script_may_wait_for_its_prompt(library: Library) -> None:
    library.suite.refuse(500, times=None, match="Dune")
    assert library.ask("Who wrote Emma?")
    for _ in range(2):
        with pytest.raises(openai.InternalServerError):
            library.ask("Who wrote Dune?")


def test_a_header_scripts_without_the_control(library: Library) -> None:
    """A lesson can show what goes wrong with the client alone."""
    for header, error in (
        ("refuse; status=429; retry_after=2", openai.RateLimitError),
        ("cut", openai.APIConnectionError),
        ("explode", openai.BadRequestError),
    ):
        with pytest.raises(error):
            library.ask("Hello.", extra_headers={"X-Fault": header})


def test_a_lab_cannot_forge_the_counts(library: Library) -> None:
    root = str(library.client.base_url).removesuffix("/v1/")
    library.ask("Hello.")
    assert httpx.get(f"{root}/counts").json()["completed"] == 1
    for method, path in (("GET", "control"), ("POST", "control/reset")):
        assert httpx.request(method, f"{root}/{path}").status_code == 404
    assert library.suite.counts.completed == 1


def test_the_users_own_provider_is_used_but_cannot_be_scripted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://models.example/v1")
    with Services() as services, pytest.raises(EnvironmentFaultError, match="OPENAI_API_KEY is"):
        services.prepare(["model"])
    monkeypatch.setenv("OPENAI_API_KEY", "sk-theirs")
    with Services() as services:
        address = services.prepare(["model"])["model"]
    assert address.env["OPENAI_BASE_URL"] == "https://models.example/v1"
    with pytest.raises(EnvironmentFaultError, match="neither scripted nor counted") as caught:
        Model(address.control, address.env)
    assert "Unset OPENAI_BASE_URL" in caught.value.remedy
