"""Templates of the pages: every value is escaped, and shown where it would act."""

import base64
import hashlib
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checker.harmless import clean
from checker.render.layout import card_rows, card_title, task_rows
from checker.render.prose import parts


def render(template: str, **values: object) -> bytes:
    """Fill in a template of this package."""
    return environment().get_template(template).render(**values).encode()


@cache
def environment() -> Environment:
    """Give the environment of the templates."""
    made = Environment(
        loader=PackageLoader("checker.grading.export"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.globals |= {
        "card_rows": card_rows,
        "card_title": card_title,
        "task_rows": task_rows,
        "parts": parts,
        "style": Markup(source("style.css")),
    }
    return made


def source(name: str) -> str:
    """Give a file beside the templates as it is."""
    text, _, _ = PackageLoader("checker.grading.export").get_source(Environment(), name)
    return text


def script(name: str) -> tuple[Markup, str]:
    """Give a script and the digest by which a page allows this one and no other."""
    text = source(name)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"


def _finalize(value: object) -> object:
    return clean(value) if type(value) is str else value
