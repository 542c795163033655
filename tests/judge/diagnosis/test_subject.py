"""What a suite's assertion looked at, read from its syntax tree."""

import ast

import pytest

from checker.judge.diagnosis.difference import path_text
from checker.judge.diagnosis.scope import Scope
from checker.judge.diagnosis.subject import asserted_subject, subscripts


def _scope(text: str, **values: object) -> Scope:
    tree = ast.parse(text)
    return Scope(tree, len(text.splitlines()), values)


@pytest.mark.parametrize(
    "text, about, path",
    [
        ("assert lab.get('/').status_code == 200", "status", "body"),
        ("r = lab.get('/')\nassert r.json()['a'][0] == 1", "body", 'body["a"][0]'),
        ("r = lab.get('/')\nb = r.json()\nassert b['t'] == title", "body", 'body["t"]'),
        ("assert r.headers['location'] == x", "header", 'body["location"]'),
        ("assert r.headers.get('etag') is not None", "header", 'body["etag"]'),
        ("assert 'password' not in r.json()", "body", "body"),
        ("assert [b['t'] for b in r.json()] == titles", "body", 'body[…]["t"]'),
        ("assert len(r.json()) == 2", "body", "body"),
        ("assert max(r.elapsed for r in rs) < limit", "duration", "body"),
        ("assert lab.call('app:f', 1) == 2", "value", "body"),
        ("assert 'x' in lab.log", "log", "body"),
        ("assert lab.run('a').code == 0", "code", "body"),
        ("doc = lab.openapi()\nassert doc['paths'] == {}", "body", 'body["paths"]'),
    ],
)
def test_the_subject_of_an_assertion(text: str, about: str, path: str) -> None:
    subject = asserted_subject(_scope(text))
    assert subject is not None
    assert subject.about == about
    assert path_text(subject.path) == path


@pytest.mark.parametrize(
    "text", ["assert x == 1", "assert f(g) and h", "x = 1", "a = a\nassert a == 1"]
)
def test_what_is_about_no_answer_has_no_subject(text: str) -> None:
    assert asserted_subject(_scope(text)) is None


def test_an_index_variable_is_looked_up() -> None:
    subject = asserted_subject(_scope("assert r.json()[index] == 1", index=3))
    assert subject is not None
    assert subject.path == (3,)


def test_what_a_statement_reads_is_found() -> None:
    found = list(subscripts(_scope("title = lab.get('/').json()['book']['title']")))
    assert ("book", "title") in [one.path for one in found]


def test_statuses_asserted_before_are_known() -> None:
    scope = _scope("assert r.status_code == 422\nassert s.status_code in (200, 201)\nx = 1")
    assert scope.statuses_asserted() == ({422, 200, 201}, False)
