"""Explain a lab that does not load or does not start."""

import re
from collections.abc import Callable

from checker.host.facts import Frame, Problem, Raised
from checker.judge.diagnosis.ending import explain_end, explain_slowness
from checker.judge.diagnosis.exceptions import meaning_of
from checker.judge.diagnosis.parts import place
from checker.judge.diagnosis.server_error import calls, raised_words
from checker.judge.diagnosis.values import join_words, unmarked
from checker.judge.evidence import LaunchFailed
from checker.report import Card, Kind, Location


def explain_launch(failed: LaunchFailed) -> Card:
    """Write the card of a launch that failed."""
    if failed.problem is not None:
        return BY_PROBLEM.get(failed.problem["kind"], _load_error)(failed.problem)
    if failed.ended is not None:
        return explain_end(failed.ended)
    return explain_slowness(failed)


def _syntax_error(problem: Problem) -> Card:
    file, line = problem.get("file", "app.py"), problem.get("line", 1)
    source = problem.get("source", "").rstrip("\n")
    message = problem["message"].rstrip(".")
    step = next((step for words, step in SYNTAX_STEPS if words in message), "")
    indent = len(source) - len(source.lstrip())
    column = max(problem.get("column", 1) - indent, 1)
    return Card(
        kind=Kind.SYNTAX_ERROR,
        headline=f"Python cannot read {file}: {message}{'' if message.endswith('?') else '.'}",
        where=Location(file=file, line=max(line, 1), source=source.strip() or None, column=column),
        why=("Nothing of the file runs before all of it can be read, so no task was judged.",),
        next_step=step or f"Correct line {line}, or the line above it.",
    )


SYNTAX_STEPS = (
    ("was never closed", "Close the bracket that this line opens."),
    ("unmatched", "Remove the bracket, or open it before."),
    ("expected ':'", "Put a colon at the end of the line."),
    ("unterminated", "Close the quotes."),
    ("expected an indented block", "Indent the line below the colon by four spaces."),
    ("unexpected indent", "Remove the spaces at the beginning of the line."),
    ("unindent does not match", "Indent the line exactly like the others of its block."),
    ("inconsistent use of tabs", "Indent with spaces only."),
    ("forgot a comma", "Put a comma between the two values."),
    ("Maybe you meant '=='", "Write `==` to compare."),
    ("'await' outside async function", "Write `async def`, or remove the `await`."),
)


def _encoding(problem: Problem) -> Card:
    file, message = problem.get("file", "app.py"), problem["message"].rstrip(".")
    found = re.search(r"\bline (\d+)", message)
    if "byte order mark" in message:
        step = "Delete the invisible character: retype the beginning of this line."
    elif "NUL" in message:
        step = "Delete the NUL byte, or take the file back with `checker undo`."
    else:
        step = f"Save {file} anew in your editor with the encoding UTF-8."
    return Card(
        kind=Kind.ENCODING,
        headline=f"Python cannot read {file}: {_lower(message)}.",
        where=Location(file=file, line=int(found[1])) if found else None,
        why=("Python reads source files as plain UTF-8 text.",),
        next_step=step,
    )


def _empty_file(problem: Problem) -> Card:
    file = problem.get("file", "app.py")
    return Card(
        kind=Kind.EMPTY_FILE,
        headline=f"{file} is empty.",
        why=("Perhaps it was saved before its text arrived, or cleared by mistake.",),
        next_step="Take it back with `checker undo`, or begin anew with `checker reset`.",
    )


def _import_error(problem: Problem) -> Card:
    raised = problem.get("raised")
    frame = _last(raised)
    module, name = problem.get("module", ""), problem.get("name")
    suggestions = [f"`{one}`" for one in problem.get("suggestions", [])]
    if "circular import" in problem["message"] and frame:
        headline = f"{frame['file']} and the module `{module}` import each other."
    elif name:
        headline = f"The module `{module}` has no `{name}` to import."
    elif module:
        headline = f"There is no module `{module}` to import."
    else:
        headline = f"An import failed: {raised_words(raised) if raised else problem['message']}."
    why, step = _import_reason(problem, frame, suggestions)
    return Card(
        kind=Kind.IMPORT_ERROR,
        headline=headline,
        got=raised_words(raised) if raised else None,
        where=place(frame),
        why=why,
        next_step=step,
    )


def _import_reason(
    problem: Problem, frame: Frame | None, suggestions: list[str]
) -> tuple[tuple[str, ...], str]:
    module, name = problem.get("module", ""), problem.get("name")
    if "/" in module:
        dotted = module.removesuffix(".py").replace("/", ".")
        return ("A module's name has dots where its path has slashes.",), f"Write `{dotted}`."
    top = module.partition(".")[0]
    shadow = frame["file"] if frame and frame["file"] in {f"{top}.py", f"{top}/__init__.py"} else ""
    if shadow or "partially initialized" in problem["message"]:
        if (shadow and name) or (shadow and module != top):
            return (
                (
                    f"Your file {shadow} has the name of the package `{top}`, so Python "
                    "imports it instead."
                ),
            ), f"Rename {shadow}."
        return (
            "Two modules import each other, and one is needed before it is complete.",
        ), "Move what both need into a third module, or import it inside the function."
    if suggestions:
        return (
            f"A similar name is {join_words(suggestions, 'or')}.",
        ), f"Import {suggestions[0]} instead."
    if name:
        return (), f"Correct the name `{name}`, or define it in `{module}`."
    return (
        f"Neither the lab's folder nor the installed packages have a module `{module}`.",
    ), f"Correct the name `{module}`, or remove the import."


def _load_error(problem: Problem) -> Card:
    raised = problem.get("raised")
    explained = meaning_of(raised) if raised else None
    frame = _last(raised)
    words = raised_words(raised, 160) if raised else problem["message"]
    return Card(
        kind=Kind.LOAD_ERROR,
        headline=(
            f"{frame['file'] if frame else 'The lab'} raises an exception while it is "
            f"imported: {words}"
        ),
        got=raised_words(raised) if raised else None,
        where=place(frame),
        why=(
            "The code outside of functions runs when the module is imported.",
            *((explained[0],) if explained else ()),
        ),
        next_step=explained[1]
        if explained
        else "Correct the line, or move it into the function that needs it.",
        detail=calls(raised) if raised else None,
    )


def _no_app(problem: Problem) -> Card:
    file = problem.get("file", "app.py")
    if problem.get("missing_file"):
        return Card(
            kind=Kind.NO_APP,
            headline=f"The lab has no file {file}.",
            why=(f"The app is looked for in {file}.",),
            next_step="Give the file its name back, or take it back with `checker undo`.",
        )
    names = [f"`{name}`" for name in problem.get("names", [])[:12]]
    return Card(
        kind=Kind.NO_APP,
        headline=f"{file} has no variable `app`.",
        expected="a variable app that holds a FastAPI application",
        got=unmarked(f"the names {join_words(names)}") if names else "no names at all",
        next_step=f"Write `app = FastAPI()` at the top of {file}.",
    )


def _renamed_app(problem: Problem) -> Card:
    file, names = problem.get("file", "app.py"), problem.get("names", [])
    named = join_words([f"`{name}`" for name in names])
    return Card(
        kind=Kind.RENAMED_APP,
        headline=f"The application in {file} is called {named}, not `app`.",
        expected="a variable app that holds a FastAPI application",
        got=unmarked(f"a variable {named} that holds one"),
        why=("The server finds the application by its name.",),
        next_step=f"Rename `{names[0] if names else ''}` to `app`.",
    )


def _app_factory(problem: Problem) -> Card:
    file, names = problem.get("file", "app.py"), problem.get("names", [])
    name = names[0] if names else "create_app"
    return Card(
        kind=Kind.APP_FACTORY,
        headline=f"{file} makes its application in the function `{name}`, but nobody calls it.",
        expected="a variable app that holds a FastAPI application",
        got=f"a function {name} that returns one",
        next_step=f"Write `app = {name}()` at the end of {file}.",
    )


def _lifespan(problem: Problem) -> Card:
    raised = problem.get("raised")
    explained = meaning_of(raised) if raised else None
    words = raised_words(raised, 160) if raised else problem["message"]
    return Card(
        kind=Kind.LIFESPAN,
        headline=f"The app does not start: its lifespan raises {words}",
        got=raised_words(raised) if raised else None,
        where=place(_last(raised)),
        why=(
            (
                "What stands before `yield` in the lifespan runs before the first request; if "
                "it fails, the server ends."
            ),
            *((explained[0],) if explained else ()),
        ),
        next_step=explained[1]
        if explained
        else "Correct what leads to this exception before the `yield`.",
        detail=calls(raised) if raised else None,
    )


def _last(raised: Raised | None) -> Frame | None:
    return raised["frames"][-1] if raised and raised["frames"] else None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _forged(problem: Problem) -> Card:
    return Card(
        kind=Kind.LOAD_ERROR,
        headline=f"{problem['message']}.",
        why=("Only the checker speaks on this connection; the lab's code has written into it.",),
        next_step="Remove what writes to files and sockets that the code did not open.",
    )


BY_PROBLEM: dict[str, Callable[[Problem], Card]] = {
    "syntax_error": _syntax_error,
    "encoding": _encoding,
    "empty_file": _empty_file,
    "import_error": _import_error,
    "load_error": _load_error,
    "no_app": _no_app,
    "renamed_app": _renamed_app,
    "app_factory": _app_factory,
    "lifespan": _lifespan,
    "forged": _forged,
}
