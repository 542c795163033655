"""The model as a FastAPI app: OpenAI's endpoints, and a control for suites.

    POST /v1/chat/completions    POST /v1/responses    POST /v1/embeddings
    GET  /v1/models              GET  /v1/models/{model}
    GET  /counts                 how many requests were asked, completed, cancelled, ...

A request with the header `X-Fault` goes wrong: `slow; seconds=0.1`, `stall; after=3`,
`refuse; status=429; retry_after=1`, `cut; after=3`, `garble; after=3`. Whoever knows the control
key may script faults for requests that do not ask for them, and read what was asked:

    GET /control    POST /control/script    POST /control/release    POST /control/reset
"""

import hashlib
import hmac
import json
from dataclasses import asdict
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from checker.services.llm.chat import ChatRequest, ChatShape
from checker.services.llm.embeddings import EmbeddingRequest, embed
from checker.services.llm.generation import CREATED, Generation, Shape, error, refusal
from checker.services.llm.mind import Message, Prompt, ToolCall
from checker.services.llm.responses import ResponseRequest, ResponseShape
from checker.services.llm.state import Record, Script, State, read_header, read_script
from checker.services.llm.words import tokens

JSON = Any
MODELS = ("library-1", "library-1-mini", "library-embed-1")
# Names of other providers are taken as well, so that a lab moves between them unchanged.
PREFIXES = ("gpt-", "text-embedding-", "library-")
CONTROL_HEADER = "x-control"
_KEPT_HEADERS = ("authorization", "user-agent", "x-request-id", "x-stainless-retry-count")

router = APIRouter(prefix="/v1")
control = APIRouter(prefix="/control")


def get_state(request: Request) -> State:
    """Give the state of this model."""
    state: State = request.app.state.model
    return state


StateDep = Annotated[State, Depends(get_state)]


class Refused(Exception):
    """Answer a request with an error in OpenAI's shape."""

    def __init__(self, response: Response) -> None:
        self.response = response


def require_key(request: Request, authorization: Annotated[str | None, Header()] = None) -> None:
    """Let pass who knows the key."""
    wanted = f"Bearer {request.app.state.key}"
    if authorization is None or not hmac.compare_digest(authorization.encode(), wanted.encode()):
        said = "You did not provide an API key." if not authorization else "Incorrect API key."
        raise Refused(
            error(401, f"{said} Read OPENAI_API_KEY.", "invalid_request_error", "invalid_api_key")
        )


def require_control(request: Request) -> None:
    """Let pass who knows the control key."""
    known = request.headers.get(CONTROL_HEADER, "")
    if not hmac.compare_digest(known.encode(), request.app.state.control.encode()):
        raise HTTPException(404)


class Order:
    """One request on its way: noted, its scripts taken, refused where they say so."""

    def __init__(self, record: Record, scripts: dict[str, Script]) -> None:
        self.record = record
        self.scripts = scripts
        body = json.dumps(record.body, sort_keys=True)
        self.key = hashlib.sha256(body.encode()).hexdigest()[:24]

    @classmethod
    async def take(cls, request: Request, state: State, model: str, prompt: str) -> Self:
        """Note a request and find out what shall happen to it."""
        body = await request.json()
        kept = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
        record = state.begin(request.url.path, kept, body, bool(body.get("stream")))
        scripts = state.scripts_for(prompt)
        if wanted := request.headers.get("x-fault"):
            try:
                script = read_header(wanted)
            except (ValueError, KeyError) as problem:
                record.outcome = "refused"
                raise Refused(error(400, f"X-Fault: {problem}", "invalid_request_error")) from None
            scripts[script.kind] = script
        if "refuse" in scripts:
            raise Refused(refusal(record, scripts["refuse"]))
        if not model.startswith(PREFIXES):
            record.outcome = "refused"
            message = f"The model `{model}` does not exist."
            raise Refused(error(404, message, "invalid_request_error", "model_not_found", "model"))
        return cls(record, scripts)

    def decide(
        self, prompt: Prompt, asked: ChatRequest | ResponseRequest
    ) -> tuple[list[str], ToolCall | None, str]:
        """Choose the tokens, the function to call, and the reason of the end."""
        call = self._call(prompt, asked)
        schema = asked.schema_wanted()
        if call is not None:
            return tokens(call.arguments), call, "tool_calls"
        if "say" in self.scripts:
            pieces = self.scripts["say"].pieces
        elif schema is not None:
            pieces = tokens(json.dumps(prompt.fill(schema)))
        else:
            text = prompt.answer()
            for stop in asked.stops:
                text = text.partition(stop)[0]
            pieces = tokens(text)
        if asked.most is not None and len(pieces) > asked.most:
            return pieces[: asked.most], None, "length"
        return pieces, None, "stop"

    def _call(self, prompt: Prompt, asked: ChatRequest | ResponseRequest) -> ToolCall | None:
        scripted = self.scripts.get("call")
        if scripted is not None:
            return ToolCall(scripted.name, json.dumps(scripted.arguments))
        if "say" in self.scripts:
            return None
        return prompt.tool_call(asked.functions(), asked.tool_choice)


def _text(prompt: Prompt) -> str:
    return "\n".join(message.text for message in prompt.messages)


@router.post("/chat/completions")
async def create_chat_completion(body: ChatRequest, request: Request, state: StateDep) -> Response:
    """Answer a chat."""
    prompt = body.prompt()
    order = await Order.take(request, state, body.model, _text(prompt))
    pieces, call, finish = order.decide(prompt, body)
    shape: Shape = ChatShape(body, order.key, prompt.tokens, call, finish)
    return Generation(state, order.record, shape, pieces, order.scripts)


@router.post("/responses")
async def create_response(body: ResponseRequest, request: Request, state: StateDep) -> Response:
    """Answer, and remember what was said for the next one."""
    before = [Message(**one) for one in state.answers.get(body.previous_response_id or "", [])]
    prompt = body.prompt(before)
    order = await Order.take(request, state, body.model, _text(prompt))
    pieces, call, finish = order.decide(prompt, body)
    said = [*before, *body.said(), Message("assistant", "".join(pieces))]
    state.answers[f"resp_{order.key}"] = [asdict(message) for message in said]
    shape: Shape = ResponseShape(body, order.key, prompt.tokens, call, finish)
    return Generation(state, order.record, shape, pieces, order.scripts)


@router.post("/embeddings")
async def create_embeddings(body: EmbeddingRequest, request: Request, state: StateDep) -> Response:
    """Embed texts."""
    order = await Order.take(request, state, body.model, "\n".join(body.texts))
    if "stall" in order.scripts:
        await state.wait_for_release()
    order.record.outcome = "completed"
    return JSONResponse(embed(body))


def _model(name: str) -> JSON:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "library"}


@router.get("/models")
async def list_models() -> JSON:
    """List the models."""
    return {"object": "list", "data": [_model(name) for name in MODELS]}


@router.get("/models/{model}")
async def get_model(model: str) -> JSON:
    """Describe a model."""
    if model not in MODELS:
        message = f"The model `{model}` does not exist."
        raise Refused(error(404, message, "invalid_request_error", "model_not_found", "model"))
    return _model(model)


@control.get("")
async def get_control(state: StateDep) -> JSON:
    """Tell counts and requests."""
    return state.data()


@control.post("/script", status_code=204)
async def add_script(body: dict[str, JSON], state: StateDep) -> None:
    """Let something happen to requests to come."""
    try:
        state.scripts.append(read_script(body))
    except (ValueError, TypeError) as problem:
        raise HTTPException(422, str(problem)) from problem


@control.post("/release", status_code=204)
async def release(state: StateDep) -> None:
    """Let go what is stalled."""
    state.release()


@control.post("/reset", status_code=204)
async def reset(state: StateDep) -> None:
    """Forget everything."""
    state.reset()


def create_app(key: str, control_key: str, seconds: float = 0.0) -> FastAPI:
    """Make the app.

    Args:
        key: what clients must send as their API key.
        control_key: what opens the control.
        seconds: between two tokens.
    """
    app = FastAPI(title="The library's model")
    app.state.model = State(seconds)
    app.state.key = key
    app.state.control = control_key
    app.include_router(router, dependencies=[Depends(require_key)])
    app.include_router(control, dependencies=[Depends(require_control)], include_in_schema=False)

    @app.get("/counts")
    async def get_counts(state: StateDep) -> JSON:
        """Tell how many requests were asked and how they ended."""
        return asdict(state.counts())

    @app.exception_handler(Refused)
    async def refuse(request: Request, refused: Refused) -> Response:
        del request
        return refused.response

    @app.exception_handler(RequestValidationError)
    async def explain(request: Request, problem: RequestValidationError) -> Response:
        del request
        first = problem.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        message = f"Invalid {place or 'body'}: {first['msg']}."
        return error(400, message, "invalid_request_error", param=place or None)

    return app
