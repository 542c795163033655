"""Sign the tokens that a suite sends: good ones, and those that a lab must refuse."""

from collections.abc import Mapping


def sign_token(claims: Mapping[str, object], key: str, algorithm: str = "HS256") -> str:
    """Give a JSON Web Token (RFC 7519).

    Args:
        claims: what it says; times are in seconds since the epoch.
        key: the secret; empty for the algorithm `none`.
        algorithm: how it is signed; `none` leaves it unsigned.
    """
    import jwt  # only suites about tokens need it

    return jwt.encode(dict(claims), key, algorithm)
