"""The module or name that a learner probably meant in an import."""

import difflib
import pkgutil
import sys
from collections.abc import Iterable

from .sources import Sources

# what a learner may write (a distribution's name) -> what to import
DISTRIBUTIONS = {
    "pyjwt": "jwt",
    "python_dotenv": "dotenv",
    "pyyaml": "yaml",
    "pillow": "PIL",
    "scikit_learn": "sklearn",
    "beautifulsoup4": "bs4",
    "python_jose": "jose",
    "python_dateutil": "dateutil",
    "opencv_python": "cv2",
    "psycopg2_binary": "psycopg2",
    "websocket_client": "websocket",
    "protobuf": "google.protobuf",
    "grpcio": "grpc",
    "pyzmq": "zmq",
    "prometheus": "prometheus_client",
    "strawberry_graphql": "strawberry",
    "settings": "pydantic_settings",
    "basesettings": "pydantic_settings",
}


def near_modules(name: str, sources: Sources) -> list[str]:
    """Give up to three modules that a missing one may have meant, the learner's own first."""
    known = DISTRIBUTIONS.get(name.lower().replace("-", "_"))
    found = [known] if known and known != name else []
    parent, _, last = name.rpartition(".")
    own = _own_modules(sources)
    found += [module for module in own if module.rpartition(".")[2] == last and module != name]
    found += near(name, own)
    if parent and parent in sys.modules:
        found += [f"{parent}.{child}" for child in near(last, _submodules(parent))]
    elif not parent:
        found += near(name, _installed())
    return list(dict.fromkeys(found))[:3]


def near_names(name: str, module: str, sources: Sources) -> list[str]:
    """Give what a module has under a name like the missing one, or where that very name is."""
    loaded = sys.modules.get(module)
    found = near(name, [known for known in vars(loaded or object) if not known.startswith("__")])
    for other in ("fastapi", "pydantic", "typing", "pydantic_settings", "fastapi.responses"):
        if other != module and hasattr(sys.modules.get(other), name):
            found.insert(0, f"{other}.{name}")
            break
    own = [known for known in _own_modules(sources) if known != module]
    found += [f"{other}.{name}" for other in own if hasattr(sys.modules.get(other), name)]
    return list(dict.fromkeys(found))[:3]


def near(name: str, names: Iterable[str]) -> list[str]:
    """Give the closest of some names, whatever their case."""
    by_lower: dict[str, str] = {}
    for known in names:
        by_lower.setdefault(known.lower(), known)
    return [by_lower[low] for low in difflib.get_close_matches(name.lower(), by_lower, 3, 0.7)]


def _own_modules(sources: Sources) -> list[str]:
    paths = (path.removesuffix(".py").removesuffix("/__init__") for path in sources.files())
    return [path.replace("/", ".") for path in paths if path != "__init__"]


def _installed() -> list[str]:
    names = {module.name for module in pkgutil.iter_modules()} | set(sys.stdlib_module_names)
    return sorted(name for name in names if not name.startswith("_"))


def _submodules(package: str) -> list[str]:
    path = getattr(sys.modules[package], "__path__", None)
    return [module.name for module in pkgutil.iter_modules(path)] if path else []
