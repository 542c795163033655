"""Any value as JSON data."""


def validation_errors(error: BaseException) -> list[dict[str, object]] | None:
    """Give the entries of a pydantic or FastAPI validation error as JSON data; None for others."""
    from fastapi.exceptions import ValidationException
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return jsonable_list(error.errors(include_url=False))
    if isinstance(error, ValidationException):
        return jsonable_list(list(error.errors()))
    return None


def jsonable_list(value: object) -> list[dict[str, object]]:
    """Turn a list of error entries into JSON data."""
    data = jsonable(value)
    return data if isinstance(data, list) else []


def jsonable(value: object) -> object:
    """Turn any value into JSON data, what has none into its repr; a secret stays hidden."""
    from pydantic_core import to_jsonable_python

    try:
        return to_jsonable_python(value, fallback=_text)
    except Exception:  # noqa: BLE001  # whatever a learner's serializer raises
        return _text(value)


def _text(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # noqa: BLE001  # any error of the learner's __repr__
        return f"<{type(value).__name__} whose repr cannot be made>"
