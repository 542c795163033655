"""The services that a lesson may declare. A new one is a module here and an entry below."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spec:
    """What is known of a service before it runs.

    Args:
        name: as lessons declare it; the keeper is `checker.services.<name>`.
        title: as messages name it.
        variables: what a lab gets; whoever sets the first one brings a service of their own.
        preload: modules that labs use it with, imported once by the host.
        judge_preload: modules that a suite uses it with, imported once by the judge.
    """

    name: str
    title: str
    variables: tuple[str, ...]
    preload: tuple[str, ...] = ()
    judge_preload: tuple[str, ...] = ()


SERVICES = {
    spec.name: spec
    for spec in (
        Spec(
            "redis",
            "Redis",
            ("REDIS_URL",),
            preload=("redis.asyncio",),
            judge_preload=("checker.services.redis", "redis"),
        ),
        Spec(
            "postgres",
            "PostgreSQL",
            ("DATABASE_URL",),
            preload=(
                "asyncpg",
                "sqlalchemy.orm",
                "sqlalchemy.ext.asyncio",
                "sqlalchemy.dialects.postgresql.asyncpg",
            ),
            judge_preload=("checker.services.postgres", "asyncpg"),
        ),
        Spec(
            "model",
            "the language model",
            ("OPENAI_BASE_URL", "OPENAI_API_KEY"),
            preload=("checker.host.warm_openai",),
            judge_preload=("checker.services.model",),
        ),
    )
}
