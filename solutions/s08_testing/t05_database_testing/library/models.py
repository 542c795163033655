"""The library's tables."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Knows all tables."""


class Reader(Base):
    """Somebody who borrows."""

    __tablename__ = "readers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Book(Base):
    """A book; the 13 digits of its ISBN belong to no other."""

    __tablename__ = "books"

    id: Mapped[int] = mapped_column(primary_key=True)
    isbn: Mapped[int] = mapped_column(BigInteger, unique=True)
    title: Mapped[str]


class Loan(Base):
    """A book that a reader has, or has had: then `returned` says since when it is back."""

    __tablename__ = "loans"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id"))
    lent: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    returned: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
