"""Why a launch did not come up, found from the exception and the learner's files."""

import ast
import codecs
import io
import re
import sys
import tokenize

from .facts import Problem, Raised
from .sources import Sources, message_of
from .suggestions import near_modules, near_names

_CANNOT_IMPORT = re.compile(r"cannot import name '(?P<name>[^']+)' from .*?'(?P<module>[\w.]+)'")
_WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def explain(error: BaseException, sources: Sources, kind: str = "load_error") -> Problem:
    """Classify what was raised while the learner's code was imported or started."""
    error = sources.unwrap(error)
    if isinstance(error, SyntaxError):
        found = _syntax_problem(error, sources)
    elif isinstance(error, ImportError):
        found = _import_problem(error, sources)
    elif isinstance(error, ValueError) and "null bytes" in str(error):
        found = _encoding_somewhere(sources)
    else:
        found = None
    if found is not None and (kind == "load_error" or found["kind"] != "import_error"):
        return found
    return {"kind": kind, "message": message_of(error), "raised": sources.raised(error)}


def encoding_problem(path: str, data: bytes) -> Problem | None:
    """Find what keeps Python from reading a file as text; None when nothing does."""
    message = _encoding_message(data)
    if message is None or _compiles(data, path):
        return None
    return {"kind": "encoding", "message": message, "file": path}


def _compiles(data: bytes, path: str) -> bool:
    """Tell whether Python takes a file all the same: some versions skip bytes in comments."""
    try:
        compile(data, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _encoding_message(data: bytes) -> str | None:
    if data.startswith(_WIDE):
        wide = "UTF-32" if data.startswith(_WIDE[:2]) else "UTF-16"
        return f"the file is encoded as {wide}; Python reads UTF-8"
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        return f"line {line} holds a NUL byte"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except SyntaxError as error:
        return _undecodable(data) or str(error)
    except UnicodeDecodeError:
        return _undecodable(data) or "the file does not hold the encoding that it declares"
    if "\ufeff" in text[1:]:
        line = text[: text.index("\ufeff", 1)].count("\n") + 1
        return f"line {line} holds a byte order mark (U+FEFF), which belongs at the start only"
    return None


def _undecodable(data: bytes) -> str | None:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return f"line {line} holds a byte that is not UTF-8: 0x{data[error.start]:02x}"
    return None


def _encoding_somewhere(sources: Sources) -> Problem | None:
    for path in sources.files():
        problem = encoding_problem(path, (sources.folder / path).read_bytes())
        if problem is not None:
            return problem
    return None


def _syntax_problem(error: SyntaxError, sources: Sources) -> Problem | None:
    file = sources.relative(error.filename) if error.filename else None
    if "null bytes" in str(error) or "unicode error" in str(error):
        problem = _encoding_somewhere(sources)
        if problem is not None:
            return problem
    if file is None:
        return None
    problem = encoding_problem(file, (sources.folder / file).read_bytes())
    if problem is not None:
        return problem
    line = error.lineno or 1
    lines = (sources.folder / file).read_text("utf-8-sig", "replace").splitlines()
    source = lines[line - 1] if line <= len(lines) else (error.text or "")
    return {
        "kind": "syntax_error",
        "message": error.msg,
        "file": file,
        "line": line,
        "column": error.offset or 1,
        "source": source.rstrip("\n"),
    }


def _import_problem(error: ImportError, sources: Sources) -> Problem | None:
    """Tell what could not be imported; None when the error comes from no import statement."""
    raised = sources.raised(error)
    message = message_of(error)
    if not (error.name or _imported_at(raised)):
        return None
    problem: Problem = {
        "kind": "import_error",
        "message": message,
        "raised": raised,
        "module": error.name or _imported_at(raised),
        "name": None,
        "suggestions": [],
    }
    named = _CANNOT_IMPORT.search(message)
    if named:
        problem["module"], problem["name"] = named["module"], named["name"]
        if (file := _hiding_file(named["module"], sources)) is not None:
            problem["message"] = f"{file} has the name of another module, {named['module']}"
        elif "circular import" not in message:
            problem["suggestions"] = near_names(named["name"], named["module"], sources)
    elif isinstance(error, ModuleNotFoundError) and error.name:
        problem["suggestions"] = near_modules(error.name, sources)
    return problem


def _hiding_file(module: str, sources: Sources) -> str | None:
    """Find the learner's file whose name an installed module, imported instead, has too."""
    loaded = getattr(sys.modules.get(module), "__file__", None)
    file = module.replace(".", "/") + ".py"
    if loaded and not sources.relative(loaded) and (sources.folder / file).is_file():
        return file
    return None


def _imported_at(raised: Raised) -> str:
    """Read the module's name from the learner's import statement."""
    source = raised["frames"][-1]["source"] if raised["frames"] else ""
    try:
        statement = ast.parse(source).body[0] if source else None
    except SyntaxError:
        statement = None
    if isinstance(statement, ast.ImportFrom):
        return "." * statement.level + (statement.module or "")
    if isinstance(statement, ast.Import):
        return statement.names[0].name
    return ""
