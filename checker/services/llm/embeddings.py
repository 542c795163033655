"""`POST /v1/embeddings`: texts that share words lie near each other."""

import base64
import hashlib
import math
import struct
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from checker.services.llm.chat import Loose
from checker.services.llm.words import content_words, count

JSON = Any
DIMENSIONS = 256


class EmbeddingRequest(Loose):
    """The body of a request."""

    model: str
    input: str | list[str]
    dimensions: int = Field(default=DIMENSIONS, ge=1, le=4096)
    encoding_format: Literal["float", "base64"] = "float"

    @property
    def texts(self) -> list[str]:
        """The texts to embed."""
        return [self.input] if isinstance(self.input, str) else self.input


def embed(request: EmbeddingRequest) -> JSON:
    """Give the body of the answer."""
    read = sum(count(text) for text in request.texts)
    data = []
    for place, text in enumerate(request.texts):
        vector: JSON = vector_of(text, request.dimensions)
        if request.encoding_format == "base64":
            vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": place, "embedding": vector})
    usage = {"prompt_tokens": read, "total_tokens": read}
    return {"object": "list", "data": data, "model": request.model, "usage": usage}


def vector_of(text: str, dimensions: int) -> list[float]:
    """Sum a direction for each word and each three letters of it; give the sum a length of 1."""
    vector = [0.0] * dimensions
    for feature, weight in _features(text):
        digest = hashlib.blake2b(feature.encode(), digest_size=8).digest()
        number = int.from_bytes(digest, "big")
        vector[(number >> 1) % dimensions] += weight if number & 1 else -weight
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else [1.0, *vector[1:]]


def _features(text: str) -> Iterator[tuple[str, float]]:
    for word in content_words(text):
        yield word, 1.0
        for start in range(len(word) - 2):
            yield f"~{word[start : start + 3]}", 0.2
