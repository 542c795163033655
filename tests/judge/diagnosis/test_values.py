"""How values and names are put into words."""

import pytest

from checker.judge.diagnosis.values import sounds_secret


@pytest.mark.parametrize(
    "name", ["password", "password_hash", "api_key", "apiKey", "access_token", "SECRET", "salt"]
)
def test_a_secret_is_known_by_its_name(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "name", ["tokens", "max_tokens", "tokensUsed", "token_count", "keyboard", "monkeys", "title"]
)
def test_what_only_contains_such_a_word_is_no_secret(name: str) -> None:
    assert not sounds_secret(name)
