from fastapi import FastAPI, HTTPException

app = FastAPI()
TITLES = {1: "Emma", 2: "Ulysses"}


@app.get("/books")
async def index() -> dict[str, list[dict[str, object]]]:
    return {"books": [{"title": title, "id": number} for number, title in TITLES.items()]}


@app.get("/books/{number}")
async def show(number: int) -> dict[str, object]:
    if number not in TITLES:
        raise HTTPException(status_code=404)
    return {"title": TITLES[number], "id": number}
