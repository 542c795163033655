"""The names of verdicts and of their causes: plain enums, cheap to import."""

from enum import StrEnum


class Verdict(StrEnum):
    """What became of a check, a task or a topic. Verdicts are never merged into one another."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    BROKEN = "broken"
    TIMEOUT = "timeout"
    ERROR = "error"


class Kind(StrEnum):
    """Why a check did not pass: the name that hints and golden tests refer to."""

    STATUS = "status"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    UNPROCESSABLE = "unprocessable"
    SERVER_ERROR = "server_error"
    RESPONSE_MODEL = "response_model"
    BODY = "body"
    NOT_JSON = "not_json"
    HEADER = "header"
    BLOCKING = "blocking"
    CALL_RAISED = "call_raised"
    CALL_MISSING = "call_missing"
    FILE_MISSING = "file_missing"
    COMMAND = "command"
    NOT_STARTED_WRONG = "should_not_start"
    ASSERTION = "assertion"
    CONNECTION = "connection"
    PROCESS_ENDED = "process_ended"
    SYNTAX_ERROR = "syntax_error"
    ENCODING = "encoding"
    EMPTY_FILE = "empty_file"
    IMPORT_ERROR = "import_error"
    LOAD_ERROR = "load_error"
    NO_APP = "no_app"
    RENAMED_APP = "renamed_app"
    APP_FACTORY = "app_factory"
    LIFESPAN = "lifespan"
    IMPORT_TIMEOUT = "import_timeout"
    STARTUP_TIMEOUT = "startup_timeout"
    REQUEST_TIMEOUT = "request_timeout"
    TOPIC_TIMEOUT = "topic_timeout"
    CHECKER = "checker"
