"""What 5.1.2 asks."""

import pytest

from checker.judge.api import Fake, Lab, Model


@pytest.mark.task("ask")
def test_the_answer_is_the_models(lab: Lab, model: Model, fake: Fake) -> None:
    """GET /ask answers what the model generated for this very question."""
    question = f"Who wrote {fake.title()}?"
    response = lab.get("/ask", params={"question": question})
    assert response.status_code == 200
    assert [one.messages[-1]["content"] for one in model.requests] == [question]
    assert response.text == model.requests[0].text


@pytest.mark.task("ask")
def test_tokens_come_while_others_are_generated(lab: Lab, model: Model) -> None:
    """The first tokens arrive before the last is generated, newlines and all."""
    model.say("Dune", "\n", "Emma", "\n\n", "Solaris")
    model.stall(after=2)
    with lab.stream("GET", "/ask", params={"question": "Which books?"}) as response:
        parts = response.iter_text()
        assert next(parts, "") == "Dune"
        assert model.counts.running == 1
        model.release()
        assert "".join(parts) == "\nEmma\n\nSolaris"


@pytest.mark.task("stop")
def test_a_reader_who_leaves_stops_the_generation(lab: Lab, model: Model) -> None:
    """The model hears at once when the reader has left."""
    model.stall(after=3)
    with lab.stream("GET", "/ask", params={"question": "Who wrote Emma?"}) as response:
        assert next(response.iter_text(), "")
    counts = model.wait(lambda counts: counts.cancelled == 1)
    assert counts.cancelled == 1, "The model went on generating for a reader who had left."
    assert counts.generated <= 3
