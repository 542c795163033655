"""Issue tokens, as the library's login does; `python -m library.tokens Ada` prints one.

Leave this file alone.
"""

import sys
import time

import jwt

from .settings import settings


def make_token(name: str, seconds: int = 3600) -> str:
    """Give a token that names a reader, valid for some seconds."""
    claims = {"sub": name, "exp": int(time.time()) + seconds}
    return jwt.encode(claims, settings.key.get_secret_value(), algorithm="HS256")


if __name__ == "__main__":
    sys.stdout.write(make_token(sys.argv[1]) + "\n")
