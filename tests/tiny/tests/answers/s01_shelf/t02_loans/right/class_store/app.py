import itertools

from fastapi import FastAPI, Response
from pydantic import BaseModel

app = FastAPI()
numbers = itertools.count(7)


class NewLoan(BaseModel):
    book: int
    reader: str


class Loan(NewLoan):
    id: int


store: list[Loan] = []


@app.post("/loans", status_code=201)
async def lend(new: NewLoan) -> Loan:
    store.append(Loan(id=next(numbers), **new.model_dump()))
    return store[-1]


@app.delete("/loans/{number}")
async def give_back(number: int) -> Response:
    for loan in store:
        if loan.id == number:
            store.remove(loan)
            return Response(status_code=204)
    return Response(status_code=404)
