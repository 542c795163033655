"""The tables of the store."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, LargeBinary, MetaData, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
from sqlalchemy.types import TypeDecorator

VERSION = 2


class Moment(TypeDecorator[datetime]):
    """A point in time; SQLite forgets the zone, so it is kept in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give what is stored."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give what was meant."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(MappedAsDataclass, DeclarativeBase):
    """Base of the tables."""

    metadata = MetaData()
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        dict[str, Any]: JSON,
        list[Any]: JSON,
        datetime: Moment,
    }


class Setting(Base):
    """A fact about the whole store."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class StudentRow(Base):
    """A student, in the order of the class."""

    __tablename__ = "students"

    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    name: Mapped[str]
    email: Mapped[str]
    login: Mapped[str]
    section: Mapped[str]
    standing: Mapped[str]
    columns: Mapped[dict[str, Any]]


class SubmissionRow(Base):
    """What a student handed in; the latest counts."""

    __tablename__ = "submissions"

    student: Mapped[str] = mapped_column(ForeignKey("students.id"), primary_key=True)
    source: Mapped[str]
    lms_id: Mapped[str]
    submitted_at: Mapped[datetime | None]
    late: Mapped[bool | None]


class FindingRow(Base):
    """An oddity; those of results are found anew from the results."""

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    student: Mapped[str | None] = mapped_column(index=True)
    topic: Mapped[str | None]
    kind: Mapped[str]
    message: Mapped[str]
    refused: Mapped[bool]


class TopicRow(Base):
    """A topic of the manifest, in order; `tasks` are lists of id, title and points."""

    __tablename__ = "topics"

    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int]
    title: Mapped[str]
    suite: Mapped[str]
    tasks: Mapped[list[Any]]


class AnswerRow(Base):
    """A topic that was handed in; `due` names the result that it must get."""

    __tablename__ = "answers"

    student: Mapped[str] = mapped_column(ForeignKey("students.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    due: Mapped[str] = mapped_column(index=True)


class BlobRow(Base):
    """The content of a file, compressed, by the digest of what it was."""

    __tablename__ = "blobs"

    digest: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class FileRow(Base):
    """A file of an answer; `code` is the digest of all its files."""

    __tablename__ = "files"

    code: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    blob: Mapped[str] = mapped_column(ForeignKey("blobs.digest"))


class ResultRow(Base):
    """A verdict. `name` is a digest of all that it hangs on; `repeat` 0 is the one that counts."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("name", "repeat"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str]
    repeat: Mapped[int]
    student: Mapped[str] = mapped_column(index=True)
    topic: Mapped[str]
    verdict: Mapped[str]
    earned: Mapped[dict[str, Any]]
    seconds: Mapped[float]
    judged_at: Mapped[datetime]
    tries: Mapped[int]
    remarks: Mapped[list[Any]]
    receipt: Mapped[dict[str, Any]]
    report: Mapped[bytes] = mapped_column(LargeBinary)
