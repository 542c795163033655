"""What 5.1.6 asks: an OpenAPI document that tells people and programs the truth.

Book 2 is reserved from the start; no check reserves another, so that each card fits a fresh lab.
"""

import random
import re

import pytest

from checker.judge.api import Fake, Lab, Launch

JSON = "application/json"
NOTE = "ask Wei"
OPERATION_IDS = {
    "GET /books": "search_books",
    "GET /books/{book_id}": "read_book",
    "POST /books/{book_id}/reservation": "reserve_book",
    "POST /loans": "create_loan",
    "GET /loans/{card}": "list_loans",
    "GET /health": "check_health",
    "GET /catalogue": "list_catalogue",
}
PAGES = ["/docs", "/redoc"]


def loaded_by(page: str) -> list[str]:
    """List the addresses that a page of HTML loads scripts, styles and icons from."""
    return re.findall(r"(?:src|href)=\"([^\"]*)\"", page)


def resolve(document: dict[str, object], schema: dict[str, object]) -> dict[str, object]:
    """Follow a `$ref` to the schema that it names."""
    found: object = document
    for step in str(schema["$ref"]).split("/")[1:] if "$ref" in schema else []:
        found = found[step] if isinstance(found, dict) else None
    return found if "$ref" in schema and isinstance(found, dict) else schema


def loan_examples(lab: Lab) -> list[dict[str, object]]:
    """List the whole bodies that the document offers for POST /loans."""
    document = lab.openapi()
    content = document["paths"]["/loans"]["post"]["requestBody"]["content"][JSON]
    examples = content.get("examples", {})
    assert isinstance(examples, dict), (
        "`openapi_examples` is a list here; it is a dict that leads from a name to an example."
    )
    named = list(examples.values())
    assert all("value" in one for one in named), (
        "An example of the body has no `value`: each name leads to an object whose `value` is the "
        "body itself."
    )
    schema = resolve(document, content["schema"])
    listed = schema.get("examples", [])
    return [one["value"] for one in named] + (listed if isinstance(listed, list) else [])


def refusal_in(body: object) -> str | None:
    """Give the reason of a 422; None for the body of another answer."""
    errors = body.get("detail") if isinstance(body, dict) else None
    return str(errors[0]["msg"]) if errors else None


@pytest.mark.task("introduce_api")
def test_document_introduces_the_library(lab: Lab) -> None:
    """The document names title, version, summary, contact and license."""
    info = lab.openapi()["info"]
    assert info["title"] == "Lending library"
    assert info["version"] == "2.1.0"
    assert info["summary"] == "Find, reserve and borrow books."
    assert info["contact"] == {"name": "Front desk", "email": "desk@library.example"}
    assert info["license"] == {"name": "MIT License", "identifier": "MIT"}


@pytest.mark.task("introduce_api")
def test_loans_are_tagged(lab: Lab) -> None:
    """The operations below /loans have the tag `loans`."""
    paths = lab.openapi()["paths"]
    assert paths["/loans"]["post"]["tags"] == ["loans"]
    assert paths["/loans/{card}"]["get"]["tags"] == ["loans"]


@pytest.mark.task("introduce_api")
def test_tags_are_described(lab: Lab) -> None:
    """The document describes the tags `books` and `loans`."""
    tags = lab.openapi()["tags"]
    described = sorted(tag["name"] for tag in tags if tag.get("description"))
    assert described == ["books", "loans"], (
        "The tags described are not exactly `books` and `loans`, spelt as the operations spell "
        f"them, but: {', '.join(described)}."
    )


@pytest.mark.task("name_operations")
def test_operations_are_named_after_functions(lab: Lab) -> None:
    """Each operation id is the name of the function, without path and method."""
    paths = lab.openapi()["paths"]
    ids = {
        f"{method.upper()} {path}": operation["operationId"]
        for path, operations in paths.items()
        for method, operation in operations.items()
        if f"{method.upper()} {path}" in OPERATION_IDS
    }
    wrong = [f"{name} has {ids[name]}" for name in ids if ids[name] != OPERATION_IDS[name]]
    assert wrong == [], f"Some operation ids are not the name of their function: {wrong[0]}."


@pytest.mark.task("describe_search")
def test_search_has_a_summary(lab: Lab) -> None:
    """GET /books has the summary `Search the catalogue`."""
    operation = lab.openapi()["paths"]["/books"]["get"]
    assert operation["summary"] == "Search the catalogue"


@pytest.mark.task("describe_search")
def test_search_is_described_without_the_note(lab: Lab) -> None:
    """GET /books has its description, and the note for us is nowhere in the document."""
    operation = lab.openapi()["paths"]["/books"]["get"]
    assert operation["description"] == (
        "Find books by words of their title or author. Use it to learn the number of a book."
    )
    text = lab.get("/openapi.json").text
    assert NOTE not in text


@pytest.mark.task("describe_search")
def test_parameters_are_described(lab: Lab) -> None:
    """GET /books describes its parameters `q` and `limit`."""
    parameters = lab.openapi()["paths"]["/books"]["get"]["parameters"]
    described = [one["name"] for one in parameters if one.get("description")]
    assert described == ["q", "limit"], (
        f"These parameters of GET /books have a description: {described or 'none'}."
    )


@pytest.mark.task("describe_search")
def test_search_still_searches(lab: Lab, rng: random.Random) -> None:
    """GET /books still finds books, and refuses a limit of 51 with 422."""
    word, number = rng.choice([("kindred", 2), ("Lem", 4), ("fair", 3), ("summer", 1)])
    response = lab.get("/books", params={"q": word})
    assert response.status_code == 200
    assert [book["id"] for book in response.json()] == [number]
    refused = lab.get("/books", params={"limit": 51})
    assert refused.status_code == 422


@pytest.mark.task("document_errors")
@pytest.mark.parametrize("method, path", [("get", ""), ("post", "/reservation")])
def test_missing_book_is_answered_as_documented(
    lab: Lab, rng: random.Random, method: str, path: str
) -> None:
    """A 404 of these routes is in the document, and the answer fits the model named there."""
    number = rng.randint(1_000, 9_999)
    check_documented(lab, method, path, 404, number, f"No book {number}")


@pytest.mark.task("document_errors")
def test_reserved_book_is_answered_as_documented(lab: Lab) -> None:
    """The 409 of a reservation is in the document, and the answer fits the model named there."""
    check_documented(lab, "post", "/reservation", 409, 2, "Book 2 is reserved")


def check_documented(
    lab: Lab, method: str, path: str, status: int, number: int, detail: str
) -> None:
    """Compare an error that a route answers with what the document says of it."""
    document = lab.openapi()
    responses = document["paths"]["/books/{book_id}" + path][method]["responses"]
    assert str(status) in sorted(responses), (
        f"The document does not know the {status} of {method.upper()} /books/{{book_id}}{path}."
    )
    content = responses[str(status)].get("content", {})
    assert JSON in content, (
        f"The document says that there is a {status}, but not what its body looks like."
    )
    schema = resolve(document, content[JSON].get("schema", {}))
    response = lab.request(method.upper(), f"/books/{number}{path}")
    assert response.status_code == status
    assert response.json() == {"detail": detail}
    promised = schema.get("properties", {})
    assert isinstance(promised, dict)
    assert sorted(promised) == ["detail"], (
        f"The answer has the key `detail`; the model in the document has "
        f"{', '.join(sorted(promised)) or 'none'}."
    )
    assert promised["detail"].get("type") == "string", (
        "The answer's `detail` is a string; the model in the document says something else."
    )


@pytest.mark.task("describe_loan")
def test_request_and_answer_have_their_own_schema(lab: Lab) -> None:
    """The document has the schemas LoanIn and Loan, in place of Loan-Input and Loan-Output."""
    document = lab.openapi()
    schemas = document["components"]["schemas"]
    loans = sorted(name for name in schemas if name.startswith("Loan"))
    assert loans == ["Loan", "LoanIn"], f"The schemas of a loan are called {' and '.join(loans)}."
    operation = document["paths"]["/loans"]["post"]
    answered = operation["responses"]["201"]["content"][JSON]["schema"]
    assert answered == {"$ref": "#/components/schemas/Loan"}


@pytest.mark.task("describe_loan")
def test_deposit_is_documented_as_it_is_answered(lab: Lab, rng: random.Random) -> None:
    """POST /loans answers the deposit as a string, and the schema Loan says so."""
    deposit = f"{rng.randint(1, 99)}.50"
    response = lab.post("/loans", json={"book_id": 1, "card": "R0001", "deposit": float(deposit)})
    assert response.status_code == 201
    assert float(response.json()["deposit"]) == float(deposit)
    promised = lab.openapi()["components"]["schemas"]["Loan"]["properties"]["deposit"]
    assert promised.get("type") == "string", (
        "The answer's deposit is a string; the schema Loan promises something else."
    )


@pytest.mark.task("describe_loan")
def test_example_bodies_are_taken(lab: Lab) -> None:
    """POST /loans offers two example bodies or more, and takes each of them."""
    examples = loan_examples(lab)
    assert len(examples) >= 2, f"POST /loans offers {len(examples)} example bodies."
    for body in examples:
        response = lab.post("/loans", json=body)
        assert response.status_code in {201, 422}
        refusal = refusal_in(response.json())
        assert refusal is None, f"POST /loans refuses its own example body: {refusal}."


@pytest.mark.task("describe_loan")
@pytest.mark.parametrize("field", ["book_id", "card", "deposit"])
def test_example_values_are_taken(lab: Lab, rng: random.Random, field: str) -> None:
    """Each field of LoanIn has example values, and POST /loans takes each of them."""
    described = lab.openapi()["components"]["schemas"]["LoanIn"]["properties"][field]
    assert described.get("examples"), f"The field `{field}` of LoanIn has no examples."
    body = {"book_id": 1, "card": f"R{rng.randint(1000, 9999)}"}
    for value in described["examples"]:
        response = lab.post("/loans", json={**body, field: value})
        assert response.status_code in {201, 422}
        refusal = refusal_in(response.json())
        assert refusal is None, (
            f"POST /loans refuses the example {value!r} of `{field}`: {refusal}."
        )


@pytest.mark.task("describe_loan")
def test_card_is_still_checked(lab: Lab, fake: Fake) -> None:
    """POST /loans still refuses a card that is no R with four digits."""
    response = lab.post("/loans", json={"book_id": 1, "card": fake.word()})
    assert response.status_code == 422


@pytest.mark.task("retire_routes")
def test_catalogue_is_deprecated_and_works(lab: Lab) -> None:
    """GET /catalogue stands in the document as deprecated, and still answers 200."""
    response = lab.get("/catalogue")
    assert response.status_code == 200
    paths = lab.openapi()["paths"]
    assert "/catalogue" in sorted(paths), (
        "GET /catalogue is not in the document; its clients would not learn that it is going."
    )
    assert paths["/catalogue"]["get"].get("deprecated") is True, (
        "The document does not mark GET /catalogue as deprecated."
    )


@pytest.mark.task("retire_routes")
def test_reindex_is_hidden_and_works(lab: Lab) -> None:
    """POST /reindex is not in the document, and still answers 202."""
    response = lab.post("/reindex")
    assert response.status_code == 202
    paths = lab.openapi()["paths"]
    assert "/reindex" not in sorted(paths), (
        "POST /reindex stands in the document for everyone to read."
    )


@pytest.mark.task("host_docs")
@pytest.mark.parametrize("page", PAGES)
def test_page_loads_only_from_our_assets(lab: Lab, page: str) -> None:
    """Each page answers 200, reads /openapi.json and loads all else from /assets/."""
    response = lab.get(page)
    assert response.status_code == 200
    assert "/openapi.json" in response.text
    found = loaded_by(response.text)
    script = "swagger-ui-bundle.js" if page == "/docs" else "redoc.standalone.js"
    foreign = [address for address in found if not address.startswith("/assets/")]
    assert foreign == [], f"{page} loads something from elsewhere: {foreign[0]}."
    assert f"/assets/{script}" in found, f"{page} does not load /assets/{script}."


@pytest.mark.task("host_docs")
def test_pages_are_not_in_the_document(lab: Lab) -> None:
    """The document does not list /docs and /redoc as operations."""
    paths = lab.openapi()["paths"]
    listed = [page for page in PAGES if page in paths]
    assert listed == [], f"The document lists {listed[0]} as an operation of the library."


@pytest.mark.task("host_docs")
def test_docs_can_be_turned_off(launch: Launch) -> None:
    """With LIBRARY_DOCS=off pages and document are 404, and the library still works."""
    quiet = launch(env={"LIBRARY_DOCS": "off"})
    for path in [*PAGES, "/openapi.json"]:
        response = quiet.get(path)
        assert response.status_code == 404
    assert quiet.get("/books/1").status_code == 200
