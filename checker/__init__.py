"""The checker of the FastAPI Workbook: judges labs over real sockets and explains what it saw."""

__version__ = "0.1.0"
